/** Asks a target whether the assertions of its blocks hold: reads only. */
import type { Block, StatementPiece } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError, type RowgateError } from "../domain/errors.ts";
import type { Connection } from "../domain/ports.ts";
import { isVerifiable, type AssertionResult } from "../domain/verify.ts";
import { withConnection } from "./connection.ts";
import { explain } from "./explain.ts";
import { readHistory } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";

export interface TargetVerification {
  /** `Connection.description`. */
  readonly server: string;
  /** In the order of the bundle; empty for one without assertions. */
  readonly assertions: readonly AssertionResult[];
}

/** The server itself refuses what would write. */
const BEGIN = "START TRANSACTION READ ONLY";

/**
 * Runs the assertions that must hold after the blocks which the target has. Those that fail are part
 * of the answer, not errors.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function verifyTarget(
  access: TargetAccess & { readonly bundle: Bundle },
): Promise<TargetVerification> {
  const { bundle, dialect, target } = access;
  const asserted = bundle.blocks.filter((block) => block.hasAssertions === true);
  const blocks = await bundle.compile(asserted);

  return withConnection(access, async (connection) => {
    const query = (sql: string): ReturnType<typeof connection.query> => connection.query(sql);
    const history = (await readHistory(target.versions, { query, dialect })) ?? [];
    const rows = new Map(history.map((row) => [row.id, row]));
    const assertions: AssertionResult[] = [];

    await query(BEGIN);
    for (const block of blocks) {
      const isThere = isVerifiable(block, rows.get(block.id));

      for (const piece of await assertionsOf(block)) {
        const error = isThere ? await ask({ ...access, connection }, piece) : undefined;
        const state = isThere ? stateOf(error) : "pending";

        assertions.push({ id: block.id, at: piece.at, state, error });
      }
    }
    await query("ROLLBACK");

    return { server: connection.description, assertions };
  });
}

function stateOf(error: RowgateError | undefined): AssertionResult["state"] {
  if (error === undefined) {
    return "passed";
  }
  return error.code === "verify-failed" ? "failed" : "refused";
}

/** What held before a block need not hold any more. */
async function assertionsOf(block: Block): Promise<readonly StatementPiece[]> {
  const assertions: StatementPiece[] = [];

  for await (const piece of block.pieces()) {
    if (piece.kind === "statement" && piece.assertion === "after") {
      assertions.push(piece);
    }
  }

  return assertions;
}

/** Undefined when the assertion holds; throws what is no answer of the server. */
async function ask(
  { connection, dialect }: TargetAccess & { readonly connection: Connection },
  piece: StatementPiece,
): Promise<RowgateError | undefined> {
  const sent = dialect.verifyText(piece);

  try {
    await connection.query(sent);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    // An error ends the transaction, or what can be asked in it.
    await connection.query(`ROLLBACK; ${BEGIN}`);
    const known = dialect.recall?.complete(error, sent, {}) ?? {
      error,
      place: dialect.locate(error, sent),
    };
    const place = known.place ?? { at: piece.at, excerpt: undefined };

    return explain(known.error, { dialect, place });
  }
}
