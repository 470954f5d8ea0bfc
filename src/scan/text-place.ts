/** Offsets of a text → lines and columns, from front to back in linear time. */

/** A place that moves forward through a text. */
export interface TextPlace {
  /** UTF-16 units from the start of the text. */
  at: number;
  /** From 1. Only a line feed ends a line. */
  line: number;
  /** In code points, from 1. */
  column: number;
  /** The offset of the first line feed at or behind `at`; Infinity when there is none. */
  lineFeed: number;
}

/** The place where `text` begins. */
export function placeOf(text: string, line: number, column: number): TextPlace {
  return { at: 0, line, column, lineFeed: nextLineFeed(text, 0) };
}

/** Moves forward to the offset `to` of the text. */
export function movePlace(place: TextPlace, text: string, to: number): void {
  while (place.lineFeed < to) {
    place.line += 1;
    place.column = 1;
    place.at = place.lineFeed + 1;
    place.lineFeed = nextLineFeed(text, place.at);
  }
  place.column += codePoints(text, place.at, to);
  place.at = to;
}

/** How many code points there are from one offset to another. */
export function codePoints(text: string, from: number, to: number): number {
  let count = to - from;

  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0xdc00 && code <= 0xdfff) {
      count -= 1;
    }
  }

  return count;
}

function nextLineFeed(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found === -1 ? Infinity : found;
}
