/** The rows of a seed, read as they are asked for. */
import { Readable } from "node:stream";

import { CsvError, parse } from "csv-parse";

import { type SeedHeader, seedInvalid } from "./header.ts";

export interface SeedRow {
  /** In the order of the columns. */
  readonly values: readonly (string | null)[];
  /** Where it begins. */
  readonly line: number;
}

interface Parsed {
  readonly record: readonly (string | null)[];
  readonly info: { readonly lines: number };
}

/**
 * The first row has the names of the columns, and is checked with the key. All keys are kept in
 * memory, to find one that stands twice.
 *
 * @throws RowgateError `seed-invalid`.
 */
export async function* readRows(
  chunks: Iterable<string>,
  header: SeedHeader,
  path: string,
): AsyncGenerator<SeedRow> {
  const keys = new Map<string, number>();
  let columns: readonly (string | null)[] | undefined;
  let keyAt: readonly number[] = [];
  let line = header.lines + 1;

  for await (const { record, info } of parseText(chunks, header, path)) {
    const row = { values: record, line };

    if (columns === undefined) {
      columns = record;
      keyAt = checkColumns(row, header, path);
    } else {
      checkWidth(row, columns, path);
      checkKey(row, keyAt, { keys, header, path });
    }
    yield row;
    line = header.lines + info.lines + 1;
  }
  if (columns === undefined) {
    throw seedInvalid(
      { path, line },
      "the seed has no row with the names of its columns",
      "Add it below the header.",
    );
  }
}

async function* parseText(
  chunks: Iterable<string>,
  header: SeedHeader,
  path: string,
): AsyncGenerator<Parsed> {
  const parser = Readable.from(chunks).pipe(
    parse({
      delimiter: header.delimiter,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      info: true,
      cast: (value, { quoting }) => (!quoting && value === header.null ? null : value),
    }),
  );
  try {
    for await (const parsed of parser as AsyncIterable<Parsed>) {
      yield parsed;
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw faultOf(error, header, path);
    }
    throw error;
  }
}

function faultOf({ code, message }: CsvError, { lines }: SeedHeader, path: string): Error {
  // The parser reads ahead of the rows that it has given away.
  const line = lines + Number(/ at line (\d+)/u.exec(message)?.[1] ?? 1);

  return code === "CSV_QUOTE_NOT_CLOSED"
    ? seedInvalid(
        { path, line },
        "a quote of the row that begins here is never closed",
        "Close it; a quote within quotes is written twice.",
      )
    : seedInvalid(
        { path, line },
        `the row that begins here has a quote where none can stand: ${message}`,
        "Put the whole field into quotes, and write each quote in it twice.",
      );
}

function checkColumns(
  { values, line }: SeedRow,
  { key }: SeedHeader,
  path: string,
): readonly number[] {
  const empty = values.findIndex((name) => name === null || name === "");
  const twice = values.find((name, index) => values.indexOf(name) !== index);
  const missing = key.find((name) => !values.includes(name));

  if (empty >= 0) {
    throw seedInvalid(
      { path, line },
      `column ${empty + 1} has no name`,
      "Name it as the column of the table.",
    );
  }
  if (twice !== undefined) {
    throw seedInvalid(
      { path, line },
      `the column ${twice} stands here twice`,
      "Remove one of them.",
    );
  }
  if (missing !== undefined) {
    throw seedInvalid(
      { path, line },
      `the key ${missing} is none of the columns ${values.join(", ")}`,
      "Name columns that the file has as the key.",
    );
  }
  return key.map((name) => values.indexOf(name));
}

function checkWidth({ values, line }: SeedRow, columns: readonly unknown[], path: string): void {
  if (values.length !== columns.length) {
    throw seedInvalid(
      { path, line },
      `the row has ${values.length} fields, and the file ${columns.length} columns`,
      "Give each row a field for each column; one with the delimiter in it needs quotes.",
    );
  }
}

function checkKey(
  { values, line }: SeedRow,
  keyAt: readonly number[],
  {
    keys,
    header,
    path,
  }: { readonly keys: Map<string, number>; readonly header: SeedHeader; readonly path: string },
): void {
  const own = keyAt.map((index) => values[index] ?? null);
  const text = JSON.stringify(own);
  const earlier = keys.get(text);

  if (own.includes(null)) {
    throw seedInvalid(
      { path, line },
      `the key ${header.key.join(", ")} is NULL in this row`,
      "Give it a value; an empty text is written as two quotes.",
    );
  }
  if (earlier !== undefined) {
    throw seedInvalid(
      { path, line },
      `the key ${own.join(", ")} stands in line ${earlier} already`,
      "Keep one of the two rows.",
    );
  }
  keys.set(text, line);
}
