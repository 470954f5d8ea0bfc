/** PostgreSQL counts in code points, JavaScript in UTF-16 units. Nothing here copies the text. */

/**
 * The UTF-16 offset of the code point with this number, counted from 1; beyond the end of the text
 * when it has fewer.
 */
export function offsetOfCodePoint(text: string, position: number): number {
  let offset = 0;

  for (let passed = 1; passed < position; passed += 1) {
    offset += isPair(text, offset) ? 2 : 1;
  }

  return offset;
}

/** How many code points stand between two UTF-16 offsets. */
export function codePointsIn(text: string, start: number, end: number): number {
  let count = 0;

  for (let offset = start; offset < end; offset += isPair(text, offset) ? 2 : 1) {
    count += 1;
  }

  return count;
}

function isPair(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);

  return unit >= 0xd800 && unit <= 0xdbff;
}
