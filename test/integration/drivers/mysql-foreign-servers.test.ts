import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server } from "node:net";
import { after, describe, it } from "node:test";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import { POSTGRES_ENGINES } from "../../helpers/engines.ts";
import { errorOf, GREETING, packets, rowOf, startFakeMysql } from "./mysql-fake.ts";
import { CANARY, refusal } from "./refusal.ts";

/** Sends the bytes to whoever connects; never closes. */
async function startGreeter(bytes: Buffer): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return server;
}

function urlOf(port: number, query = ""): string {
  return `mysql://ann:${CANARY}@127.0.0.1:${port}/shop${query}`;
}

describe("a server that cannot be used for MySQL:", () => {
  const servers: { close(): void }[] = [];

  after(() => {
    for (const server of servers) {
      server.close();
    }
  });

  async function greeted(bytes: Buffer): Promise<string> {
    const server = await startGreeter(bytes);
    servers.push(server);
    return urlOf((server.address() as AddressInfo).port);
  }

  async function ofVersion(version: string): Promise<string> {
    const identity = { version, hostName: "db", connectionId: "7", maxPacket: "4096" };
    const server = await startFakeMysql(() => rowOf(identity));
    servers.push(server);
    return urlOf(server.port);
  }

  it("nothing listens", async () => {
    const server = await startGreeter(Buffer.alloc(0));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await refusal(urlOf(port));

    assert.equal(error.code, "database-unreachable");
    assert.equal(error.message, `cannot reach 127.0.0.1:${port}: nothing listens there`);
  });

  it("the host is unknown", async () => {
    const error = await refusal(`mysql://ann:${CANARY}@nowhere.invalid/shop`);

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /^cannot reach nowhere\.invalid:3306: the host name/);
  });

  it("the socket does not exist", async () => {
    const error = await refusal(`mysql://ann:${CANARY}@/shop?socket=/nowhere/my.sock`);

    assert.equal(error.message, "cannot reach /nowhere/my.sock: there is no such socket");
  });

  for (const [title, bytes, words] of [
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", /it speaks HTTP$/],
    ["SSH", "SSH-2.0-OpenSSH_9\r\n", /it speaks SSH$/],
    ["mail", "220 mail.example.org ESMTP\r\n", /its first bytes make no sense$/],
    ["the X protocol", "\x05\0\0\0\x0b\x08\x05\x1a\0", /X protocol; the port for SQL is another/],
  ] as const) {
    it(`it speaks ${title}`, async () => {
      const error = await refusal(await greeted(Buffer.from(bytes, "latin1")));

      assert.equal(error.code, "server-unsupported");
      assert.match(error.message, /^127\.0\.0\.1:\d+ answers, but not as MySQL: /);
      assert.match(error.message, words);
    });
  }

  for (const engine of POSTGRES_ENGINES.slice(0, 1)) {
    it("it is PostgreSQL, which waits for the client", { skip: engine.skip }, async () => {
      const { port } = await engine.server();
      const error = await refusal(urlOf(port, "?connect-timeout=1"));

      assert.equal(error.code, "database-unreachable");
      assert.match(error.message, /it takes the connection, but says nothing$/);
      assert.match(error.hint ?? "", /PostgreSQL/);
    });
  }

  for (const [errno, message] of [
    [1040, "Too many connections"],
    [1130, "Host '10.0.0.7' is not allowed to connect to this MySQL server"],
    [1129, "Host '10.0.0.7' is blocked because of many connection errors"],
  ] as const) {
    it(`it greets with the error ${errno}`, async () => {
      const error = await refusal(await greeted(packets([errorOf(errno, message)], 0)));

      assert.equal(error.code, "database-unreachable");
      assert.match(error.message, new RegExp(`refuses the connection: ${message}$`));
    });
  }

  it("it greets, and says no more", async () => {
    const url = await greeted(packets([GREETING], 0));
    const error = await refusal(`${url}?connect-timeout=1`);

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /: no answer in time$/);
  });

  it("it closes the connection", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    servers.push(server);
    const error = await refusal(urlOf((server.address() as AddressInfo).port));

    assert.equal(error.code, "database-unreachable");
    assert.match(error.message, /: it (?:closed|broke off) the connection/);
  });

  for (const [version, words] of [
    ["5.7.44-log", /is MySQL 5\.7\.44; Rowgate needs 8\.0 or newer$/],
    ["10.5.29-MariaDB-1:10.5.29+maria~ubu2004", /is MariaDB 10\.5\.29; Rowgate needs 10\.6/],
    ["unknown", /does not say what it is, as MySQL does$/],
  ] as const) {
    it(`it is ${version}`, async () => {
      const error = await refusal(await ofVersion(version));

      assert.equal(error.code, "server-unsupported");
      assert.match(error.message, words);
    });
  }
});

describe("a proxy that takes less than its server", () => {
  it("is named with the setting, and the session is lost", async () => {
    const identity = rowOf({
      version: "8.0.99",
      hostName: "db",
      connectionId: "7",
      maxPacket: "4096",
    });
    const server = await startFakeMysql((sql) =>
      sql.includes("VERSION()") ? identity : [errorOf(1153, "Got a packet that is too big")],
    );
    const session = await connectMysql2(urlOf(server.port));

    await assert.rejects(session.query("DO 1"), {
      code: "packet-too-large",
      message: /^127\.0\.0\.1:\d+ refuses the message: Got a packet that is too big$/,
      hint: /max_allowed_packet/,
    });
    await assert.rejects(session.query("DO 1"), { code: "packet-too-large" });
    await session.close();
    server.close();
  });
});
