/** How wide text is on a terminal. */

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u;

/** The columns that a text takes; East Asian signs and emoji take two, accents of their own none. */
export function displayWidth(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + signWidth(sign), 0);
}

/** The text with spaces up to a width; unchanged when it is that wide already. */
export function padEndTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The same, with the spaces first. */
export function padStartTo(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** White space as wide as the text, tabs kept, so that what follows stands below what followed it. */
export function blankOut(text: string): string {
  return Array.from(text)
    .map((sign) => (sign === "\t" ? "\t" : " ".repeat(signWidth(sign))))
    .join("");
}

function signWidth(sign: string): number {
  if (ZERO.test(sign)) {
    return 0;
  }
  return WIDE.test(sign) ? 2 : 1;
}
