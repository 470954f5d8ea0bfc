/** Where deployments are broken off. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { MysqlDatabase, MysqlEngine, MysqlServer } from "../../helpers/engines.ts";
import { startProxy, type Proxy } from "../../helpers/proxy.ts";
import type { ServerSettings } from "../../helpers/server.ts";

/** Nobody looks at what this switches off, and without it MySQL starts a third faster. */
export const FAST_START: ServerSettings = { performance_schema: "OFF" };

/** A database, and a way to it that can be cut. */
export interface Site {
  readonly server: MysqlServer;
  readonly db: MysqlDatabase;
  readonly proxy: Proxy;
}

/** Makes a database with a proxy before the server, and removes both after `work`, but a database that it failed on. */
export async function withSite<T>(
  engine: MysqlEngine,
  server: MysqlServer,
  work: (site: Site) => Promise<T>,
): Promise<T> {
  const db = await engine.createDatabaseOn(server);
  const proxy = await startProxy({ port: server.port });

  try {
    const result = await work({ server, db, proxy });
    await removeOrphans({ server, db });
    await db.close();
    return result;
  } finally {
    await proxy.close();
  }
}

/**
 * Removes what MariaDB may leave of a definition that was broken off by the end of the server: a file
 * that no table has, and that keeps DROP DATABASE from its end (1010). Returns how many there were.
 */
export async function removeOrphans({ server, db }: Pick<Site, "server" | "db">): Promise<number> {
  const folder = join(server.dataDirectory, db.name);
  const orphans = (await readdir(folder)).filter((name) => name.startsWith("#sql"));

  for (const name of orphans) {
    await rm(join(folder, name));
  }

  return orphans.length;
}

/** A session in a database, and the statement that it runs; empty for none. */
export interface Session {
  readonly id: number;
  readonly statement: string;
  /** How long it has been waiting for its client; 0 while it does something. */
  readonly idleSeconds: number;
}

/** All but the one that asks. MySQL cannot select them while one runs a character of four bytes. */
export async function sessionsOf(db: MysqlDatabase): Promise<readonly Session[]> {
  const rows = await db.query("SHOW FULL PROCESSLIST");

  return rows
    .map(({ Id, db: database, Info, Command, Time }) => ({
      id: Number(Id),
      statement: typeof Info === "string" ? Info : "",
      idleSeconds: Command === "Sleep" ? Number(Time) : 0,
      database,
    }))
    .filter(
      ({ database, statement }) => database === db.name && !statement.startsWith("SHOW FULL"),
    );
}
