import type { Connection } from "../../../src/domain/ports.ts";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";

const SLEEPING =
  "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(60)%'";

/** Waits until some session of the server runs `SELECT SLEEP(60)`. */
export async function waitForMysqlSleep(url: string): Promise<void> {
  const other = await connectMysql2(url);
  await waitFor(other);
  await other.close();
}

async function waitFor(other: Connection): Promise<void> {
  while ((await other.query(SLEEPING))[0]?.["n"] === "0") {
    await other.query("DO SLEEP(0.01)");
  }
}
