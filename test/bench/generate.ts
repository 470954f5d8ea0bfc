/** Writes the trees that the bench applies: made up, but of the size of real ones. */
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DialectName } from "../../src/domain/bundle.ts";

export interface Tree {
  readonly directory: string;
  /** All files in order as one, for the native client. */
  readonly raw: string;
  readonly blocks: number;
}

export type BlockText = (number: number) => string;

/** Writes `blocks` numbered files, and their raw concatenation beside the folder. */
export async function writeTree(directory: string, blocks: number, text: BlockText): Promise<Tree> {
  await mkdir(directory, { recursive: true });
  const numbers = Array.from({ length: blocks }, (_, index) => index + 1);

  for (const number of numbers) {
    await writeBlock(directory, number, text);
  }

  const raw = `${directory}.raw.sql`;
  await writeFile(raw, numbers.map(text).join(""));

  return { directory, raw, blocks };
}

/** Adds one file to a tree. */
export async function writeBlock(
  directory: string,
  number: number,
  text: BlockText,
): Promise<void> {
  await writeFile(join(directory, `${padded(number)}_bench.sql`), text(number));
}

/** A table, an index and a row or two; 500 bytes. */
export const TABLE_BLOCKS: Readonly<Record<DialectName, BlockText>> = {
  postgres: postgresBlock,
  mysql: mysqlBlock,
};

/**
 * No column is wide enough for a TOAST table, whose locks would fill the lock table of the server
 * before 2,000 blocks are in one transaction.
 */
function postgresBlock(number: number): string {
  const table = tableOf(number);

  return `-- Keeps the parcels of branch ${number}, as the scanners report them.
CREATE TABLE ${table} (
  id integer NOT NULL,
  code varchar(40) NOT NULL,
  weight numeric(12, 3) NOT NULL DEFAULT 0,
  delivered boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL DEFAULT now(),
  CHECK (weight >= 0)
);
CREATE INDEX ${table}_code ON ${table} (code, received_at);
INSERT INTO ${table} (id, code, weight, delivered)
VALUES (1, 'parcel ${number}; it''s the first', 1.250, true);
INSERT INTO ${table} (id, code, weight, delivered)
VALUES (2, 'parcel ${number}; the second', 20.750, false);
`;
}

function mysqlBlock(number: number): string {
  const table = tableOf(number);

  return `-- Keeps the parcels of branch ${number}, as the scanners report them.
CREATE TABLE ${table} (
  id int NOT NULL PRIMARY KEY,
  code varchar(40) NOT NULL,
  weight decimal(12, 3) NOT NULL DEFAULT 0,
  delivered boolean NOT NULL DEFAULT false,
  received_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CHECK (weight >= 0)
);
INSERT INTO ${table} (id, code, weight, delivered)
VALUES (1, 'parcel ${number}; it''s the first', 1.250, true);
CREATE INDEX ${table}_code ON ${table} (code, received_at);
`;
}

/** The table of a block with a table. */
export function tableOf(number: number): string {
  return `bench_${padded(number)}`;
}

/** One row: what a tool itself costs for each block. */
export function rowBlock(number: number): string {
  return number === 1
    ? "CREATE TABLE bench_row (id integer NOT NULL);\nINSERT INTO bench_row VALUES (1);\n"
    : `INSERT INTO bench_row VALUES (${number});\n`;
}

/** Writes a tree of one file of about `bytes`: a table and INSERTs of 1,000 rows each. */
export function writeInserts(directory: string, bytes: number): Promise<Tree> {
  return writeBulk(directory, { bytes, chunk: insertChunk, head: "", tail: "" });
}

/** Writes a tree of one file of about `bytes`: a table and one COPY with its data. */
export function writeCopy(directory: string, bytes: number): Promise<Tree> {
  const head = "COPY bench_bulk (id, code, note) FROM STDIN;\n";

  return writeBulk(directory, { bytes, chunk: copyChunk, head, tail: "\\.\n" });
}

interface Bulk {
  readonly bytes: number;
  readonly head: string;
  readonly tail: string;
  readonly chunk: (first: number) => string;
}

async function writeBulk(directory: string, bulk: Bulk): Promise<Tree> {
  await mkdir(directory, { recursive: true });
  const raw = join(directory, "0001_bulk.sql");
  await pipeline(Readable.from(bulkText(bulk)), createWriteStream(raw));

  return { directory, raw, blocks: 1 };
}

function* bulkText(bulk: Bulk): Generator<string> {
  yield "CREATE TABLE bench_bulk (id integer NOT NULL, code text NOT NULL, note text);\n";
  yield bulk.head;
  let written = 0;

  for (let first = 1; written < bulk.bytes; first += 1000) {
    const chunk = bulk.chunk(first);
    written += chunk.length;
    yield chunk;
  }

  yield bulk.tail;
}

function insertChunk(first: number): string {
  const rows = thousand(first).map((id) => `(${id}, 'code-${id}', '${note(id)}')`);
  return `INSERT INTO bench_bulk (id, code, note) VALUES\n${rows.join(",\n")};\n`;
}

function copyChunk(first: number): string {
  return thousand(first)
    .map((id) => `${id}\tcode-${id}\t${note(id)}\n`)
    .join("");
}

function thousand(first: number): readonly number[] {
  return Array.from({ length: 1000 }, (_, index) => first + index);
}

function note(id: number): string {
  return `parcel ${id} was weighed, labelled and handed over at the counter of its branch`;
}

function padded(number: number): string {
  return String(number).padStart(6, "0");
}
