import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_ENGINES, type PostgresDatabase } from "../helpers/engines.ts";
import { scriptOf, type TestScript } from "../helpers/scripts.ts";

const SHOP = {
  "0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);\n",
  "0002_first.sql":
    "INSERT INTO customer VALUES (1, 'Zoë');\nINSERT INTO customer VALUES (2, 'Ann');\n",
  "views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
};

const STOP = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"];
const GO_ON = ["-X", "-q", "-f"];

for (const engine of POSTGRES_ENGINES) {
  describe(`a script run by psql on ${engine.name}`, { skip: engine.skipClients }, () => {
    let db: PostgresDatabase;
    let open: TestScript[] = [];

    const script = async (...given: Parameters<typeof scriptOf>): Promise<TestScript> => {
      const made = await scriptOf(...given);
      open.push(made);
      return made;
    };
    const history = async (): Promise<string> => {
      const rows = await db.query("SELECT id, state, done FROM versions ORDER BY position");
      return rows.map((row) => `${row["id"]} ${row["state"]} ${row["done"]}`).join(", ");
    };
    const exists = async (name: string): Promise<boolean> =>
      (await db.query(`SELECT to_regclass('${name}') IS NOT NULL AS there`))[0]?.["there"] === true;

    beforeEach(async () => {
      db = await engine.createDatabase();
    });

    afterEach(async () => {
      await Promise.all(open.map((made) => made.close()));
      open = [];
      await db.close();
    });

    it("applies every block and ends with its receipt", async () => {
      const { path } = await script(SHOP);

      const result = await db.psql([...STOP, path]);

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stderr, /NOTICE: {2}rowgate: release 1\.0 is deployed\n$/);
      assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
    });

    it("changes nothing when it is run again", async () => {
      const { path } = await script(SHOP);
      await db.psql([...STOP, path]);
      const before = await db.query("SELECT * FROM versions ORDER BY id");

      const again = await db.psql([...STOP, path]);

      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stderr, /0 applied, 3 were there/);
      assert.deepEqual(await db.query("SELECT * FROM versions ORDER BY id"), before);
      assert.equal((await db.query("SELECT count(*)::int AS n FROM customer"))[0]?.["n"], 2);
    });

    it("is applied once when eight run it at the same moment", async () => {
      const { path } = await script(SHOP);

      const results = await Promise.all(Array.from({ length: 8 }, () => db.psql([...STOP, path])));

      assert.deepEqual(
        results.map((result) => result.code),
        Array.from({ length: 8 }, () => 0),
      );
      const applied = results.filter((result) => /3 applied, 0 were there/.test(result.stderr));
      assert.equal(applied.length, 1);
      assert.equal((await db.query("SELECT count(*)::int AS n FROM customer"))[0]?.["n"], 2);
    });

    it("refuses an edited block and names both checksums", async () => {
      await db.psql([...STOP, (await script(SHOP)).path]);
      const edited = await script({
        ...SHOP,
        "0001_customer.sql": "CREATE TABLE customer (id int);\n",
      });

      const result = await db.psql([...STOP, edited.path]);

      assert.equal(result.code, 3);
      assert.match(result.stderr, /already applied blocks were changed in the source/);
      assert.match(
        result.stderr,
        /block 1 \(0001_customer\.sql\): applied .* with checksum s1:\w+, this bundle has s1:\w+/,
      );
    });

    it("refuses a database that is ahead of it", async () => {
      await db.psql([...STOP, (await script(SHOP)).path]);
      const { "0002_first.sql": _, ...older } = SHOP;

      const result = await db.psql([...STOP, (await script(older)).path]);

      assert.equal(result.code, 3);
      assert.match(
        result.stderr,
        /the database has blocks that this bundle \(release 1\.0\) does not have/,
      );
      assert.match(result.stderr, /DETAIL: {2}2 \(0002_first\.sql, release 1\.0\)/);
    });

    it("refuses a new block below an applied one, unless it is allowed", async () => {
      const { "0001_customer.sql": first, ...later } = SHOP;
      const table = { "0001_customer.sql": first, "0009_late.sql": "SELECT 9;\n" };
      await db.psql([...STOP, (await script(table)).path]);
      const merged = await script({ ...table, ...later });

      const refused = await db.psql([...STOP, merged.path]);
      const allowed = await db.psql([...STOP, merged.path], {
        env: { PGOPTIONS: "-c rowgate.out_of_order=on" },
      });

      assert.equal(refused.code, 3);
      assert.match(
        refused.stderr,
        /block 2 \(0002_first\.sql\) is new, but block 9 was applied already/,
      );
      assert.equal(allowed.code, 0, allowed.stderr);
    });

    it("applies a routine again when its text changed, and its row says so", async () => {
      await db.psql([...STOP, (await script(SHOP)).path]);
      const changed = await script({
        ...SHOP,
        "views/names.sql":
          "CREATE OR REPLACE VIEW names AS SELECT upper(name) AS name FROM customer;\n",
      });

      const result = await db.psql([...STOP, changed.path]);

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stderr, /1 applied, 2 were there/);
      assert.deepEqual(
        await db.query("SELECT event FROM versions_log WHERE id = 'views/names' ORDER BY sequence"),
        [{ event: "applied" }, { event: "reapplied" }],
      );
    });

    it("runs the always blocks each time", async () => {
      const made = await script({
        "0001_a.sql": "CREATE TABLE runs (n int);\n",
        "after/count.sql": "INSERT INTO runs VALUES (1);\n",
      });

      await db.psql([...STOP, made.path]);
      await db.psql([...STOP, made.path]);

      assert.equal((await db.query("SELECT count(*)::int AS n FROM runs"))[0]?.["n"], 2);
    });

    it("leaves nothing of a failed transaction, also without ON_ERROR_STOP", async () => {
      const { path } = await script({ ...SHOP, "0003_bad.sql": "SELECT 1;\nSELECT 1/0;\n" });

      const stopped = await db.psql([...STOP, path]);
      const wentOn = await db.psql([...GO_ON, path]);

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

      const result = await db.psql([...GO_ON, path]);

      assert.match(result.stderr, /stopped, because an earlier part of this script has failed/);
      assert.equal(await exists("later"), false);
    });

    it("works inside psql -1", async () => {
      const { path } = await script(SHOP);

      const first = await db.psql(["-1", ...STOP, path]);
      const again = await db.psql(["-1", ...STOP, path]);

      assert.equal(first.code, 0, first.stderr);
      assert.equal(again.code, 0, again.stderr);
      assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
    });

    it("rolls everything back in a dry run", async () => {
      const { path } = await script(SHOP);

      const result = await db.psql([...STOP, path], {
        env: { PGOPTIONS: "-c rowgate.dry_run=on" },
      });

      assert.equal(result.code, 3);
      assert.match(result.stderr, /3 applied, 0 were there/);
      assert.match(result.stderr, /dry run, everything is rolled back/);
      assert.equal(await exists("versions"), false);
    });

    it("stops after the target block and goes on from there", async () => {
      const { path } = await script(SHOP);
      const env = { PGOPTIONS: "-c rowgate.target=1" };

      const first = await db.psql([...STOP, path], { env });
      assert.equal(await history(), "1 applied 1");
      const rest = await db.psql([...STOP, path]);

      assert.match(first.stderr, /release 1\.0 is deployed as far as block 1/);
      assert.equal(rest.code, 0, rest.stderr);
      assert.equal(await history(), "1 applied 1, 2 applied 2, views/names applied 1");
    });

    it("refuses a target that the bundle does not have", async () => {
      const { path } = await script(SHOP);

      const result = await db.psql([...STOP, path], { env: { PGOPTIONS: "-c rowgate.target=77" } });

      assert.equal(result.code, 3);
      assert.match(result.stderr, /rowgate\.target names the block 77/);
    });

    it("needs READ COMMITTED and says so inside another transaction", async () => {
      const { path } = await script(SHOP);

      const forced = await db.psql([...STOP, path], {
        env: { PGOPTIONS: "-c default_transaction_isolation=serializable" },
      });
      const inside = await db.psql([
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
        "-f",
        path,
      ]);

      assert.equal(forced.code, 0, forced.stderr);
      assert.equal(inside.code, 3);
    });

    it("gives each block the settings and the role that the session began with", async () => {
      const { path } = await script({
        "0001_leak.sql":
          "CREATE SCHEMA s;\nSET search_path = s;\nSET TimeZone = 'Asia/Tokyo';\nSELECT pg_catalog.set_config('check_function_bodies', 'off', false);\nSET ROLE pg_monitor;\n",
        "0002_look.sql":
          "CREATE TABLE public.seen AS SELECT current_user::text AS who, current_setting('search_path') AS path, current_setting('TimeZone') AS zone, current_setting('check_function_bodies') AS bodies;\n",
      });

      const result = await db.psql([...STOP, path]);

      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(await db.query("SELECT * FROM public.seen"), [
        { who: "postgres", path: '"$user", public', zone: "UTC", bodies: "on" },
      ]);
    });

    it("refuses somebody else's versions table and leaves it alone", async () => {
      await db.query("CREATE TABLE versions (id int, note text)");
      const { path } = await script(SHOP);

      const result = await db.psql([...STOP, path]);

      assert.equal(result.code, 3);
      assert.match(result.stderr, /the table public\.versions is not Rowgate's versions table/);
      assert.match(result.stderr, /--versions-table/);
      assert.equal(await exists("customer"), false);
    });

    it("keeps its table under another name and schema when told so", async () => {
      await db.query("CREATE SCHEMA deploy");
      const { path } = await script(SHOP, { versions: { schema: "deploy", name: "Blöcke 1" } });

      const result = await db.psql([...STOP, path]);

      assert.equal(result.code, 0, result.stderr);
      assert.equal((await db.query('SELECT * FROM deploy."Blöcke 1"')).length, 3);
      assert.equal((await db.query('SELECT * FROM deploy."Blöcke 1_log"')).length, 3);
    });

    it("is a stored procedure when built as one", async () => {
      const { path } = await script(SHOP, { form: "procedure" });

      const first = await db.psql([...STOP, path]);
      const again = await db.psql([...STOP, path]);

      assert.equal(first.code, 0, first.stderr);
      assert.match(again.stderr, /0 applied, 3 were there/);
      assert.equal(
        (await db.query("SELECT 1 FROM pg_proc WHERE proname = 'rowgate_deploy'")).length,
        1,
      );
    });

    it("commits a new enum value before the block that uses it", async () => {
      const { path } = await script({
        "0001_mood.sql": "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n",
        "0002_more.sql": "ALTER TYPE mood ADD VALUE 'happy';\n",
        "0003_use.sql": "INSERT INTO t VALUES ('happy');\n",
      });

      const result = await db.psql([...STOP, path]);

      assert.equal(result.code, 0, result.stderr);
    });

    describe("with COPY data", () => {
      const COPYING = {
        "0001_t.sql": "CREATE TABLE t (id int PRIMARY KEY, name text);\n",
        "0002_rows.sql":
          "COPY t (id, name) FROM stdin;\n1\tdrop; COMMIT; $$ \\\\ 'x\n2\t\\N\n3\tä\n\\.\nUPDATE t SET name = 'none' WHERE name IS NULL;\n",
        "0003_gone.sql": "ALTER TABLE t RENAME TO u;\n",
      };
      const rows = (): Promise<readonly Record<string, unknown>[]> =>
        db.query("SELECT name FROM u ORDER BY id");

      it("loads it once, although the table has another name at the second run", async () => {
        const { path } = await script(COPYING);

        const first = await db.psql([...GO_ON, path]);
        const again = await db.psql([...GO_ON, path]);

        assert.equal(first.code, 0, first.stderr);
        assert.equal(again.code, 0, again.stderr);
        assert.deepEqual(await rows(), [
          { name: "drop; COMMIT; $$ \\ 'x" },
          { name: "none" },
          { name: "ä" },
        ]);
      });

      it("leaves nothing when a later statement of the transaction fails", async () => {
        const bad = await script({ ...COPYING, "0003_gone.sql": "SELECT 1/0;\n" });

        const result = await db.psql([...GO_ON, bad.path]);

        assert.equal(result.code, 3);
        assert.equal(await exists("t"), false);
        assert.equal((await db.psql([...STOP, (await script(COPYING)).path])).code, 0);
      });

      it("never takes the data for SQL when the COPY itself fails", async () => {
        const bad = await script({
          "0001_t.sql": "CREATE TABLE t (id int);\n",
          "0002_rows.sql": "COPY nowhere FROM stdin;\n1; COMMIT; CREATE TABLE harm ();\n\\.\n",
        });

        const result = await db.psql([...GO_ON, bad.path]);

        assert.equal(result.code, 3);
        assert.equal(await exists("harm"), false);
        assert.equal(await exists("t"), false);
      });
    });

    describe("with a block outside of a transaction", () => {
      const OUTSIDE = {
        "0001_t.sql": "CREATE TABLE t (a int);\nINSERT INTO t SELECT generate_series(1, 100);\n",
        "0002_index.sql": "CREATE INDEX CONCURRENTLY t_a ON t (a);\nVACUUM t;\n",
        "0003_more.sql": "CREATE TABLE more (a int);\n",
      };

      it("runs it statement by statement, once", async () => {
        const { path } = await script(OUTSIDE);

        const first = await db.psql([...STOP, path]);
        const again = await db.psql([...STOP, path]);

        assert.equal(first.code, 0, first.stderr);
        assert.equal(again.code, 0, again.stderr);
        assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
        assert.equal(await exists("t_a"), true);
      });

      it("stops at its failing statement, and says how to go on", async () => {
        const { path } = await script({
          ...OUTSIDE,
          "0002_index.sql": "VACUUM t;\nVACUUM nope;\n",
        });

        const first = await db.psql([...GO_ON, path]);
        const again = await db.psql([...GO_ON, path]);

        assert.equal(first.code, 3);
        assert.equal(await history(), "1 applied 2, 2 running 1");
        assert.match(again.stderr, /block 2 \(0002_index\.sql\) is running since/);
        assert.match(again.stderr, /HINT: .*SET state = 'failed'/);
        assert.equal(await exists("more"), false);
      });

      it("goes on after the statements that are done", async () => {
        const { path } = await script({
          ...OUTSIDE,
          "0002_index.sql": "VACUUM t;\nVACUUM later;\n",
        });
        await db.psql([...GO_ON, path]);
        await db.query("CREATE TABLE later (a int)");
        await db.query("UPDATE versions SET state = 'failed' WHERE id = '2'");

        const resumed = await db.psql([...STOP, path]);

        assert.equal(resumed.code, 0, resumed.stderr);
        assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
      });

      it("is run by one of two that come at the same moment", async () => {
        const { path } = await script(OUTSIDE);

        const results = await Promise.all([db.psql([...GO_ON, path]), db.psql([...GO_ON, path])]);

        assert.ok(results.some((result) => result.code === 0));
        const last = await db.psql([...STOP, path]);
        assert.equal(last.code, 0, last.stderr);
        assert.equal(await history(), "1 applied 2, 2 applied 2, 3 applied 1");
      });

      it("is not run in a dry run", async () => {
        const { path } = await script(OUTSIDE);

        const result = await db.psql([...GO_ON, path], {
          env: { PGOPTIONS: "-c rowgate.dry_run=on" },
        });

        assert.equal(result.code, 3);
        assert.equal(await exists("t"), false);
      });
    });

    describe("by a role with few rights", () => {
      const ROLE = "rowgate_few_rights";
      const as = { env: { PGUSER: ROLE, PGPASSWORD: "few" } };

      before(async () => {
        const admin = await engine.createDatabase();
        await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'few'`);
        await admin.close();
      });

      after(async () => {
        const admin = await engine.createDatabase();
        await admin.query(`DROP ROLE ${ROLE}`);
        await admin.close();
      });

      it("names the GRANT when the role may not create the table", async () => {
        const { path } = await script(SHOP);
        await db.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        const result = await db.psql([...STOP, path], as);

        assert.equal(result.code, 3);
        assert.match(result.stderr, /HINT: .*GRANT CREATE ON SCHEMA public TO rowgate_few_rights;/);
      });

      it("names the GRANT when the role may not read the table", async () => {
        const { path } = await script(SHOP);
        await db.psql([...STOP, path]);

        const result = await db.psql([...STOP, path], as);

        assert.equal(result.code, 3);
        assert.match(
          result.stderr,
          /GRANT SELECT, INSERT, UPDATE ON public\.versions, public\.versions_log TO rowgate_few_rights;/,
        );
      });

      it("needs no more than CREATE on the schema", async () => {
        const { path } = await script(SHOP);
        await db.query(
          `GRANT CREATE ON SCHEMA public TO ${ROLE}; REVOKE TEMP ON DATABASE ${db.name} FROM PUBLIC`,
        );

        const result = await db.psql([...STOP, path], as);
        await db.query(`DROP OWNED BY ${ROLE}`);

        assert.equal(result.code, 0, result.stderr);
      });
    });

    it("does nothing in a read-only session when nothing is to do", async () => {
      const { path } = await script(SHOP);
      const env = { PGOPTIONS: "-c default_transaction_read_only=on" };

      const refused = await db.psql([...STOP, path], { env });
      await db.psql([...STOP, path]);
      const nothing = await db.psql([...STOP, path], { env });

      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /read-only transaction/);
      assert.equal(nothing.code, 0, nothing.stderr);
    });

    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      it(`leaves nothing when psql is ended by ${signal} in the middle`, async () => {
        const { path } = await script({ ...SHOP, "0003_slow.sql": "SELECT pg_sleep(60);\n" });
        const psql = db.startPsql([...STOP, path]);
        const ended = once(psql, "exit");
        await untilSleeping(db);

        psql.kill(signal);
        await ended;
        await db.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        await untilAlone(db);

        assert.equal(await exists("versions"), false);
        assert.equal((await db.psql([...STOP, (await script(SHOP)).path])).code, 0);
      });
    }

    it("tells a waiting run who holds the lock", async () => {
      const { path } = await script({ ...SHOP, "0003_slow.sql": "SELECT pg_sleep(2);\n" });
      const first = db.psql([...STOP, path]);
      await untilSleeping(db);

      const second = await db.psql([...STOP, path]);

      assert.equal((await first).code, 0);
      assert.equal(second.code, 0, second.stderr);
      assert.match(second.stderr, /waiting for another deployment: pid \d+, user postgres/);
      assert.match(second.stderr, /0 applied, 4 were there/);
    });

    it("does nothing when it is cut off in the middle of the file", async () => {
      const made = await script(SHOP);
      await writeFile(made.path, made.text.slice(0, made.text.indexOf("COMMIT;")));

      await db.psql([...GO_ON, made.path]);

      assert.equal(await exists("versions"), false);
    });
  });
}

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
