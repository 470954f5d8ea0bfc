import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { connectMysql2 } from "../../../src/drivers/mysql2.ts";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlServer,
  type ServerSettings,
} from "../../helpers/engines.ts";
import { waitForMysqlSleep } from "./mysql-sleep.ts";
import { refusal } from "./refusal.ts";

const CERTIFICATE = fileURLToPath(new URL("tls/server.crt", import.meta.url));
const KEY = fileURLToPath(new URL("tls/server.key", import.meta.url));

/** MySQL has made a certificate of its own, so it must not find it. */
const WITHOUT_TLS: Readonly<Record<string, ServerSettings>> = {
  mariadb: {},
  mysql: { ssl_cert: "nowhere.pem" },
};

for (const engine of MYSQL_ENGINES) {
  describe(`${engine.name}: TLS`, { skip: engine.skip }, () => {
    let plain: MysqlServer;
    let secure: MysqlServer;

    before(async () => {
      plain = await engine.startServer(WITHOUT_TLS[engine.kind]);
      secure = await engine.startServer({
        ssl_cert: CERTIFICATE,
        ssl_key: KEY,
        require_secure_transport: "ON",
      });
    });

    after(async () => {
      await plain.close();
      await secure.close();
    });

    it("is refused by a server that has none, unless it is only preferred", async () => {
      const error = await refusal(urlOf(plain, "ssl-mode=REQUIRED"));

      assert.equal(error.code, "database-unreachable");
      assert.match(error.message, /does not offer TLS, and ssl-mode=REQUIRED asks for it$/);
      assert.equal(await isEncrypted(urlOf(plain, "ssl-mode=PREFERRED")), false);
      assert.equal(await isEncrypted(urlOf(plain, "")), false);
    });

    it("is wanted of a host that may be remote, whatever is preferred", async () => {
      for (const query of ["", "ssl-mode=PREFERRED"]) {
        const error = await refusal(urlOf(plain, query, "0.0.0.0"));

        assert.match(error.message, /does not offer TLS/);
        assert.match(error.hint ?? "", /ssl-mode=DISABLED/);
      }
      assert.equal(await isEncrypted(urlOf(plain, "ssl-mode=DISABLED", "0.0.0.0")), false);
    });

    it("is checked as far as ssl-mode asks", async () => {
      const own = `ssl-ca=${CERTIFICATE}`;

      for (const mode of ["PREFERRED", "REQUIRED", `VERIFY_CA&${own}`, `VERIFY_IDENTITY&${own}`]) {
        assert.equal(await isEncrypted(urlOf(secure, `ssl-mode=${mode}`)), true);
      }
      for (const mode of ["VERIFY_CA", "VERIFY_IDENTITY"]) {
        const error = await refusal(urlOf(secure, `ssl-mode=${mode}`));
        assert.equal(error.code, "database-unreachable");
        assert.match(error.message, /no secure connection to localhost:.*self-signed certificate/);
        assert.match(error.hint ?? "", /ssl-ca=FILE/);
      }
    });

    it("compares the name, also where the host is an address", async () => {
      const own = `ssl-ca=${CERTIFICATE}`;
      const byAddress = urlOf(secure, `ssl-mode=VERIFY_IDENTITY&${own}`, "127.0.0.1");
      const error = await refusal(byAddress);

      assert.match(error.message, /no secure connection to 127\.0\.0\.1:.* does not match/);
      assert.match(error.hint ?? "", /^Use the name in the certificate/);
      assert.equal(
        await isEncrypted(urlOf(secure, `ssl-mode=VERIFY_CA&${own}`, "127.0.0.1")),
        true,
      );
    });

    it("is asked for in the hint where the server lets nobody in without it", async () => {
      const error = await refusal(urlOf(secure, ""));

      assert.match(error.hint ?? "", /ssl-mode=REQUIRED/);
    });

    it("protects the request to cancel too", async () => {
      const session = await connectMysql2(urlOf(secure, "ssl-mode=REQUIRED"));
      const sleep = session.query("SELECT SLEEP(60)").catch(() => undefined);
      await waitForMysqlSleep(urlOf(secure, "ssl-mode=REQUIRED"));
      await session.cancel();
      await sleep;
      await session.close();
    });
  });
}

/** By name or by address: the certificate is for the name. */
function urlOf(server: MysqlServer, query: string, host = "localhost"): string {
  return `mysql://root:${PASSWORD}@${host}:${server.port}/mysql?${query}`;
}

async function isEncrypted(url: string): Promise<boolean> {
  const connection = await connectMysql2(url);
  const [row] = await connection.query("SHOW STATUS LIKE 'Ssl_version'");
  await connection.close();
  return String(row?.["Value"]).startsWith("TLS");
}
