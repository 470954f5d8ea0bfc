/** The command line and a real server: logins, locks and signals. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startRowgate } from "../helpers/cli.ts";
import { PASSWORD, SERVER_ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import { collect } from "../helpers/run.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget, readDocument } from "./cli-setup.ts";
import { tablesOf, untilSome } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

/** Code that says the password by itself. */
const LEAK = {
  postgres: `DO $$ BEGIN RAISE 'the password is ${PASSWORD}'; END $$;\n`,
  mysql: `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the password is ${PASSWORD}';\n`,
} as const;

for (const engine of SERVER_ENGINES) {
  describe(`rowgate and ${engine.name}`, { skip: engine.skip }, () => {
    const texts = textsFor(engine);
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree({
        "sql/1_a.sql": "CREATE TABLE a (a int);\n",
        "locked/1_b.sql": "ALTER TABLE t ADD COLUMN c int;\n",
        "slow/1_c.sql": `${texts.sleep}\n`,
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
      await tree.write("leak/1.sql", LEAK[engine.dialect]);
      const result = await cli.run(["deploy", "leak", "--url", db.url]);
      assert.equal(result.code, 1);
      assert.match(result.stderr, /the password is \*\*\*/);
    });

    it("has status 5 when a lock stays busy", async () => {
      await db.query("CREATE TABLE t (a int)");
      const holder = await openSession(db, texts.lockTable);
      const args = ["deploy", "locked", "--url", db.url, "--lock-wait", "0"];
      const document = await cli.json([...args, "--lock-timeout", "200ms"]);
      await holder.end();

      assert.equal(document.exitCode, 5);
      assert.equal(onlyTarget(document).error?.code, "lock-timeout");
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
        await untilSome(db, texts.sleepers);
        child.kill(signal);
        const result = await ended;
        const { outcome, applied, error } = onlyTarget(readDocument(result));
        assert.equal(result.code, status);
        assert.equal(outcome, "failed");
        assert.deepEqual(applied, []);
        assert.equal(error?.code, "cancelled");
        assert.deepEqual(await db.query(texts.sleepers), []);
        assert.equal(await tablesOf(db), "t");
      });
    }
  });
}
