import type { Connection } from "../../../src/domain/ports.ts";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import { connectPg } from "../../../src/drivers/pg.ts";
import { connectPglite } from "../../../src/drivers/pglite.ts";

/** A session with whatever database a test's URL names. */
export function connectTo(url: string): Promise<Connection> {
  if (url.startsWith("pglite:")) {
    return connectPglite(url.slice("pglite:".length));
  }

  return url.startsWith("mysql:") ? connectMysql2(url) : connectPg(url);
}
