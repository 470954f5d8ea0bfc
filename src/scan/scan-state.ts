/** How far a text was scanned, and how text is added to it. */
import { newProgress, type Progress } from "./postgres-statement.ts";
import { movePlace, placeOf, type TextPlace } from "./text-place.ts";

/** How far a text was scanned. */
export interface TextScan {
  text: string;
  /** What stands before is done with. */
  at: number;
  /** The place of `at`. */
  place: TextPlace;
  /** No more text will come. */
  final: boolean;
  /** The length of the byte order mark at `at`; -1 before the first text. */
  mark: number;
}

/** How far a text of PostgreSQL was scanned. */
export interface Scan extends TextScan {
  /** The statement that a command interrupted, else a new one. */
  progress: Progress;
  /** How many sections of COPY data follow. */
  copies: number;
  /** What is left of the line of a COPY, once its data has begun. */
  copyGap: string | undefined;
}

const BYTE_ORDER_MARK = "\uFEFF";

export function newTextScan(): TextScan {
  return { text: "", at: 0, place: placeOf("", 1, 1), final: false, mark: -1 };
}

export function newScan(): Scan {
  return { ...newTextScan(), progress: newProgress(), copies: 0, copyGap: undefined };
}

/** Puts more text behind what is not done with yet. */
export function feed(scan: TextScan, text: string): void {
  const { line, column } = scan.place;

  scan.text = scan.text.slice(scan.at) + text;
  scan.at = 0;
  scan.place = placeOf(scan.text, line, column);
  if (scan.mark === -1 && scan.text !== "") {
    scan.mark = scan.text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    scan.place.column -= scan.mark;
  }
}

/** Moves the scan to an offset and tells its line and column. */
export function moveTo(
  scan: TextScan,
  to: number,
): { readonly line: number; readonly column: number } {
  movePlace(scan.place, scan.text, to);
  scan.at = to;
  scan.mark = Math.min(scan.mark, 0);

  return { line: scan.place.line, column: scan.place.column };
}
