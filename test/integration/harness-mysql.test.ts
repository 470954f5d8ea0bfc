/** The tests' own tools for MariaDB and MySQL: what they promise. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { createConnection, type Connection } from "mysql2/promise";
import { fingerprint } from "../helpers/catalog.ts";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlDatabase,
  type MysqlEngine,
  type MysqlServer,
} from "../helpers/engines.ts";
import { startProxy, type Proxy } from "../helpers/proxy.ts";
import { collect } from "../helpers/run.ts";

for (const engine of MYSQL_ENGINES) {
  describe(`a test database on ${engine.name}`, { skip: engine.skip }, () => {
    let db: MysqlDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });

    after(() => db.close());

    it("gives the rows of the last statement that has any", async () => {
      assert.deepEqual(await db.query("SELECT 1 AS a"), [{ a: 1 }]);
      assert.deepEqual(await db.query("SELECT 1 AS a; SELECT 2 AS b; DO 0"), [{ b: 2 }]);
      assert.deepEqual(await db.query("SELECT 1 FROM dual WHERE 0"), []);
      assert.deepEqual(await db.query("DO 0; DO 0"), []);
    });

    it("gives numbers that are too big, and times, as text", async () => {
      const [row] = await db.query(
        "SELECT 9007199254740993 AS n, TIMESTAMP '2024-02-03 04:05:06' AS t",
      );

      assert.deepEqual(row, { n: "9007199254740993", t: "2024-02-03 04:05:06" });
    });

    it("has a URL that works", async () => {
      const connection = await createConnection(db.url);
      const [rows] = await connection.query("SELECT database() AS name");
      await connection.end();

      assert.deepEqual(rows, [{ name: db.name }]);
    });

    it("has a fingerprint without what depends on the moment", async () => {
      await db.query(DIFFERENT_EVERY_TIME);
      const then = await fingerprint(db);
      await db.query("DROP TABLE numbered; DROP EVENT every_day; DROP EVENT tomorrow");
      await db.query("DO SLEEP(1.1)");
      await db.query(`${DIFFERENT_EVERY_TIME}; INSERT INTO numbered VALUES (NULL)`);

      assert.match(then, /AUTO_INCREMENT/);
      assert.match(then, /EVENT `tomorrow`/);
      assert.equal(await fingerprint(db), then);
    });

    it("is dropped although a session is in the middle of something", async () => {
      const doomed = await engine.createDatabase();
      const session = await createConnection(doomed.url);
      session.on("error", () => {});
      await session.query("CREATE TABLE t (a int)");
      await session.query("START TRANSACTION");
      await session.query("SELECT * FROM t");

      await doomed.close();
      assert.deepEqual(await db.query(`SHOW DATABASES LIKE '${doomed.name}'`), []);
    });
  });

  describe(`the clients of ${engine.name}`, { skip: engine.skipClients }, () => {
    let db: MysqlDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });

    after(() => db.close());

    it("run a script with delimiters and stop at its first error", async () => {
      const input = `DELIMITER $$
CREATE PROCEDURE greet() BEGIN SELECT 'é' AS a; SELECT database() AS b; END$$
DELIMITER ;
CALL greet();
SELECT nothing;
SELECT 'too late';
`;
      const result = await db.client(["--skip-column-names"], { input });

      assert.equal(result.code, 1);
      assert.equal(result.stdout, `é\n${db.name}\n`);
      assert.match(result.stderr, /^ERROR 1054 \(42S22\) at line 5: Unknown column 'nothing'/m);
    });

    it("use another database or account when told to", async () => {
      await db.query(`CREATE USER clerk IDENTIFIED BY '${PASSWORD}'`);
      const input = "SELECT current_user(), database()";
      const result = await db.client(["--skip-column-names"], {
        input,
        user: "clerk",
        database: "information_schema",
      });
      await db.query("DROP USER clerk");

      assert.deepEqual(result, {
        code: 0,
        signal: null,
        stdout: "clerk@%\tinformation_schema\n",
        stderr: "",
      });
    });

    it("can be fed and killed", async () => {
      const child = db.startClient([]);
      const end = collect(child, "SELECT SLEEP(60);\n");
      child.kill("SIGKILL");

      assert.equal((await end).signal, "SIGKILL");
    });

    it("dump the same text for the same catalog", async () => {
      await db.query("CREATE TABLE dumped (a int)");
      const text = await db.dump(["--no-data", "--skip-comments"]);

      assert.match(text, /CREATE TABLE `dumped`/);
      assert.equal(await db.dump(["--no-data", "--skip-comments"]), text);
      await assert.rejects(db.dump(["--no-such-option"]), /no-such-option/);
    });
  });

  describe(`a server of the test's own on ${engine.name}`, { skip: engine.skip }, () => {
    it("has the settings that were asked for", async () => {
      const server = await engine.startServer({
        sql_mode: "ANSI",
        lower_case_table_names: "1",
        skip_log_bin: "",
      });
      const db = await engine.createDatabaseOn(server);
      await db.query('CREATE TABLE "Big" (a int)');

      assert.deepEqual(await db.query("SELECT @@log_bin AS a"), [{ a: 0 }]);
      assert.deepEqual(
        await db.query(
          "SELECT table_name AS a FROM information_schema.tables WHERE table_schema = database()",
        ),
        [{ a: "big" }],
      );
      await server.close();
    });

    it("says why it does not start", async () => {
      await assert.rejects(engine.startServer({ no_such_setting: "1" }), /no_such_setting/);
    });

    it("can be killed, stopped and started again, and leaves nothing behind, however often it is closed", async () => {
      const server = await engine.startServer();
      const db = await engine.createDatabaseOn(server);
      await db.query("CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
      const { port } = server;

      await server.kill9();
      await assert.rejects(db.query("SELECT 1"), { code: "ECONNREFUSED" });
      await server.restart();
      assert.deepEqual(await db.query("SELECT a FROM t"), [{ a: 7 }]);

      await server.stop();
      await server.restart();
      assert.deepEqual(await db.query("SELECT a FROM t"), [{ a: 7 }]);
      assert.equal(server.port, port);

      await server.close();
      assert.equal(existsSync(server.dataDirectory), false);
      await server.close();
    });

    it("is another one than the shared server, with the same password", async () => {
      const own = await engine.startServer();
      const shared = await engine.server();
      const db = await engine.createDatabaseOn(own);
      const other = await engine.createDatabase();

      assert.notEqual(own.port, shared.port);
      assert.equal(new URL(db.url).password, PASSWORD);
      assert.deepEqual(await other.query(`SHOW DATABASES LIKE '${db.name}'`), []);
      await other.close();
      await own.close();
    });
  });

  describe(`the proxy before ${engine.name}`, { skip: engine.skip }, () => {
    it("cuts before a COMMIT reaches the server", async () => {
      await through(engine, async (client, db, proxy) => {
        await client.query("START TRANSACTION; INSERT INTO t VALUES (1)");
        proxy.cutOn("COMMIT", "before");

        await assert.rejects(client.query("COMMIT"), { code: "PROTOCOL_CONNECTION_LOST" });
        assert.deepEqual(await db.query("SELECT * FROM t"), []);
        assert.equal(proxy.cuts, 1);
      });
    });

    it("cuts after a message was carried out to its end and before its answer comes", async () => {
      await through(engine, async (client, db, proxy) => {
        proxy.cutOn("COMMIT", "after");
        const message =
          "START TRANSACTION; INSERT INTO t VALUES (1); SELECT SLEEP(0.2); COMMIT; INSERT INTO t VALUES (2)";

        await assert.rejects(client.query(message), { code: "PROTOCOL_CONNECTION_LOST" });
        assert.deepEqual(await db.query("SELECT * FROM t"), [{ a: 1 }, { a: 2 }]);
        assert.equal(proxy.cuts, 1);
      });
    });
  });
}

const DIFFERENT_EVERY_TIME = `
  CREATE TABLE numbered (id int AUTO_INCREMENT PRIMARY KEY);
  CREATE EVENT every_day ON SCHEDULE EVERY 1 DAY DO DELETE FROM numbered;
  CREATE EVENT tomorrow ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO DELETE FROM numbered;
  INSERT INTO numbered VALUES (NULL)`;

async function through(
  engine: MysqlEngine,
  test: (client: Connection, db: MysqlDatabase, proxy: Proxy) => Promise<void>,
): Promise<void> {
  const server: MysqlServer = await engine.server();
  const db = await engine.createDatabase();
  const proxy = await startProxy({ port: server.port, dialect: engine.dialect });
  const client = await createConnection({ uri: proxy.url(db.url), multipleStatements: true });
  // A connection that is cut between two queries reports it here.
  client.on("error", () => {});

  try {
    await client.query("CREATE TABLE t (a int)");
    await test(client, db, proxy);
  } finally {
    client.destroy();
    await proxy.close();
    await db.close();
  }
}
