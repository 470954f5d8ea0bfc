// src/scan/place-prefix.ts
var PREFIX = /^\/\* ((?:(?!\*\/)[^])+?):(\d+)(?::(\d+))?(?: lines (\d+(?:,\d+)*))? \*\/\n/;
function placePrefix(piece) {
  const { path, line, column } = piece.at;
  const needsColumn = column !== 1 || /:\d+$/.test(path);
  const lines = piece.lines === void 0 ? "" : ` lines ${piece.lines.join(",")}`;
  return `/* ${escapePath(path)}:${line}${needsColumn ? `:${column}` : ""}${lines} */
`;
}
function readPlacePrefix(text) {
  const [found, path, line, column, lines] = PREFIX.exec(text) ?? [];
  if (found === void 0 || path === void 0 || line === void 0) {
    return void 0;
  }
  return {
    at: { path: unescapePath(path), line: Number(line), column: Number(column ?? 1) },
    lines: lines?.split(",").map(Number),
    length: found.length
  };
}
function escapePath(path) {
  return path.replace(/\*(_*)(?=\/)|\/(_*)(?=\*)/g, "$&_");
}
function unescapePath(path) {
  return path.replace(/(\*_*)_(?=\/)|(\/_*)_(?=\*)/g, "$1$2");
}

export {
  placePrefix,
  readPlacePrefix
};
