import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlDatabase,
  type MysqlServer,
} from "../../helpers/engines.ts";
import { startProxy } from "../../helpers/proxy.ts";
import { CANARY, refusal } from "./refusal.ts";

const ODD_PASSWORD = "p@ß:/?#%' \"\\ 😀";

/** Beyond the one that all other tests log in by. */
const PLUGINS = { mysql: ["caching_sha2_password", "sha256_password"], mariadb: [] };

for (const engine of MYSQL_ENGINES) {
  describe(`${engine.name}: log-in`, { skip: engine.skip }, () => {
    let server: MysqlServer;
    let database: MysqlDatabase;

    before(async () => {
      server = await engine.startServer();
      database = await engine.createDatabaseOn(server);
    });

    after(() => server.close());

    function urlOf(user: string, password: string, name = database.name): string {
      const login = `${user}:${encodeURIComponent(password)}`;
      return `mysql://${login}@${server.host}:${server.port}/${name}`;
    }

    /** Creates an account, by default with all rights in the database. */
    async function createUser(
      name: string,
      identified: string,
      rights = `GRANT ALL ON ${database.name}.* TO ${name}@'%'`,
    ): Promise<void> {
      await database.query(`CREATE USER ${name}@'%' ${identified}; ${rights}`);
    }

    it("is refused with a wrong password", async () => {
      const error = await refusal(urlOf("root", CANARY));

      assert.equal(error.code, "login-refused");
      assert.match(error.message, /^127\.0\.0\.1:\d+ refuses user root: Access denied for user /);
    });

    it("is refused without a password", async () => {
      const error = await refusal(urlOf("root", ""));

      assert.equal(error.code, "login-refused");
      assert.match(error.message, /\(using password: NO\)$/);
    });

    it("is refused for a database that does not exist", async () => {
      const error = await refusal(urlOf("root", PASSWORD, "nix"));

      assert.equal(error.code, "database-missing");
      assert.match(error.message, /^127\.0\.0\.1:\d+ has no database nix$/);
      assert.equal(error.hint, "Create it: CREATE DATABASE `nix`;");
    });

    it("is refused without a database, before anything is sent", async () => {
      const error = await refusal(`mysql://root:${CANARY}@nowhere.invalid`);

      assert.equal(error.code, "database-missing");
      assert.equal(error.message, "the database URL names no database");
    });

    it("is refused without rights in the database", async () => {
      await createUser("stranger", "IDENTIFIED BY 'x'", "DO 0");
      const error = await refusal(urlOf("stranger", "x"));

      assert.equal(error.code, "permission-denied");
      assert.match(error.message, /does not let user stranger use database rowgate_test_/);
    });

    it("is refused for an account that is locked, or has an expired password", async () => {
      await createUser("locked", "IDENTIFIED BY 'x' ACCOUNT LOCK");
      await createUser("expired", "IDENTIFIED BY 'x' PASSWORD EXPIRE");

      for (const user of ["locked", "expired"]) {
        assert.equal((await refusal(urlOf(user, "x"))).code, "login-refused");
      }
    });

    it("takes a password of odd characters", async () => {
      const quoted = ODD_PASSWORD.replaceAll(/['\\]/g, "\\$&");
      await createUser("odd", `IDENTIFIED BY '${quoted}'`);

      assert.equal(await userOf(urlOf("odd", ODD_PASSWORD)), "odd@%");
    });

    it("takes an account without a password", async () => {
      await createUser("open", "");

      assert.equal(await userOf(urlOf("open", "")), "open@%");
    });

    it("works through a Unix socket", async () => {
      const url = `mysql://root:${PASSWORD}@/${database.name}?socket=${server.socket}`;

      assert.equal(await userOf(url), "root@%");
    });

    it("costs two round trips, and one for each message", async () => {
      const proxy = await startProxy({ port: server.port });
      const connection = await connectMysql2(proxy.url(database.url));
      const login = proxy.roundTrips;
      await connection.query("SELECT 1; SELECT 2; DO 3");

      assert.deepEqual([proxy.connections, login, proxy.roundTrips], [1, 2, 3]);
      await connection.close();
      await proxy.close();
    });

    for (const plugin of PLUGINS[engine.kind]) {
      it(`knows ${plugin}, with TLS and without`, async () => {
        for (const [user, query] of [
          [`plain_${plugin}`, ""],
          [`tls_${plugin}`, "?ssl-mode=REQUIRED"],
        ] as const) {
          await createUser(user, `IDENTIFIED WITH ${plugin} BY '${CANARY}'`);

          assert.equal(await userOf(urlOf(user, CANARY) + query), `${user}@%`);
        }
      });
    }

    if (engine.kind === "mariadb") {
      it("is refused where it takes what mysql2 has not", async () => {
        await database.query("INSTALL SONAME 'auth_ed25519'");
        await createUser("edward", "IDENTIFIED VIA ed25519 USING PASSWORD('x')");
        const error = await refusal(urlOf("edward", "x"));

        assert.equal(error.code, "login-refused");
        assert.match(
          error.message,
          /asks user edward to log in by client_ed25519, which Rowgate does not know$/,
        );
      });
    }
  });
}

async function userOf(url: string): Promise<unknown> {
  const connection = await connectMysql2(url);
  const [row] = await connection.query("SELECT CURRENT_USER() AS user");
  await connection.close();
  return row?.["user"];
}
