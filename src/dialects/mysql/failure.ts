/** Writing down what a chunk procedure cannot: a failure of a packet, or a cancelled one. */
import type { BlockHeader } from "../../domain/block.ts";
import type { Bundle } from "../../domain/bundle.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

/** A statement that was killed, or took too long: the server may have noticed when it was done. */
const STOPPED: ReadonlySet<number | undefined> = new Set([1317, 1969, 3024]);

/**
 * Marks the row of a block that is running in this session as failed, and records it in the log. What
 * the server reports as failed has no effect, but for a call that committed on its way, and perhaps for
 * what was stopped.
 */
export function failureQuery(
  versions: VersionsTable,
  bundle: Bundle,
  {
    block,
    detail,
    errno,
  }: {
    readonly block: BlockHeader;
    readonly detail: string;
    readonly errno: number | undefined;
  },
): string {
  const table = tableName(versions);
  const isUnknown = STOPPED.has(errno) ? " OR intent = @rg_k" : "";
  const values = [block.id, block.checksum, bundle.release, detail].map(literal);

  return `ROLLBACK;
START TRANSACTION;
UPDATE ${table} SET state = 'failed', done = GREATEST(done, @rg_k - 1), intent = IF(@rg_call${isUnknown} OR (objects = '[]' AND place <> @rg_at), intent, NULL), note = ${values[3]} WHERE id = ${values[0]} AND id = @rg_id AND state = 'running';
INSERT INTO ${tableName(versions, "_log")} (at, id, event, checksum, \`release\`, by_user, tool, detail) SELECT UTC_TIMESTAMP(6), ${values[0]}, 'failed', ${values[1]}, ${values[2]}, USER(), @rg_tool, ${values[3]} FROM DUAL WHERE ROW_COUNT() > 0;
COMMIT`;
}

/**
 * Marks the row of the block that is running in this session as failed, because it was stopped. The
 * end of the statement that ran is not known, so its intent stays.
 */
export function stoppedQuery(versions: VersionsTable): string {
  return `ROLLBACK;
START TRANSACTION;
UPDATE ${tableName(versions)} SET state = 'failed', done = GREATEST(done, @rg_k - 1), intent = IF(@rg_call OR intent = @rg_k, intent, NULL) WHERE id = @rg_id AND state = 'running';
COMMIT`;
}
