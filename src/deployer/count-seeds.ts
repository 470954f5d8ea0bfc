/** How many rows seeds would change, before they run: nothing is changed for it. */
import type { Block, BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Connection } from "../domain/ports.ts";
import {
  countedBy,
  dropsSeed,
  fillsSeed,
  isSeed,
  type SeedChange,
  type SeedCount,
} from "../domain/seed.ts";
import { withConnection } from "./connection.ts";
import type { TargetAccess } from "./request.ts";

/**
 * Counts for each seed among `blocks`, in their order, what it would change in the target as it is now;
 * empty for no seeds. What cannot be counted says why: a fault in the file, a table that is yet to come,
 * a user who may not make temporary tables.
 *
 * @throws RowgateError when the target cannot be reached.
 */
export async function countSeeds(
  access: TargetAccess & { readonly bundle: Bundle },
  blocks: readonly BlockHeader[],
): Promise<readonly SeedCount[]> {
  const seeds = blocks.filter(isSeed);

  return seeds.length === 0
    ? []
    : withConnection(access, async (connection) => {
        const counts: SeedCount[] = [];

        for (const seed of seeds) {
          counts.push(await countSeed(connection, access, seed));
        }
        return counts;
      });
}

async function countSeed(
  connection: Connection,
  { bundle, dialect: { counting } }: TargetAccess & { readonly bundle: Bundle },
  header: BlockHeader,
): Promise<SeedCount> {
  const { id } = header;
  const block = await compiled(bundle, header);

  if (typeof block === "string") {
    return { id, reason: block };
  }
  await connection.query(counting.opening);
  const count = await changeOf(connection, block).catch(asReason);
  await connection.query(counting.closing);

  return typeof count === "string" ? { id, reason: count } : { id, change: count };
}

/** Or its fault: a plan is known without what the files hold. */
async function compiled(bundle: Bundle, header: BlockHeader): Promise<Block | string> {
  try {
    const [block] = await bundle.compile([header]);
    return block ?? "the bundle does not hold it";
  } catch (error) {
    if (error instanceof RowgateError) {
      return error.message;
    }
    throw error;
  }
}

function asReason(error: unknown): string {
  if (error instanceof DatabaseError) {
    return error.message;
  }
  throw error;
}

/**
 * The statements that fill the seed's own table run, those that would change others are counted; none
 * else may run, because a plan changes nothing.
 */
async function changeOf(connection: Connection, seed: Block): Promise<SeedChange | string> {
  const change = { inserted: 0, updated: 0, deleted: 0 };

  for await (const piece of seed.pieces()) {
    const counted = countedBy(piece.text);

    if (counted !== undefined) {
      const [row] = await connection.query(counted.query);
      change[counted.kind] = Number(row?.["counted"]);
    } else if (fillsSeed(piece.text)) {
      await (piece.kind === "copy" ? connection.copyIn(piece) : connection.query(piece.text));
    } else if (!dropsSeed(piece.text)) {
      return "a statement of it is not of the form that can be counted";
    }
  }
  return change;
}
