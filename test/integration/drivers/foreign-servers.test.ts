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
