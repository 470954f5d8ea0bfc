/** Tables of text. */
import { displayWidth, padEndTo, padStartTo } from "./width.ts";

export interface Column<T> {
  readonly title: string;
  readonly align?: "left" | "right";
  readonly value: (row: T) => string;
}

/** The heading and one line for each row; columns two spaces apart, no space at the ends of lines. */
export function formatTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
): readonly string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ];
  const widths = columns.map((_, index) =>
    cells.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? "")), 0),
  );

  return cells.map((line) =>
    columns
      .map(({ align }, index) => {
        const pad = align === "right" ? padStartTo : padEndTo;
        return pad(line[index] ?? "", widths[index] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** `1 block`, `2 blocks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
