/** Blocks and bundles made of values, for tests that need no tree. */
import { createHash } from "node:crypto";
import type { Block, CopyPiece, Piece, StatementPiece } from "../../src/domain/block.ts";
import type { Bundle } from "../../src/domain/bundle.ts";

/** One statement at line 1 of `x.sql`. */
export function statement(text: string, overrides: Partial<StatementPiece> = {}): StatementPiece {
  return { kind: "statement", text, at: { path: "x.sql", line: 1, column: 1 }, ...overrides };
}

/** A COPY with its data in one chunk. */
export function copy(text: string, data: string): CopyPiece {
  return {
    kind: "copy",
    text,
    at: { path: "x.sql", line: 1, column: 1 },
    dataLine: 2,
    data: async function* () {
      yield data;
    },
  };
}

/** A block that is valid in every way but says nothing; give only what the test is about. */
export function block(
  id: string,
  pieces: readonly Piece[] = [statement(`SELECT '${id}';`)],
  overrides: Partial<Block> = {},
): Block {
  return {
    id,
    name: `${id}.sql`,
    kind: "once",
    checksum: `s1:${createHash("sha256").update(JSON.stringify(pieces)).digest("hex")}`,
    position: 1,
    outOfOrder: false,
    transaction: "shared",
    commitAfter: false,
    settings: {},
    leaks: [],
    hasCopy: pieces.some((piece) => piece.kind === "copy"),
    sizeBytes: pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece.text), 0),
    statements: pieces.length,
    notes: [],
    pieces: async function* () {
      yield* pieces;
    },
    ...overrides,
  };
}

/** A bundle of the blocks in the given order; their positions are set. */
export function bundle(given: readonly Block[], overrides: Partial<Bundle> = {}): Bundle {
  const blocks = given.map((each, index) => ({ ...each, position: index + 1 }));
  const compiled = new Map(blocks.map((each) => [each.id, each]));

  return {
    dialect: "postgres",
    release: "1.0",
    checksum: createHash("sha256")
      .update(blocks.map((each) => `${each.id} ${each.checksum}`).join())
      .digest("hex"),
    blocks,
    notes: [],
    compile: async (headers) => headers.flatMap(({ id }) => compiled.get(id) ?? []),
    ...overrides,
  };
}
