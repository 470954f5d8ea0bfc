/** The tests' own tools: what they promise, on every engine. */
import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { Client } from "pg";
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import {
  ENGINES,
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type PostgresEngine,
  type TestServer,
} from "../helpers/engines.ts";
import { startProxy, type Proxy } from "../helpers/proxy.ts";
import { collect } from "../helpers/run.ts";

const VERSIONS_TABLE = {
  postgres: "CREATE TABLE versions (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
  mysql: "CREATE TABLE versions (id int AUTO_INCREMENT PRIMARY KEY)",
};

const ROWS = {
  postgres: 'public.t {"a":1,"b":null}\npublic.t {"a":2,"b":"<&>"}\n',
  mysql:
    "INSERT INTO `t` (`a`, `b`) VALUES (1,NULL);\nINSERT INTO `t` (`a`, `b`) VALUES (2,'<&>');\n",
};

for (const engine of ENGINES) {
  describe(`a test database on ${engine.name}`, { skip: engine.skip }, () => {
    it("is of the promised version and keeps what it is told", async () => {
      const db = await engine.createDatabase();

      await db.query("CREATE TABLE t (a text); INSERT INTO t VALUES ('é')");
      const [row] = await db.query("SELECT a, version() AS v FROM t");

      assert.equal(row?.["a"], "é");
      assert.match(String(row?.["v"]), new RegExp(`^(PostgreSQL )?${engine.major}\\.`));
      await db.close();
    });

    it("is empty, whatever another one holds", async () => {
      const first = await engine.createDatabase();
      await first.query("CREATE TABLE t (a int)");
      const second = await engine.createDatabase();

      assert.equal(await dataDump(second), "");
      assert.doesNotMatch(await fingerprint(second), /^(relation|CREATE TABLE)/m);
      await first.close();
      await second.close();
    });

    it("has a fingerprint that changes with the catalog and not with our own tables", async () => {
      const db = await engine.createDatabase();
      await db.query("CREATE TABLE t (a int)");
      const then = await fingerprint(db);

      await db.query(VERSIONS_TABLE[engine.dialect]);
      assert.equal(await fingerprint(db), then);

      await db.query("ALTER TABLE t ALTER a SET DEFAULT 7");
      assert.notEqual(await fingerprint(db), then);
      await db.close();
    });

    it("dumps its rows as sorted text", async () => {
      const db = await engine.createDatabase();
      await db.query("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (2, '<&>'), (1, NULL)");
      await db.query("CREATE TABLE versions (id int); INSERT INTO versions VALUES (1)");

      assert.equal(await dataDump(db), ROWS[engine.dialect]);
      await db.close();
    });
  });
}

for (const engine of POSTGRES_ENGINES) {
  describe(`the clients of ${engine.name}`, { skip: engine.skipClients }, () => {
    let db: PostgresDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });

    after(async () => {
      await db.close();
    });

    it("psql reads its input and tells its exit status", async () => {
      const input = "SELECT current_database();\nSELECT 1/0;\n";
      const result = await db.psql(["-At", "-v", "ON_ERROR_STOP=1"], { input });

      assert.equal(result.code, 3);
      assert.equal(result.stdout, `${db.name}\n`);
      assert.match(result.stderr, /division by zero/);
    });

    it("psql can be killed", async () => {
      const child = db.startPsql(["-c", "SELECT pg_sleep(60)"]);
      const end = collect(child);
      child.kill("SIGKILL");

      assert.equal((await end).signal, "SIGKILL");
    });

    it("pg_dump gives the same text for the same catalog", async () => {
      await db.query("CREATE TABLE dumped (a int)");
      const text = await db.pgDump(["--schema-only"]);

      assert.match(text, /CREATE TABLE public\.dumped/);
      assert.equal(await db.pgDump(["--schema-only"]), text);
    });
  });

  describe(`a server of the test's own on ${engine.name}`, { skip: engine.skip }, () => {
    it("has the settings that were asked for", async () => {
      const server = await engine.startServer({ max_connections: "7" });
      const db = await engine.createDatabaseOn(server);

      assert.deepEqual(await db.query("SHOW max_connections"), [{ max_connections: "7" }]);
      await server.close();
    });

    it("can be killed and started again, and leaves nothing behind, however often it is closed", async () => {
      const server = await engine.startServer({ fsync: "on" });
      const db = await engine.createDatabaseOn(server);
      await db.query("CREATE TABLE t (a int)");

      await server.kill9();
      await assert.rejects(db.query("SELECT 1"), { code: "ECONNREFUSED" });

      await server.restart();
      assert.deepEqual(await db.query("SELECT count(*)::int AS n FROM t"), [{ n: 0 }]);

      await server.close();
      assert.equal(existsSync(server.dataDirectory), false);
      await server.close();
    });
  });
}

