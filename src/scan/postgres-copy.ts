/** The part of the scan that reads COPY data. */
import { hasTokens, isSpace } from "./postgres-lexis.ts";
import type { CopyEndEvent, ScanEvent, StatementEvent } from "./postgres-event.ts";
import { moveTo, type Scan } from "./scan-state.ts";

/** The next event while COPY data is due; undefined when more text is needed. */
export function nextCopyEvent(scan: Scan): ScanEvent | undefined {
  if (scan.copyGap === undefined) {
    const lineFeed = scan.text.indexOf("\n", scan.at);
    if (lineFeed === -1 && !scan.final) {
      return undefined;
    }
    const end = lineFeed === -1 ? scan.text.length : lineFeed + 1;
    const rest = scan.text.slice(scan.at, end);
    if (hasTokens(rest)) {
      return misplaced(scan, rest);
    }
    scan.copyGap = rest;
    moveTo(scan, end);
  }

  const end = endOfCopyData(scan);
  if (end > scan.at) {
    return { kind: "copy-data", ...takeCopyText(scan, end) };
  }

  return copyEnd(scan);
}

/** What stands on the line of a COPY behind its `;`: psql would run it after the data. */
function misplaced(scan: Scan, rest: string): StatementEvent {
  const start = scan.at + firstOf(rest);
  const end = scan.at + lastOf(rest);
  const gap = scan.text.slice(scan.at, start);
  const place = moveTo(scan, start);

  moveTo(scan, end);

  return {
    kind: "statement",
    gap,
    text: scan.text.slice(start, end),
    ...place,
    head: [],
    terminated: false,
    copiesFromStdin: false,
    unterminated: "copy line",
    openedAt: place,
  };
}

/** The offset of the first character that is not white space. */
function firstOf(text: string): number {
  let at = 0;

  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }

  return at;
}

/** The offset behind the last character that is not white space. */
function lastOf(text: string): number {
  let at = text.length;

  while (isSpace(text.charCodeAt(at - 1))) {
    at -= 1;
  }

  return at;
}

/** Behind the last line of COPY data that is here as a whole. */
function endOfCopyData(scan: Scan): number {
  const { text, at } = scan;
  const end = scan.final ? text.length : text.lastIndexOf("\n") + 1;

  for (let dot = text.indexOf("\\.", at); dot !== -1 && dot < end;) {
    const starts = dot === at || text[dot - 1] === "\n";
    if (starts && endOfMarker(text, dot) !== -1) {
      return dot;
    }
    dot = text.indexOf("\\.", dot + 2);
  }

  return Math.max(end, at);
}

/** Behind the line `\.` that begins at `from`; -1 when there is more on it. */
function endOfMarker(text: string, from: number): number {
  const end = text[from + 2] === "\r" ? from + 3 : from + 2;

  if (end === text.length) {
    return end;
  }

  return text[end] === "\n" ? end + 1 : -1;
}

function copyEnd(scan: Scan): CopyEndEvent | undefined {
  const { text, at, final } = scan;
  const marker = text.startsWith("\\.", at) ? endOfMarker(text, at) : -1;
  const whole = marker !== -1 && (final || text[marker - 1] === "\n");

  if (!whole && !final) {
    return undefined;
  }
  const event = { kind: "copy-end", ...takeCopyText(scan, whole ? marker : at) } as const;
  scan.copies -= 1;
  scan.copyGap = scan.copies > 0 ? "" : undefined;

  return event;
}

function takeCopyText(scan: Scan, end: number): { gap: string; text: string; line: number } {
  const gap = scan.copyGap ?? "";
  const text = scan.text.slice(scan.at, end);
  const { line } = scan.place;

  scan.copyGap = "";
  moveTo(scan, end);

  return { gap, text, line };
}
