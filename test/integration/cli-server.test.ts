/** The command line and a real server: logins, locks and signals. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startRowgate } from "../helpers/cli.ts";
import { PASSWORD, POSTGRES_ENGINES, type PostgresDatabase } from "../helpers/engines.ts";
import { collect } from "../helpers/run.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget, readDocument } from "./cli-setup.ts";

for (const engine of POSTGRES_ENGINES) {
  describe(`rowgate and ${engine.name}`, { skip: engine.skip }, () => {
    let db: PostgresDatabase;
    let tree: TestTree;
    let cli: Cli;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree({
        "sql/1_a.sql": "CREATE TABLE a (a int);\n",
        "locked/1_b.sql": "ALTER TABLE held ADD COLUMN c int;\n",
        "slow/1_c.sql": "CREATE TABLE c (a int);\nSELECT pg_sleep(60);\n",
      });
      cli = createCli(tree.root);
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    for (const { title, change, code } of [
      { title: "a wrong password", change: { password: "canary-wrong" }, code: "login-refused" },
      { title: "an unknown database", change: { pathname: "/nope" }, code: "database-missing" },
      { title: "a server that is not there", change: { port: "1" }, code: "database-unreachable" },
    ]) {
      it(`has status 7 for ${title}, and tells no password`, async () => {
        const url = String(Object.assign(new URL(db.url), change));
        for (const command of ["deploy", "plan", "status", "log"]) {
          const args = command === "log" ? ["log", "--url", url] : [command, "sql", "--url", url];
          const result = await cli.run([...args, "--json"]);

          assert.equal(result.code, 7);
          assert.equal(onlyTarget(readDocument(result)).error?.code, code);
          assert.equal(/canary/.test(result.stdout + result.stderr), false);
        }

        const text = await cli.run(["deploy", "sql", "--url", url]);
        assert.match(
          text.stdout,
          /^default: failed, nothing applied; what is there .* not known\n$/,
        );
      });
    }

    it("takes the password of a URL out of what the server says", async () => {
      await tree.write("leak/1.sql", `DO $$ BEGIN RAISE 'the password is ${PASSWORD}'; END $$;\n`);
      const result = await cli.run(["deploy", "leak", "--url", db.url]);
      assert.equal(result.code, 1);
      assert.match(result.stderr, /the password is \*\*\*/);
    });

    it("has status 5 when a lock stays busy", async () => {
      await db.query("CREATE TABLE held (a int)");
      const holder = db.startPsql(["-c", "BEGIN; LOCK TABLE held; SELECT pg_sleep(60);"]);
      try {
        await until(async () => {
          const rows = await db.query(
            "SELECT 1 FROM pg_locks WHERE relation = 'held'::regclass AND granted",
          );
          return rows.length > 0;
        });
        const args = ["deploy", "locked", "--url", db.url, "--lock-wait", "0"];
        const document = await cli.json([...args, "--lock-timeout", "200ms"]);
        assert.equal(document.exitCode, 5);
        assert.equal(onlyTarget(document).error?.code, "lock-timeout");
      } finally {
        holder.kill("SIGKILL");
        await db.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LOCK TABLE held%' AND pid <> pg_backend_pid()",
        );
      }
    });

    for (const [signal, status] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      it(`cancels on the server and ends with ${status} on ${signal}`, async () => {
        const child = startRowgate(["deploy", "slow", "--url", db.url, "--json"], {
          cwd: tree.root,
        });
        const ended = collect(child);
        await until(async () => (await sleepers(db)) > 0);
        child.kill(signal);
        const result = await ended;
        const { outcome, applied, error } = onlyTarget(readDocument(result));
        assert.equal(result.code, status);
        assert.equal(outcome, "failed");
        assert.deepEqual(applied, []);
        assert.equal(error?.code, "cancelled");
        assert.equal(await sleepers(db), 0);
        assert.deepEqual(await db.query("SELECT to_regclass('c') AS found"), [{ found: null }]);
      });
    }
  });
}

async function sleepers(db: PostgresDatabase): Promise<number> {
  const rows = await db.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND application_name LIKE 'rowgate%'",
  );
  return rows.length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  assert.fail("it did not happen within 10 seconds");
}
