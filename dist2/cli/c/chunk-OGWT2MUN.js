// src/cli/format/width.ts
var ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
var WIDE = /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u;
function displayWidth(text) {
  return Array.from(text).reduce((sum, sign) => sum + signWidth(sign), 0);
}
function padEndTo(text, width) {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}
function padStartTo(text, width) {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}
function blankOut(text) {
  return Array.from(text).map((sign) => sign === "	" ? "	" : " ".repeat(signWidth(sign))).join("");
}
function signWidth(sign) {
  if (ZERO.test(sign)) {
    return 0;
  }
  return WIDE.test(sign) ? 2 : 1;
}

export {
  displayWidth,
  padEndTo,
  padStartTo,
  blankOut
};
