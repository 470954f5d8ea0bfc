import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { CANARY, refusal } from "./refusal.ts";

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

/** What a server says that lets everybody in: no password, its parameters, a key, ready. */
function welcome(parameters: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([
    message("R", "\0\0\0\0"),
    ...Object.entries(parameters).map(([name, value]) => message("S", `${name}\0${value}\0`)),
    message("K", "\0\0\0\x07\0\0\0\x07"),
    message("Z", "I"),
  ]);
}

function message(kind: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, "latin1");
  head.writeInt32BE(4 + Buffer.byteLength(body), 1);

  return Buffer.concat([head, Buffer.from(body)]);
}

describe("a server that cannot be used:", () => {
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

  it("it is too old", async () => {
    const error = await refusal(await urlOf(welcome({ server_version: "12.22" }), { waits: true }));

    assert.equal(error.code, "server-unsupported");
    assert.match(
      error.message,
      /^127\.0\.0\.1:\d+ is PostgreSQL 12\.22; Rowgate needs 13 or newer$/,
    );
  });

  it("it is CockroachDB", async () => {
    const bytes = welcome({ server_version: "13.0.0", crdb_version: "CockroachDB CCL v23.1" });
    const error = await refusal(await urlOf(bytes, { waits: true }));

    assert.equal(error.code, "server-unsupported");
    assert.match(error.message, /is CockroachDB, whose procedures cannot run DDL$/);
  });

  it("it is not ready yet", async () => {
    const fields = "SFATAL\0C57P03\0Mthe database system is starting up\0\0";
    const error = await refusal(await urlOf(message("E", fields), { waits: true }));

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /refuses the connection: the database system is starting up$/);
  });

  it("it never answers", async () => {
    const error = await refusal(await urlOf(Buffer.alloc(0), { query: "?connect_timeout=1" }));

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /no answer in time$/);
  });
});
