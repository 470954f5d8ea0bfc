/** Bundles made of values, without files and without the bundler. */
import { createHash } from "node:crypto";
import type { Block, BlockKind, Piece } from "../../../src/domain/block.ts";
import type { Bundle } from "../../../src/domain/bundle.ts";

/** What a test says of a block; the rest follows. */
export interface BlockText {
  readonly id: string;
  /** Its statements, each on lines of its own, or pieces as they are. */
  readonly sql: readonly (string | Piece)[];
  readonly kind?: BlockKind;
  readonly transaction?: Block["transaction"];
  readonly commitAfter?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly outOfOrder?: boolean;
}

/** A bundle of these blocks; the file of block `7` is `7.sql`. */
export function bundleOf(...texts: readonly BlockText[]): Bundle {
  const blocks = texts.map((text, index) => blockOf(text, index + 1));
  const ids = new Map(blocks.map((block) => [block.id, block]));

  return {
    dialect: "postgres",
    release: "1.0.0",
    checksum: sha256(
      blocks.map(({ id, kind, checksum }) => `${id} ${kind} ${checksum}`).join("\n"),
    ),
    blocks,
    notes: [],
    compile: async (headers) => headers.flatMap(({ id }) => ids.get(id) ?? []),
  };
}

/** COPY with its data, as the second statement of a file would have it. */
export function copyPiece(path: string, text: string, lines: readonly string[]): Piece {
  return {
    kind: "copy",
    text,
    at: { path, line: 2, column: 1 },
    dataLine: 3,
    data: async function* data() {
      yield* lines.map((line) => `${line}\n`);
    },
  };
}

function blockOf(text: BlockText, position: number): Block {
  const name = `${text.id}.sql`;
  const pieces = piecesOf(name, text.sql);
  const whole = pieces.map((piece) => piece.text).join("\n");

  return {
    id: text.id,
    name,
    kind: text.kind ?? "once",
    checksum: `s1:${sha256(whole)}`,
    position,
    outOfOrder: text.outOfOrder ?? false,
    transaction: text.transaction ?? "shared",
    commitAfter: text.commitAfter ?? false,
    settings: text.settings ?? {},
    leaks: [],
    hasCopy: pieces.some(({ kind }) => kind === "copy"),
    sizeBytes: Buffer.byteLength(whole),
    statements: pieces.length,
    notes: [],
    pieces: async function* read() {
      yield* pieces;
    },
  };
}

function piecesOf(path: string, sql: readonly (string | Piece)[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let line = 1;

  for (const text of sql) {
    pieces.push(
      typeof text === "string" ? { kind: "statement", text, at: { path, line, column: 1 } } : text,
    );
    line += typeof text === "string" ? text.split("\n").length : 0;
  }

  return pieces;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