describe("the proxy before a database", () => {
  const engine = POSTGRES_ENGINES.find(({ skip }) => skip === false);
  const skip = engine === undefined ? "no PostgreSQL on this machine" : false;

  if (engine === undefined) {
    it("cuts and counts", { skip }, () => {});
    return;
  }

  it("counts the round trips", async () => {
    await through(engine, async (client, _db, proxy) => {
      const then = proxy.roundTrips;
      await client.query("SELECT 1");
      await client.query("SELECT 1; SELECT 2; SELECT 3");

      assert.equal(proxy.roundTrips - then, 2);
      assert.equal(proxy.connections, 1);
    });
  });

  it("cuts before a COMMIT reaches the server", async () => {
    await through(engine, async (client, db, proxy) => {
      await client.query("BEGIN; INSERT INTO t VALUES (1)");
      proxy.cutOn("COMMIT", "before");

      await assert.rejects(client.query("COMMIT"), /Connection terminated/);
      assert.equal(await count(db), 0);
      assert.equal(proxy.cuts, 1);
    });
  });

  it("cuts after a COMMIT was carried out and before its answer comes", async () => {
    await through(engine, async (client, db, proxy) => {
      await client.query("BEGIN; INSERT INTO t VALUES (1)");
      proxy.cutOn("COMMIT", "after");

      await assert.rejects(client.query("COMMIT"), /Connection terminated/);
      assert.equal(await count(db), 1);
      assert.equal(proxy.cuts, 1);
    });
  });
});

describe("the proxy before a plain server", () => {
  /** Answers every piece with the same text in capitals. */
  const listener = createServer((socket) => {
    socket.on("data", (piece) => socket.write(piece.toString().toUpperCase()));
    socket.on("error", () => {});
  });
  let port = 0;

  before(async () => {
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });

  after(() => {
    listener.close();
  });

  it("adds its delay in both directions", async () => {
    const proxy = await startProxy({ port, delayMs: 40 });
    const socket = await dial(proxy);
    const then = performance.now();
    socket.write("slow");
    const [answer] = await once(socket, "data");

    assert.equal(answer, "SLOW");
    // Timers of Node may be up to a millisecond early.
    assert.ok(performance.now() - then >= 78);
    socket.destroy();
    await proxy.close();
  });

  it("cuts after a number of bytes", async () => {
    const proxy = await startProxy({ port });
    proxy.cutAfter(3, "server");
    const socket = await dial(proxy);
    socket.write("abcdef");

    assert.equal(await everything(socket), "ABC");
    await proxy.close();
  });

  it("finds a text that comes in two pieces", async () => {
    const proxy = await startProxy({ port });
    proxy.cutOn("COMMIT", "before");
    const socket = await dial(proxy);
    socket.write("com;COM");
    await once(socket, "data");
    socket.write("MIT;");

    assert.equal(await everything(socket), "");
    assert.equal(proxy.cuts, 1);
    await proxy.close();
  });

  it("ends every connection at once when told to, and takes new ones", async () => {
    const proxy = await startProxy({ port });
    const socket = await dial(proxy);
    socket.write("x");
    await once(socket, "data");
    proxy.cut();
    assert.equal(await everything(socket), "");

    const next = await dial(proxy);
    next.write("y");
    assert.deepEqual(await once(next, "data"), ["Y"]);
    next.destroy();
    await proxy.close();
  });

  it("passes nothing on while it is stalled", async () => {
    const proxy = await startProxy({ port });
    const socket = await dial(proxy);
    proxy.stall();
    socket.write("late");
    const answer = once(socket, "data");
    const early = new Promise((resolve) => setTimeout(resolve, 50, "nothing"));
    assert.equal(await Promise.race([answer, early]), "nothing");

    proxy.resume();
    assert.deepEqual(await answer, ["LATE"]);
    socket.destroy();
    await proxy.close();
  });
});

async function through(
  given: PostgresEngine,
  test: (client: Client, db: PostgresDatabase, proxy: Proxy) => Promise<void>,
): Promise<void> {
  const server: TestServer = await given.server();
  const db = await given.createDatabase();
  const proxy = await startProxy({ host: server.host, port: server.port });
  const client = new Client(proxy.url(db.url));
  // A connection that is cut between two queries reports it here.
  client.on("error", () => {});
  await client.connect();

  try {
    await client.query("CREATE TABLE t (a int)");
    await test(client, db, proxy);
  } finally {
    await client.end();
    await proxy.close();
    await db.close();
  }
}

async function count(db: PostgresDatabase): Promise<unknown> {
  return (await db.query("SELECT count(*)::int AS n FROM t"))[0]?.["n"];
}

async function dial(proxy: Proxy): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1").setEncoding("utf8");
  await once(socket, "connect");

  return socket;
}

async function everything(socket: Socket): Promise<string> {
  const pieces: string[] = await socket.toArray();

  return pieces.join("");
}
