/** What MariaDB does to its own tables when it recovers, and says so. */
import { open, stat } from "node:fs/promises";
import type { MysqlServer } from "../../helpers/engines.ts";

/** A definition that was done half, tables that do not fit what InnoDB has, system tables that are broken. */
const DAMAGE =
  /\[ERROR\] (?:DDL_LOG: Got error|InnoDB indexes are inconsistent|InnoDB could not find key|mariadbd: Aria|mariadbd: Table .* is (?:marked as crashed|corrupted)|mariadbd: .*(?:wrong checksum|repair failed))/;

/** The function that it gives returns what the server has said since. */
export async function watchDamage({
  logFile,
}: MysqlServer): Promise<() => Promise<readonly string[]>> {
  const { size: start } = await stat(logFile);

  return async () => {
    const file = await open(logFile);
    const lines = await file.createReadStream({ start, encoding: "utf8" }).toArray();

    return lines
      .join("")
      .split("\n")
      .filter((line) => DAMAGE.test(line));
  };
}
