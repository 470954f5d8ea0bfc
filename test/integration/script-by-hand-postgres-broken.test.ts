/** A script that fails, or is broken off, while psql runs it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresDatabase } from "../helpers/engines.ts";
import { describeByHand, GO_ON, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

describeByHand("a script that is broken off", (hand) => {
  const { script, exists } = hand;

  it("leaves nothing of a failed transaction, also without ON_ERROR_STOP", async () => {
    const { path } = await script({ ...SHOP, "0003_bad.sql": "SELECT 1;\nSELECT 1/0;\n" });

    const stopped = await hand.db.psql([...STOP, path]);
    const wentOn = await hand.db.psql([...GO_ON, path]);

    assert.equal(stopped.code, 3);
    assert.equal(wentOn.code, 0);
    assert.match(wentOn.stderr, /division by zero/);
    assert.match(wentOn.stderr, /\/\* 0003_bad\.sql:2 \*\//);
    assert.match(wentOn.stderr, /ERROR: {2}rowgate: release 1\.0 is NOT deployed/);
    assert.equal(await exists("customer"), false);
    assert.equal(await exists("versions"), false);
  });

  it("runs no later part after a failed one, without ON_ERROR_STOP", async () => {
    const { path } = await script(
      { "0001_bad.sql": "SELECT 1/0;\n", "0002_table.sql": "CREATE TABLE later (n int);\n" },
      { transaction: "block" },
    );

    const result = await hand.db.psql([...GO_ON, path]);

    assert.match(result.stderr, /stopped, because an earlier part of this script has failed/);
    assert.equal(await exists("later"), false);
  });

  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    it(`leaves nothing when psql is ended by ${signal} in the middle`, async () => {
      const { path } = await script({ ...SHOP, "0003_slow.sql": "SELECT pg_sleep(60);\n" });
      const psql = hand.db.startPsql([...STOP, path]);
      const ended = once(psql, "exit");
      await untilSleeping(hand.db);

      psql.kill(signal);
      await ended;
      await hand.db.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      await untilAlone(hand.db);

      assert.equal(await exists("versions"), false);
      assert.equal((await hand.db.psql([...STOP, (await script(SHOP)).path])).code, 0);
    });
  }

  it("tells a waiting run who holds the lock", async () => {
    const { path } = await script({ ...SHOP, "0003_slow.sql": "SELECT pg_sleep(2);\n" });
    const first = hand.db.psql([...STOP, path]);
    await untilSleeping(hand.db);

    const second = await hand.db.psql([...STOP, path]);

    assert.equal((await first).code, 0);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /waiting for another deployment: pid \d+, user postgres/);
    assert.match(second.stderr, /0 applied, 4 were there/);
  });

  it("does nothing when it is cut off in the middle of the file", async () => {
    const made = await script(SHOP);
    await writeFile(made.path, made.text.slice(0, made.text.indexOf("COMMIT;")));

    await hand.db.psql([...GO_ON, made.path]);

    assert.equal(await exists("versions"), false);
  });
});

async function untilSleeping(db: PostgresDatabase): Promise<void> {
  await until(
    db,
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
  );
}

async function untilAlone(db: PostgresDatabase): Promise<void> {
  await until(
    db,
    "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')",
  );
}

async function until(db: PostgresDatabase, query: string): Promise<void> {
  while ((await db.query(query)).length === 0) {
    await sleep(50);
  }
}
