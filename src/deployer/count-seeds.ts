/** How many rows seeds would change, before they run: nothing is changed for it. */
import type { Block, BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError } from "../domain/errors.ts";
import type { Connection } from "../domain/ports.ts";
import { countedBy, isSeed, type SeedChange, type SeedCount } from "../domain/seed.ts";
import { withConnection } from "./connection.ts";
import type { TargetAccess } from "./request.ts";

/**
 * Counts for each seed among `blocks`, in their order, what it would change in the target as it is now;
 * empty for no seeds. What cannot be counted, because the table is yet to come or the user may not make
 * temporary tables, says why.
 *
 * @throws RowgateError when the target cannot be reached; for faults in the files of the seeds.
 */
export async function countSeeds(
  access: TargetAccess & { readonly bundle: Bundle },
  blocks: readonly BlockHeader[],
): Promise<readonly SeedCount[]> {
  const seeds = await access.bundle.compile(blocks.filter(isSeed));

  if (seeds.length === 0) {
    return [];
  }
  return withConnection(access, async (connection) => {
    const counts: SeedCount[] = [];

    for (const seed of seeds) {
      counts.push(await countSeed(connection, access, seed));
    }
    return counts;
  });
}

async function countSeed(
  connection: Connection,
  { dialect: { counting } }: TargetAccess,
  seed: Block,
): Promise<SeedCount> {
  try {
    await connection.query(counting.opening);
    return { id: seed.id, change: await changeOf(connection, seed) };
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    return { id: seed.id, reason: error.message };
  } finally {
    await connection.query(counting.closing);
  }
}

/** The statements that fill the seed's own table run, those that would change others are counted. */
async function changeOf(connection: Connection, seed: Block): Promise<SeedChange> {
  const change = { inserted: 0, updated: 0, deleted: 0 };
  let isFilled = false;

  for await (const piece of seed.pieces()) {
    const counted = countedBy(piece.text);

    if (counted !== undefined) {
      const [row] = await connection.query(counted.query);
      change[counted.kind] = Number(row?.["counted"]);
      isFilled = true;
    } else if (piece.kind === "copy") {
      await connection.copyIn(piece);
    } else if (!isFilled) {
      await connection.query(piece.text);
    }
  }
  return change;
}
