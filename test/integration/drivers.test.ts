import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CopyPiece } from "../../src/domain/block.ts";
import { DatabaseError, RowgateError } from "../../src/domain/errors.ts";
import type { Connection, Notice } from "../../src/domain/ports.ts";
import { ENGINES, POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { connectTo } from "./drivers/connect.ts";

function copyOf(text: string, chunks: Iterable<string>): CopyPiece {
  return {
    kind: "copy",
    text,
    at: { path: "seed.sql", line: 1, column: 1 },
    dataLine: 2,
    data: async function* data() {
      yield* chunks;
    },
  };
}

function* repeated(text: string, times: number): Generator<string> {
  for (let at = 0; at < times; at += 1) {
    yield text;
  }
}

async function failureOf(action: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DatabaseError, `not a database's error: ${String(error)}`);
  return error;
}

const NAMES = { pglite: "PostgreSQL", postgres: "PostgreSQL", mariadb: "MariaDB", mysql: "MySQL" };

/** A statement that returns no rows. */
const NO_ROWS = { postgres: "SET work_mem = '4MB'", mysql: "SET @a = 1" };

/** Of each kind of value that a client package would turn into something else. */
const VALUES = {
  postgres: {
    "9007199254740993": "9007199254740993",
    "1.10::numeric": "1.10",
    true: "t",
    NULL: null,
    "'é😀'": "é😀",
    "date '2026-01-02'": "2026-01-02",
    "'{\"a\": 1}'::json": '{"a": 1}',
    "ARRAY[1, 2]": "{1,2}",
  },
  mysql: {
    "9007199254740993": "9007199254740993",
    "1.10": "1.10",
    "18446744073709551615": "18446744073709551615",
    NULL: null,
    "'é😀'": "é😀",
    "DATE '2026-01-02'": "2026-01-02",
    "TIMESTAMP '2026-01-02 03:04:05'": "2026-01-02 03:04:05",
    "JSON_EXTRACT('{\"a\": 12345678901234567890}', '$.a')": "12345678901234567890",
  },
};

for (const engine of ENGINES) {
  describe(`${engine.name}: the driver`, { skip: engine.skip }, () => {
    let database: TestDatabase;
    let connection: Connection;

    before(async () => {
      database = await engine.createDatabase();
      connection = await connectTo(database.url);
    });

    after(async () => {
      await connection.close();
      await database.close();
    });

    it("says which server it is, and no secret", () => {
      const name = NAMES[engine.kind];

      assert.equal(Math.floor(connection.serverVersion / 10_000), engine.major);
      assert.match(connection.description, new RegExp(`^${name} ${engine.major}\\.`));
      assert.doesNotMatch(connection.description, /open-sesame/);
    });

    it("gives texts or null, of the last statement that returns rows", async () => {
      const values = Object.entries(VALUES[engine.dialect]);
      const columns = values.map(([sql], at) => `${sql} AS v${at}`);
      const rows = await connection.query(
        `SELECT 1 AS lost; SELECT ${columns.join(", ")}; ${NO_ROWS[engine.dialect]}`,
      );

      assert.deepEqual(
        rows.map((row) => Object.entries(row)),
        [values.map(([, value], at) => [`v${at}`, value])],
      );
      assert.deepEqual(await connection.query("SELECT 1 AS lost; SELECT 2 AS x WHERE 1 = 0"), []);
      assert.deepEqual(await connection.query(NO_ROWS[engine.dialect]), []);
    });

    it("sends a message of 4 MB as one", async () => {
      const text = "é".repeat(2 * 1024 * 1024);
      const [row] = await connection.query(`SELECT char_length('${text}') AS length`);

      assert.equal(row?.["length"], String(text.length));
    });

    it("closes as often as one likes, and is lost then", async () => {
      const own = await engine.createDatabase();
      const second = await connectTo(own.url);
      await second.close();
      await second.close();
      await assert.rejects(second.query("SELECT 1"), { code: "connection-lost" });
      await own.close();
    });
  });
}

