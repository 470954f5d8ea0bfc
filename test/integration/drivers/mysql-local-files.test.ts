import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalFile } from "../../../src/domain/block.ts";
import { DatabaseError, RowgateError } from "../../../src/domain/errors.ts";
import type { Connection } from "../../../src/domain/ports.ts";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import { MYSQL_ENGINES, type MysqlDatabase, type MysqlServer } from "../../helpers/engines.ts";
import { startProxy } from "../../helpers/proxy.ts";
import { errorOf, requestFor, rowOf, startFakeMysql } from "./mysql-fake.ts";

const COMMAND_QUIT = 1;

/** A file of the source, as the bundler gives it. */
function fileOf(name: string, open: () => AsyncIterable<Uint8Array>): LocalFile {
  return { name, path: `data/${name}`, sha256: "", open };
}

async function* repeated(text: string, times: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < times; at += 1) {
    yield Buffer.from(text);
  }
}

const THOUSAND_ROWS = "7\té\n".repeat(1000);

for (const engine of MYSQL_ENGINES) {
  describe(`${engine.name}: local files`, { skip: engine.skip }, () => {
    let server: MysqlServer;
    let database: MysqlDatabase;
    let session: Connection;

    before(async () => {
      server = await engine.startServer({ local_infile: "ON" });
      database = await engine.createDatabaseOn(server);
      await database.query("CREATE TABLE t (a int, b text); CREATE TABLE later (a int)");
      session = await connectMysql2(database.url);
    });

    after(async () => {
      await session.close();
      await server.close();
    });

    async function rowsIn(table: string): Promise<number> {
      const [row] = await database.query(`SELECT COUNT(*) AS n FROM ${table}`);
      return Number(row?.["n"]);
    }

    it("are sent to their end, one after the other, and the message goes on", async () => {
      const files = [
        fileOf("größe 1.tsv", () => repeated(THOUSAND_ROWS, 100)),
        fileOf("it's.tsv", () => repeated("1\tx\n", 1)),
        fileOf("empty.tsv", () => repeated("", 3)),
      ];
      const rows = await session.query(
        "LOAD DATA LOCAL INFILE 'größe 1.tsv' INTO TABLE t; " +
          "LOAD DATA LOCAL INFILE 'it''s.tsv' INTO TABLE t; " +
          "LOAD DATA LOCAL INFILE 'empty.tsv' INTO TABLE t; " +
          "SELECT COUNT(*) AS n, MAX(b) AS b FROM t; TRUNCATE t",
        files,
      );

      assert.deepEqual(rows, [{ n: "100001", b: "x" }]);
    });

    it("leave the session as it was when the statement fails before or after", async () => {
      const files = [fileOf("a.tsv", () => repeated(THOUSAND_ROWS, 100))];
      const missing = session.query("DO 1; LOAD DATA LOCAL INFILE 'a.tsv' INTO TABLE nix", files);
      await assert.rejects(missing, (error: unknown) => {
        assert.ok(error instanceof DatabaseError);
        assert.deepEqual([error.server.errno, error.statement], [1146, 1]);
        return true;
      });
      const signal = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more'";
      await database.query(
        `CREATE TABLE strict (a int, b text);
         CREATE TRIGGER refuse BEFORE INSERT ON strict FOR EACH ROW ${signal}`,
      );
      const load = session.query("LOAD DATA LOCAL INFILE 'a.tsv' INTO TABLE strict", files);
      await assert.rejects(load, { message: "no more" });

      assert.deepEqual(await session.query("SELECT 1 AS one"), [{ one: "1" }]);
    });

    it("that were not given are refused, and nothing of the message goes on", async () => {
      const own = await connectMysql2(database.url);
      const files = [fileOf("a.tsv", () => repeated("1\tx\n", 1))];

      await assert.rejects(
        own.query(
          "LOAD DATA LOCAL INFILE 'A.tsv' INTO TABLE t; INSERT INTO later VALUES (1)",
          files,
        ),
        { code: "file-unreadable", message: /asks for the file A\.tsv, which none of / },
      );
      await assert.rejects(own.query("SELECT 1"), { code: "connection-lost" });
      assert.deepEqual([await rowsIn("t"), await rowsIn("later")], [0, 0]);
    });

    it("that cannot be read to their end are not loaded in part", async () => {
      const own = await connectMysql2(database.url);
      const unreadable = new RowgateError("file-unreadable", { message: "gone" });
      const broken = fileOf("b.tsv", async function* open() {
        yield* repeated(THOUSAND_ROWS, 100);
        throw unreadable;
      });

      await assert.rejects(
        own.query("LOAD DATA LOCAL INFILE 'b.tsv' INTO TABLE t; INSERT INTO later VALUES (1)", [
          broken,
        ]),
        unreadable,
      );
      await database.query("LOCK TABLES t WRITE");
      assert.deepEqual([await rowsIn("t"), await rowsIn("later")], [0, 0]);
    });

    it("are read no faster than they can be sent", async () => {
      const proxy = await startProxy({ port: server.port });
      const own = await connectMysql2(proxy.url(database.url));
      const megabyte = `1\t${"x".repeat(1021)}\n`.repeat(1024);
      const progress = { read: 0 };
      const large = fileOf("large.tsv", async function* open() {
        for (; progress.read < 32; progress.read += 1) {
          if (progress.read === 1) {
            proxy.stall();
          }
          yield Buffer.from(megabyte);
        }
      });
      const load = own.query("LOAD DATA LOCAL INFILE 'large.tsv' INTO TABLE t", [large]);
      await standstill(progress);
      assert.ok(progress.read < 20, `${progress.read} MB were read ahead`);

      proxy.resume();
      await load;
      assert.equal(await rowsIn("t"), 32 * 1024);
      await own.close();
      await proxy.close();
    });

    it("can be cancelled, and load nothing then", async () => {
      await database.query("TRUNCATE t");
      const slow = fileOf("slow.tsv", async function* open() {
        yield* repeated(THOUSAND_ROWS, 10);
        await session.cancel();
        yield* repeated(THOUSAND_ROWS, 10);
      });

      await assert.rejects(
        session.query("LOAD DATA LOCAL INFILE 'slow.tsv' INTO TABLE t", [slow]),
        (error: unknown) => error instanceof DatabaseError && error.server.errno === 1317,
      );
      assert.equal(await rowsIn("t"), 0);
      assert.deepEqual(await session.query("SELECT 1 AS one"), [{ one: "1" }]);
    });
  });
}

