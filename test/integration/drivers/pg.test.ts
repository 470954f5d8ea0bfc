import assert from "node:assert/strict";
import { chown, copyFile, chmod, readFile, stat } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { DatabaseError, RowgateError } from "../../../src/domain/errors.ts";
import type { Connection } from "../../../src/domain/ports.ts";
import { connectPg } from "../../../src/drivers/pg.ts";
import {
  PASSWORD,
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type TestServer,
} from "../../helpers/engines.ts";

const CANARY = "canary-4711";

/** The error of a connection that must fail; nothing in it may show a password. */
async function refusal(url: string): Promise<RowgateError> {
  const error: unknown = await connectPg(url).then(
    (connection) => connection.close(),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RowgateError, `no error of Rowgate: ${inspect(error)}`);
  const all = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
  assert.doesNotMatch(all, new RegExp(`${CANARY}|${PASSWORD}`));

  return error;
}

function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

/** Sends the bytes to whoever connects, or to whoever has said something; never closes. */
async function fakeServer(bytes: Buffer, waits = false): Promise<{ port: number; server: Server }> {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined);
    if (waits) {
      socket.once("data", () => socket.write(bytes));
    } else if (bytes.length > 0) {
      socket.write(bytes);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { port, server };
}

/** The first packet of a MySQL server, made as long as asked for. */
function mysqlGreeting(length: number): Buffer {
  const greeting = Buffer.alloc(length + 4, 1);
  greeting.writeUIntLE(length, 0, 3);
  greeting[3] = 0;
  greeting[4] = 10;
  greeting.write("8.0.36\0", 5, "latin1");
  return greeting;
}

describe("a server that is none", () => {
  const servers: Server[] = [];

  after(() => {
    for (const server of servers) {
      server.close();
    }
  });

  async function urlOf(bytes: Buffer, { waits = false, query = "" } = {}): Promise<string> {
    const { port, server } = await fakeServer(bytes, waits);
    servers.push(server);
    return `postgres://ann:${CANARY}@127.0.0.1:${port}/shop${query}`;
  }

  it("nothing listens", async () => {
    const { port, server } = await fakeServer(Buffer.alloc(0));
    await new Promise((resolve) => server.close(resolve));
    const error = await refusal(`postgres://ann:${CANARY}@127.0.0.1:${port}/shop`);

    assert.equal(error.code, "database-unreachable");
    assert.equal(error.message, `cannot reach 127.0.0.1:${port}: nothing listens there`);
  });

  it("the host is unknown", async () => {
    const error = await refusal(`postgres://ann:${CANARY}@nowhere.invalid/shop`);

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /^cannot reach nowhere\.invalid:5432: the host name/);
  });

  it("the socket does not exist", async () => {
    const error = await refusal(`postgres://ann:${CANARY}@/shop?host=/nowhere&port=7`);

    assert.equal(error.message, "cannot reach /nowhere/.s.PGSQL.7: there is no such socket");
  });

  // Lengths that, as a letter, begin a message of PostgreSQL: E, N, R, S.
  for (const length of [69, 74, 78, 82, 83]) {
    for (const query of ["", "?sslmode=require"]) {
      it(`it greets like MySQL with ${length} bytes${query}`, async () => {
        const url = await urlOf(mysqlGreeting(length), { query });
        const error = await refusal(url);

        assert.equal(error.code, "server-unsupported");
        assert.match(error.message, /answers, but not as PostgreSQL: it greets like MySQL/);
      });
    }
  }

  it("it speaks HTTP", async () => {
    const bytes = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
    const error = await refusal(await urlOf(bytes, { waits: true }));

    assert.match(error.message, /answers, but not as PostgreSQL: it speaks HTTP$/);
  });

  it("it speaks SSH", async () => {
    const url = await urlOf(Buffer.from("SSH-2.0-OpenSSH_9\r\n"), { query: "?sslmode=require" });

    assert.match((await refusal(url)).message, /it speaks SSH$/);
  });

  it("it never answers", async () => {
    const error = await refusal(await urlOf(Buffer.alloc(0), { query: "?connect_timeout=1" }));

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /no answer in time$/);
  });
});

