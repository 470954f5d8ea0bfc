/**
 * Which line of a template each rendered line comes from.
 *
 * Before rendering, a mark with the line number is put at the start of each template line that is
 * plain text there; after rendering the marks are read and taken out again.
 */

/** Rendered text, and for each of its lines the template's line; the first is for line 1. */
export interface RenderedText {
  readonly text: string;
  readonly lines: readonly number[];
}

/** The tags of EJS, as EJS itself finds them. */
const TAGS = /<%%|%%>|<%=|<%-|<%_|<%#|<%|%>|-%>|_%>/gu;

const CODE_OPENERS = new Set(["<%=", "<%-", "<%_", "<%#", "<%"]);

/**
 * The template with marks, where `<%-` is `<%=`: neither escapes anything for HTML here, but only
 * the latter can refuse undefined values. Without a `mark` no lines are marked.
 */
export function prepareTemplate(template: string, mark: string | undefined): string {
  const parts: string[] = [];
  let inCode = false;
  let start = 0;
  let line = 1;

  const addText = (text: string): void => {
    const marked = mark !== undefined && !inCode;

    parts.push(marked ? text.replaceAll("\n", () => `\n${lineMark(mark, ++line)}`) : text);
    line += marked ? 0 : text.split("\n").length - 1;
  };

  parts.push(mark === undefined ? "" : lineMark(mark, 1));
  for (const { 0: tag, index } of template.matchAll(TAGS)) {
    addText(template.slice(start, index));
    parts.push(tag === "<%-" ? "<%=" : tag);
    start = index + tag.length;
    inCode = CODE_OPENERS.has(tag);
  }
  addText(template.slice(start));

  return parts.join("");
}

/** A character that neither text holds, out of those that no language uses. */
export function freeMark(...texts: readonly string[]): string {
  for (let code = 0xe000; code <= 0xf8ff; code += 1) {
    const mark = String.fromCharCode(code);

    if (!texts.some((text) => text.includes(mark))) {
      return mark;
    }
  }
  return "\uFDD0";
}

/** Takes the marks out. A line without a mark of its own belongs to the line before it. */
export function readMarks(marked: string, mark: string): RenderedText {
  const pattern = new RegExp(`${mark}(\\d+)${mark}`, "gu");
  let current = 1;
  const lines: number[] = [];

  const text = marked
    .split("\n")
    .map((line) => {
      const leading = leadingMark(line, mark);

      lines.push(leading ?? current);
      current = Number([...line.matchAll(pattern)].at(-1)?.[1] ?? current);
      return line.replaceAll(pattern, "");
    })
    .join("\n");

  return { text, lines };
}

/** The last mark before the first visible character: a tag line ended by `-%>` leaves its own before it. */
function leadingMark(line: string, mark: string): number | undefined {
  const marks = new RegExp(`^(?:\\s*${mark}(\\d+)${mark})+`, "u").exec(line);

  return marks === null ? undefined : Number(marks[1]);
}

function lineMark(mark: string, line: number): string {
  return `${mark}${line}${mark}`;
}