/** Whatever the buffers of sockets take is soon taken. */
async function standstill(progress: { readonly read: number }): Promise<void> {
  for (let seen = 0; seen === 0 || seen !== progress.read;) {
    seen = progress.read;
    await sleep(200);
  }
}

describe("a server that asks for files without being told to", () => {
  it("gets none, not even an answer", async () => {
    const server = await startFakeMysql((sql) =>
      sql.includes("VERSION()") ? IDENTITY : requestFor("/etc/passwd"),
    );
    const session = await connectMysql2(`mysql://ann@127.0.0.1:${server.port}/shop`);

    await assert.rejects(session.query("SELECT 1"), {
      code: "file-unreadable",
      message: /asks for the file \/etc\/passwd, /,
    });
    await session.close();
    assert.equal(server.heard.length, 2);
    server.close();
  });
});

describe("a server that breaks off the loading of a file", () => {
  it("hears no more of it, which it would take for commands", async () => {
    const server = await startFakeMysql((sql) => {
      if (sql.includes("VERSION()")) {
        return IDENTITY;
      }
      return sql.includes("LOAD") ? requestFor("a.tsv") : [errorOf(1105, "no more")];
    });
    const session = await connectMysql2(`mysql://ann@127.0.0.1:${server.port}/shop`);
    const refused = { yet: Promise.resolve() };
    const file = fileOf("a.tsv", async function* open() {
      yield* repeated("first", 1);
      await refused.yet;
      yield* repeated("second", 1);
    });
    const load = session.query("LOAD DATA LOCAL INFILE 'a.tsv' INTO TABLE t", [file]);
    refused.yet = assert.rejects(load, { message: "no more" });
    await refused.yet;

    await assert.rejects(session.query("SELECT 1"), { code: "connection-lost" });
    assert.doesNotMatch(Buffer.concat(server.heard).toString(), /second/);
    await session.close();
    server.close();
  });
});

describe("a session that is closed", () => {
  it("tells the server so", async () => {
    const server = await startFakeMysql(() => IDENTITY);
    const session = await connectMysql2(`mysql://ann@127.0.0.1:${server.port}/shop`);
    await session.close();

    assert.deepEqual([...(server.heard.at(-1) ?? [])], [COMMAND_QUIT]);
    server.close();
  });
});

const IDENTITY = rowOf({ version: "8.0.99", hostName: "db", connectionId: "7", maxPacket: "4096" });
