import assert from "node:assert/strict";
import { chmod, chown, copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleepFor } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "../../../src/domain/errors.ts";
import { connectPg } from "../../../src/drivers/pg.ts";
import { PASSWORD, POSTGRES_ENGINES, type TestServer } from "../../helpers/engines.ts";
import { refusal } from "./refusal.ts";
import { waitForSleep } from "./sleep.ts";

for (const engine of POSTGRES_ENGINES) {
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
      await waitForSleep(urlOf(""));
      await session.cancel();
      await sleep;
      await session.close();
    });
  });
}

async function encrypted(url: string): Promise<unknown> {
  const connection = await connectPg(url);
  const [row] = await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  await connection.close();
  return row?.["ssl"];
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
    await sleepFor(20);
  }
}
