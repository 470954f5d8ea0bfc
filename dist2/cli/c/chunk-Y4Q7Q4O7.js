// src/domain/source.ts
function formatPosition(at) {
  return `${at.path}:${at.line}:${at.column}`;
}

export {
  formatPosition
};
