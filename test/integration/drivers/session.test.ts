import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DatabaseError } from "../../../src/domain/errors.ts";
import type { Connection } from "../../../src/domain/ports.ts";
import { connectPg } from "../../../src/drivers/pg.ts";
import { POSTGRES_ENGINES, type PostgresDatabase } from "../../helpers/engines.ts";
import { waitForSleep } from "./sleep.ts";

for (const engine of POSTGRES_ENGINES) {
  describe(`${engine.name}: a session`, { skip: engine.skip }, () => {
    let database: PostgresDatabase;

    before(async () => {
      database = await engine.createDatabaseOn(await engine.server());
    });

    after(() => database.close());

    async function withSession(use: (session: Connection) => Promise<void>): Promise<void> {
      const connection = await connectPg(database.url);
      try {
        await use(connection);
      } finally {
        await connection.close();
      }
    }

    it("can be cancelled", () =>
      withSession(async (session) => {
        const sleep = assert.rejects(session.query("SELECT pg_sleep(60)"), (error: unknown) => {
          assert.ok(error instanceof DatabaseError);
          assert.equal(error.server.sqlState, "57014");
          return true;
        });
        await waitForSleep(database.url);
        await session.cancel();
        await sleep;
        assert.deepEqual({ ...(await session.query("SELECT 1 AS one"))[0] }, { one: "1" });
      }));

    it("is lost when its backend is ended while it works, with the server's words", () =>
      withSession(async (session) => {
        const pid = await backendOf(session);
        const lost = assert.rejects(session.query("SELECT pg_sleep(60)"), {
          code: "connection-lost",
          message: /was lost: terminating connection due to administrator command$/,
        });
        await waitForSleep(database.url);
        await database.query(`SELECT pg_terminate_backend(${pid})`);
        await lost;
        await assert.rejects(session.query("SELECT 1"), { code: "connection-lost" });
      }));

    it("is lost when its backend is ended while it rests", () =>
      withSession(async (session) => {
        await database.query(`SELECT pg_terminate_backend(${await backendOf(session)}, 5000)`);
        await assert.rejects(session.query("SELECT 1"), { code: "connection-lost" });
      }));

    it("is lost when its backend is ended while it copies", () =>
      withSession(async (session) => {
        await session.query("CREATE TABLE copied (a int)");
        const pid = await backendOf(session);
        const copy = session.copyIn({
          kind: "copy",
          text: "COPY copied FROM STDIN",
          at: { path: "a.sql", line: 1, column: 1 },
          dataLine: 2,
          data: async function* data() {
            for (let at = 0; at < 200; at += 1) {
              yield "1\n".repeat(100_000);
              if (at === 3) {
                await database.query(`SELECT pg_terminate_backend(${pid}, 5000)`);
              }
            }
          },
        });

        await assert.rejects(copy, { code: "connection-lost" });
      }));

    it("closes while a query runs", () =>
      withSession(async (session) => {
        const sleep = assert.rejects(session.query("SELECT pg_sleep(60)"), {
          code: "connection-lost",
        });
        await waitForSleep(database.url);
        await session.close();
        await sleep;
      }));
  });
}

async function backendOf(session: Connection): Promise<string> {
  const [row] = await session.query("SELECT pg_backend_pid() AS pid");
  return String(row?.["pid"]);
}
