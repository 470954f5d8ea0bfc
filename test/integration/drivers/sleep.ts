import type { Connection } from "../../../src/domain/ports.ts";
import { connectPg } from "../../../src/drivers/pg.ts";

const SLEEPING =
  "SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";

/** Waits until some session of the server runs `SELECT pg_sleep(60)`. */
export async function waitForSleep(url: string): Promise<void> {
  const other = await connectPg(url);
  await waitFor(other);
  await other.close();
}

async function waitFor(other: Connection): Promise<void> {
  while ((await other.query(SLEEPING))[0]?.["n"] === "0") {
    await other.query("SELECT pg_sleep(0.01)");
  }
}
