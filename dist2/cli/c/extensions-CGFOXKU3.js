// src/bundler/extensions.ts
var CREATE_EXTENSION = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z0-9_]+))/gi;
async function extensionsOf(blocks) {
  const names = /* @__PURE__ */ new Set();
  for (const block of blocks) {
    for await (const piece of block.pieces()) {
      for (const [, quoted, bare] of piece.text.matchAll(CREATE_EXTENSION)) {
        names.add(quoted ?? (bare ?? "").toLowerCase());
      }
    }
  }
  return [...names];
}
export {
  extensionsOf
};
