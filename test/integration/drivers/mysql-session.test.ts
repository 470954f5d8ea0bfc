import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";
import { DatabaseError, RowgateError } from "../../../src/domain/errors.ts";
import type { Connection, Notice } from "../../../src/domain/ports.ts";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../../helpers/engines.ts";
import { startProxy } from "../../helpers/proxy.ts";
import { CANARY } from "./refusal.ts";
import { waitForMysqlSleep } from "./mysql-sleep.ts";

for (const engine of MYSQL_ENGINES) {
  describe(`${engine.name}: a session`, { skip: engine.skip }, () => {
    let database: MysqlDatabase;

    before(async () => {
      database = await engine.createDatabase();
      await database.query("CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)");
    });

    after(() => database.close());

    async function withSession(use: (session: Connection) => Promise<void>): Promise<void> {
      const connection = await connectMysql2(database.url);
      try {
        await use(connection);
      } finally {
        await connection.close();
      }
    }

    it("has the settings of the native client", () =>
      withSession(async (session) => {
        const [row] = await session.query(
          "UPDATE t SET a = 1; SELECT ROW_COUNT() AS changed, @@sql_mode AS mode, " +
            "@@character_set_client AS client, @@collation_connection AS collation",
        );
        const [native] = await database.query("SELECT @@global.sql_mode AS mode");

        assert.equal(row?.["changed"], "0");
        assert.equal(row?.["mode"], native?.["mode"]);
        assert.equal(row?.["client"], "utf8mb4");
        assert.match(String(row?.["collation"]), /^utf8mb4_(?:0900_ai|general)_ci$/);
      }));

    it("sends the bytes of a file as they are, whatever SET NAMES says of them", () =>
      withSession(async (session) => {
        const sql = "SELECT HEX('é') AS bytes";

        await session.query("SET NAMES latin1");
        assert.deepEqual(await session.query(sql), [{ bytes: "C3A9" }]);
      }));

    it("is over when the server has no answer any more to what it began to answer", async () => {
      const proxy = await startProxy({ port: Number(new URL(database.url).port) });
      const session = await connectMysql2(proxy.url(database.url));
      session.onNotice(() => {
        proxy.mute();
      });
      const sql = "SELECT 'now' AS rowgate; DO SLEEP(0.1); SELECT 1";

      await assert.rejects(session.query(sql), (error) => {
        assert.ok(error instanceof RowgateError);
        assert.equal(error.code, "connection-lost");
        assert.match(error.message, /without its last answer, as after KILL QUERY$/);
        return true;
      });
      await session.close();
      await proxy.close();
    });

    it("goes on while the server is silent because it works", () =>
      withSession(async (session) => {
        const sql = "SELECT 'now' AS rowgate; DO SLEEP(7); SELECT 1 AS one";

        assert.deepEqual(await session.query(sql), [{ one: "1" }]);
      }));

    it("hears a notice while the message still runs", () =>
      withSession(async (session) => {
        const blocker = await connectMysql2(database.url);
        const lock = `'${database.name.slice(-40)}'`;
        await blocker.query(`SELECT GET_LOCK(${lock}, 0)`);

        const heard = new Promise<Notice>((resolve) => {
          session.onNotice(resolve);
        });
        const done = session.query(
          `SELECT '{"event":"applied"}' AS rowgate; SELECT GET_LOCK(${lock}, 60) AS got`,
        );

        assert.deepEqual(await heard, {
          severity: "NOTICE",
          sqlState: "RG000",
          message: '{"event":"applied"}',
          data: '{"event":"applied"}',
        });
        await blocker.close();
        assert.deepEqual(await done, [{ got: "1" }]);
      }));

    it("hears notices in order, and leaves them out of the rows", () =>
      withSession(async (session) => {
        const heard: string[] = [];
        session.onNotice(({ message, data }) => heard.push(`${message}|${data}`));
        const rows = await session.query(
          "SELECT 'one' AS rowgate; SELECT 7 AS n; SELECT 'two' AS rowgate UNION SELECT 'three'; DO 1",
        );

        assert.deepEqual(rows, [{ n: "7" }]);
        assert.deepEqual(heard, ["one|", "two|", "three|"]);
      }));

    it("gives an error its number, its state and the place of its statement", () =>
      withSession(async (session) => {
        await database.query(
          "CREATE PROCEDURE p() BEGIN SELECT 'x' AS rowgate; SELECT 'y' AS rowgate; END",
        );

        for (const [earlier, statement] of [
          ["", 0],
          ["DO 1; SELECT 2 AS two; ", 2],
          ["SELECT 'a' AS rowgate; DO 1; CALL p(); ", 2],
        ] as const) {
          const error = await failureOf(
            session.query(`${earlier}INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)`),
          );
          assert.deepEqual(
            { ...error.server },
            { sqlState: "23000", errno: 1062, message: error.message },
          );
          assert.match(error.message, /^Duplicate entry '1' for key '.*PRIMARY'$/);
          assert.equal(error.statement, statement);
        }
        assert.deepEqual(await session.query("SELECT a FROM t"), [{ a: "1" }]);
      }));

    it("names the statement that fails while its rows are read", () =>
      withSession(async (session) => {
        const error = await failureOf(
          session.query("DO 1; SELECT 1 AS a UNION ALL SELECT EXP(a + 999) FROM t; DO 2"),
        );

        assert.equal(error.server.errno, 1690);
        assert.equal(error.statement, 1);
      }));

    it("has an error of a signal whole, and not the text that was sent", () =>
      withSession(async (session) => {
        const error = await failureOf(
          session.query(
            `SET @a = '${CANARY}'; SIGNAL SQLSTATE 'RG003' SET MYSQL_ERRNO = 4711, MESSAGE_TEXT = 'é no'`,
          ),
        );

        assert.deepEqual({ ...error.server }, { sqlState: "RG003", errno: 4711, message: "é no" });
        assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(CANARY));
      }));

    it("can be cancelled, and then used", () =>
      withSession(async (session) => {
        // MySQL's SLEEP returns 1 when it is broken off; MariaDB's statement fails.
        const slept = session.query("SELECT SLEEP(60) AS broken").then(
          ([row]) => row?.["broken"],
          (error: unknown) => error instanceof DatabaseError && error.server.errno,
        );
        await waitForMysqlSleep(database.url);
        await session.cancel();

        assert.equal(await slept, engine.kind === "mysql" ? "1" : 1317);
        assert.deepEqual(await session.query("SELECT 1 AS one"), [{ one: "1" }]);
      }));

    it("cancels nothing when it is over", () =>
      withSession(async (session) => {
        const id = await idOf(session);
        await session.close();
        while (
          (await database.query(`SELECT 1 FROM information_schema.processlist WHERE id = ${id}`))
            .length > 0
        ) {
          // The server is still tidying up.
        }
        await session.cancel();
      }));

    it("is lost when it is killed while it works", () =>
      withSession(async (session) => {
        const id = await idOf(session);
        const lost = assert.rejects(session.query("SELECT SLEEP(60)"), { code: "connection-lost" });
        await waitForMysqlSleep(database.url);
        await database.query(`KILL ${id}`);
        await lost;
        await assert.rejects(session.query("SELECT 1"), { code: "connection-lost" });
      }));

    it("is lost when it is killed while it rests", () =>
      withSession(async (session) => {
        const id = await idOf(session);
        await database.query(`KILL ${id}`);
        await assert.rejects(session.query("SELECT 1"), { code: "connection-lost" });
      }));

    it("closes while a query runs", () =>
      withSession(async (session) => {
        const sleep = assert.rejects(session.query("SELECT SLEEP(60)"), {
          code: "connection-lost",
        });
        await waitForMysqlSleep(database.url);
        await session.close();
        await sleep;
      }));

    it("refuses a message that the server would break off for", () =>
      withSession(async (session) => {
        const [row] = await session.query("SELECT @@max_allowed_packet AS bytes");
        const bytes = Number(row?.["bytes"]);
        const megabytes = bytes / 1024 / 1024 + 1;

        await assert.rejects(session.query(`SELECT '${"é".repeat(bytes / 2)}'`), {
          code: "packet-too-large",
          message: new RegExp(`at most ${bytes} bytes \\(max_allowed_packet\\), and one of `),
          hint: new RegExp(`^Set max_allowed_packet to ${megabytes}M or more on the server: `),
        });
        const length = bytes - 100;
        assert.deepEqual(await session.query(`SELECT LENGTH('${"x".repeat(length)}') AS n`), [
          { n: String(length) },
        ]);
      }));
  });
}

async function failureOf(action: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DatabaseError, `not a database's error: ${String(error)}`);
  return error;
}

async function idOf(session: Connection): Promise<string> {
  const [row] = await session.query("SELECT CONNECTION_ID() AS id");
  return String(row?.["id"]);
}
