/** A block's statements as the rules see them. */
import type { Block, Piece } from "../domain/block.ts";
import type { DialectName } from "../domain/bundle.ts";
import { startOf } from "../bundler/reading/piece-place.ts";
import type { CheckedStatement } from "../scan/check/check-block.ts";
import { findAllowances } from "../scan/check/find-allowances.ts";
import { NOTHING_SEEN, type Seen } from "../scan/check/found.ts";
import {
  leadingLength,
  mysqlComments,
  postgresComments,
  type CommentLexis,
} from "../scan/comments.ts";

/** What reads the statements of one dialect. */
export interface Eyes {
  readonly comments: CommentLexis;
  readonly see: (text: string) => Seen;
}

/** Rows that are written at length tell the rules nothing, and a dump has thousands of them. */
const LONG = 64 * 1024;
const ROWS = /^(?:insert|replace|values)\b/iu;

/** Loads what reads the dialect, and not the other. */
export async function loadEyes(dialect: DialectName): Promise<Eyes> {
  if (dialect === "mysql") {
    const { seeMysql } = await import("../scan/check/mysql.ts");
    return { comments: mysqlComments, see: seeMysql };
  }
  const { loadPostgresParser } = await import("../scan/postgres-parser.ts");
  const { seePostgres } = await import("../scan/check/postgres.ts");
  const parser = await loadPostgresParser();

  return {
    comments: postgresComments,
    see: (text) => {
      const tree = parser.parse(text);
      return tree === undefined ? NOTHING_SEEN : seePostgres(tree);
    },
  };
}

/** In order, without assertions. */
export async function seeStatements(
  block: Block,
  eyes: Eyes,
): Promise<readonly CheckedStatement[]> {
  const statements: CheckedStatement[] = [];

  for await (const piece of block.pieces()) {
    if (piece.kind === "copy" || piece.assertion === undefined) {
      statements.push(seeStatement(piece, eyes));
    }
  }
  return statements;
}

function seeStatement(piece: Piece, { comments, see }: Eyes): CheckedStatement {
  const { text } = piece;
  const isLong =
    text.length > LONG && ROWS.test(text.slice(leadingLength(text, comments)).slice(0, 16));

  return {
    at: startOf(piece, comments),
    seen: isLong ? NOTHING_SEEN : see(text),
    allowances: findAllowances(piece, comments),
  };
}