for (const engine of POSTGRES_ENGINES) {
  describe(`${engine.name}: log-in`, { skip: engine.skip }, () => {
    let database: PostgresDatabase;
    let server: TestServer;

    before(async () => {
      database = (await engine.createDatabaseOn(await engine.server())) as PostgresDatabase;
      server = await engine.server();
    });

    after(() => database.close());

    it("is refused with a wrong password", async () => {
      const error = await refusal(changed(database.url, (url) => (url.password = CANARY)));

      assert.equal(error.code, "login-refused");
      assert.match(
        error.message,
        /^127\.0\.0\.1:\d+ refuses user postgres for database rowgate_test/,
      );
    });

    it("is refused without a password", async () => {
      const error = await refusal(changed(database.url, (url) => (url.password = "")));

      assert.equal(error.code, "login-refused");
      assert.match(error.message, /asks for the password of user postgres, and none was given$/);
    });

    it("is refused for a database that does not exist", async () => {
      const error = await refusal(changed(database.url, (url) => (url.pathname = "/nix")));

      assert.equal(error.code, "database-missing");
      assert.match(error.message, /^127\.0\.0\.1:\d+ has no database nix$/);
    });

    it("works through a Unix socket", async () => {
      const url = `postgresql:///${database.name}?host=${server.socketDirectory}&port=${server.port}&user=postgres`;
      const connection = await connectPg(url, { applicationName: "a test" });
      const [row] = await connection.query("SHOW application_name");

      assert.equal(row?.["application_name"], "a test");
      assert.match(connection.description, /on \/.*\/\.s\.PGSQL\.\d+, user postgres$/);
      await connection.close();
    });

    it("shows the name rowgate, and takes settings from the URL", async () => {
      const connection = await connectPg(`${database.url}?options=-c%20rowgate.dry_run%3Don`);
      const [row] = await connection.query(
        "SELECT current_setting('application_name') AS name, current_setting('rowgate.dry_run') AS dry",
      );

      assert.deepEqual({ ...row }, { name: "rowgate", dry: "on" });
      await connection.close();
    });
  });

  describe(`${engine.name}: a session`, { skip: engine.skip }, () => {
    let database: PostgresDatabase;
    let connection: Connection;

    before(async () => {
      database = (await engine.createDatabaseOn(await engine.server())) as PostgresDatabase;
    });

    after(() => database.close());

    async function withSession(use: (session: Connection) => Promise<void>): Promise<void> {
      connection = await connectPg(database.url);
      try {
        await use(connection);
      } finally {
        await connection.close();
      }
    }

    async function backendOf(session: Connection): Promise<string> {
      const [row] = await session.query("SELECT pg_backend_pid() AS pid");
      return String(row?.["pid"]);
    }

    it("can be cancelled", () =>
      withSession(async (session) => {
        const sleep = assert.rejects(session.query("SELECT pg_sleep(60)"), (error: unknown) => {
          assert.ok(error instanceof DatabaseError);
          assert.equal(error.server.sqlState, "57014");
          return true;
        });
        await waitForSleep(database);
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
        await waitForSleep(database);
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
        await waitForSleep(database);
        await session.close();
        await sleep;
      }));
  });

  describe(`${engine.name}: TLS`, { skip: engine.skip }, () => {
    const certificate = fileURLToPath(new URL("tls/server.crt", import.meta.url));
    let server: TestServer;

    before(async () => {
      server = await engine.startServer();
    });

    after(() => server.close());

    /** By name or by address: the certificate is for the name. */
    function urlOf(query: string, host = "localhost"): string {
      return `postgres://postgres:${PASSWORD}@${host}:${server.port}/postgres?${query}`;
    }

    async function encrypted(url: string): Promise<unknown> {
      const connection = await connectPg(url);
      const [row] = await connection.query(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      );
      await connection.close();
      return row?.["ssl"];
    }

    it("is refused by a server that has none, unless it is only preferred", async () => {
      const error = await refusal(urlOf("sslmode=require"));

      assert.equal(error.code, "database-unreachable");
      assert.match(error.message, /does not offer TLS, and sslmode=require asks for it$/);
      assert.equal(await encrypted(urlOf("sslmode=prefer")), "f");
    });

    it("is checked as far as sslmode asks", async () => {
      await turnOnTls(server);

      assert.equal(await encrypted(urlOf("")), "f");
      assert.equal(await encrypted(urlOf("sslmode=prefer")), "t");
      assert.equal(await encrypted(urlOf("sslmode=require")), "t");
      assert.match(
        (await refusal(urlOf("sslmode=verify-full"))).message,
        /no secure connection to/,
      );
      assert.equal(await encrypted(urlOf(`sslmode=verify-full&sslrootcert=${certificate}`)), "t");
      assert.equal(
        await encrypted(urlOf(`sslmode=verify-ca&sslrootcert=${certificate}`, "127.0.0.1")),
        "t",
      );
      const wrongName = urlOf(`sslmode=verify-full&sslrootcert=${certificate}`, "127.0.0.1");
      assert.match((await refusal(wrongName)).message, /no secure connection to 127\.0\.0\.1/);
    });

    it("protects a request to cancel too", async () => {
      const session = await connectPg(urlOf("sslmode=require"));
      const sleep = assert.rejects(session.query("SELECT pg_sleep(60)"), DatabaseError);
      const other = await connectPg(urlOf(""));
      await waitFor(other);
      await session.cancel();
      await sleep;
      await session.close();
      await other.close();
    });
  });
}

const SLEEPING =
  "SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";

async function waitForSleep(database: PostgresDatabase): Promise<void> {
  const other = await connectPg(database.url);
  await waitFor(other);
  await other.close();
}

async function waitFor(other: Connection): Promise<void> {
  while ((await other.query(SLEEPING))[0]?.["n"] === "0") {
    await other.query("SELECT pg_sleep(0.01)");
  }
}

/** A server takes a private key only of its own user. */
async function turnOnTls(server: TestServer): Promise<void> {
  const { uid, gid } = await stat(server.dataDirectory);

  for (const name of ["server.crt", "server.key"]) {
    const file = join(server.dataDirectory, name);
    await copyFile(new URL(`tls/${name}`, import.meta.url), file);
    await chmod(file, 0o600);
    await chown(file, uid, gid);
  }

  const admin = await connectPg(server.url);
  await admin.query("ALTER SYSTEM SET ssl = on");
  await admin.query("SELECT pg_reload_conf()");
  await admin.close();

  // The reload is not done when it has been asked for.
  while (!(await readFile(server.logFile, "utf8")).includes('parameter "ssl" changed')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