for (const engine of POSTGRES_FAMILY) {
  describe(`${engine.name}: the driver, of PostgreSQL alone`, { skip: engine.skip }, () => {
    let database: TestDatabase;
    let connection: Connection;

    before(async () => {
      database = await engine.createDatabase();
      connection = await connectTo(database.url);
    });

    after(async () => {
      await connection.close();
      await database.close();
    });

    it("keeps all that the server says of an error", async () => {
      const error = await failureOf(
        connection.query(
          "DO $$ BEGIN RAISE 'no' USING ERRCODE = 'RG003', DETAIL = 'why', HINT = 'how'; END $$",
        ),
      );

      assert.deepEqual(
        { ...error.server },
        {
          sqlState: "RG003",
          message: "no",
          detail: "why",
          hint: "how",
          context: "PL/pgSQL function inline_code_block line 1 at RAISE",
        },
      );
      assert.equal((await failureOf(connection.query("SELECT 'é😀', nix"))).position, 14);
      const inner = await failureOf(connection.query("DO $$ BEGIN EXECUTE 'SELECT nix'; END $$"));
      assert.deepEqual([inner.internalQuery, inner.internalPosition], ["SELECT nix", 8]);
    });

    it("has no rows for nothing", async () => {
      assert.deepEqual(await connection.query(""), []);
    });

    it("can go on after ROLLBACK", async () => {
      await failureOf(connection.query("BEGIN; SELECT 1/0"));
      assert.equal((await failureOf(connection.query("SELECT 1"))).server.sqlState, "25P02");
      await connection.query("ROLLBACK");
      assert.deepEqual({ ...(await connection.query("SELECT 1 AS one"))[0] }, { one: "1" });
    });

    it("hears notices with their data", async () => {
      const heard: Notice[] = [];
      connection.onNotice((notice) => heard.push(notice));
      await connection.query(
        `DO $$ BEGIN RAISE NOTICE USING MESSAGE = 'done', ERRCODE = 'RG001', DETAIL = 'more',
           CONSTRAINT = '{"event":"applied","id":"1"}'; END $$`,
      );

      assert.equal(heard.length, 1);
      assert.deepEqual(heard[0], {
        severity: "NOTICE",
        sqlState: "RG001",
        message: "done",
        detail: "more",
        hint: undefined,
        context: heard[0]?.context,
        data: '{"event":"applied","id":"1"}',
      });
    });

    it("copies data of many chunks, within the transaction that is open", async () => {
      await connection.query("CREATE TABLE copied (a int, b text); BEGIN");
      await connection.copyIn(
        copyOf(
          "-- FROM STDIN\nCOPY copied (a, b) FROM STDIN;",
          repeated("7\té\\tx\n".repeat(1000), 50),
        ),
      );
      await connection.query("COMMIT");

      const [row] = await connection.query("SELECT count(*) AS rows, max(b) AS text FROM copied");
      assert.deepEqual({ ...row }, { rows: "50000", text: "é\tx" });
    });

    it("copies CSV with line ends inside values, and no data at all", async () => {
      await connection.query("CREATE TABLE sheet (a int, b text)");
      await connection.copyIn(
        copyOf("COPY sheet FROM stdin (FORMAT csv, HEADER);", ['a,b\n1,"x\n', 'y"\n']),
      );
      await connection.copyIn(copyOf("COPY sheet FROM stdin", []));

      const rows = await connection.query("SELECT b FROM sheet");
      assert.deepEqual(
        rows.map((row) => row["b"]),
        ["x\ny"],
      );
    });

    it("says which line of the data is wrong, and can go on", async () => {
      await connection.query("CREATE TABLE strict (a int)");
      const wrong = copyOf("COPY strict FROM STDIN", [
        "1\n".repeat(1000),
        "1\n2\nx\n",
        "1\n".repeat(500_000),
      ]);
      const error = await failureOf(connection.copyIn(wrong));

      assert.equal(error.server.sqlState, "22P02");
      assert.equal(error.server.context, 'COPY strict, line 1003, column a: "x"');
      assert.deepEqual(
        { ...(await connection.query("SELECT count(*) AS n FROM strict"))[0] },
        { n: "0" },
      );
      assert.equal(
        (await failureOf(connection.copyIn(copyOf("COPY nix FROM STDIN", ["1\n"])))).server
          .sqlState,
        "42P01",
      );
      assert.deepEqual({ ...(await connection.query("SELECT 1 AS one"))[0] }, { one: "1" });
    });

    it("passes on the error of a reader, copies nothing, and can go on", async () => {
      await connection.query("CREATE TABLE unread (a int)");
      const unreadable = new RowgateError("file-unreadable", { message: "gone" });
      const piece = copyOf("COPY unread FROM STDIN", {
        *[Symbol.iterator]() {
          yield "1\n".repeat(100_000);
          throw unreadable;
        },
      });

      await assert.rejects(connection.copyIn(piece), unreadable);
      assert.deepEqual(
        { ...(await connection.query("SELECT count(*) AS n FROM unread"))[0] },
        { n: "0" },
      );
    });
  });
}
