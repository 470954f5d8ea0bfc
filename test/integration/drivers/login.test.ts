import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connectPg } from "../../../src/drivers/pg.ts";
import {
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type PostgresServer,
} from "../../helpers/engines.ts";
import { CANARY, refusal } from "./refusal.ts";

function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

for (const engine of POSTGRES_ENGINES) {
  describe(`${engine.name}: log-in`, { skip: engine.skip }, () => {
    let database: PostgresDatabase;
    let server: PostgresServer;

    before(async () => {
      database = await engine.createDatabaseOn(await engine.server());
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
}
