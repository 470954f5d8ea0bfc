/** PostgreSQL databases that cannot be deployed to: a clear error, and nothing is changed. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { RowgateError } from "../../src/domain/errors.ts";
import { buildBundle, createTarget, deploy, plan, status, writeBundle } from "../../src/rowgate.ts";
import { fingerprint } from "../helpers/catalog.ts";
import {
  POSTGRES_FAMILY,
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type TestDatabase,
} from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";

const FILES = {
  "sql/1_a.sql": "CREATE TABLE a (i int);\n",
  "sql/2_b.sql": "INSERT INTO a VALUES (1);\n",
};

let tree: TestTree;
let bundle: Bundle;

before(async () => {
  tree = await writeTree(FILES);
  bundle = await buildBundle(join(tree.root, "sql"));
});
after(async () => {
  await tree.close();
});

/** The error of a deployment that must fail without applying anything. */
async function refusal(url: string, source = bundle): Promise<RowgateError> {
  const [report] = await deploy(source, [createTarget(url)]);

  assert.equal(report?.outcome, "failed");
  assert.deepEqual(report.applied, []);
  assert.ok(report.error !== undefined);
  return report.error;
}

/** The catalog, and the history where there is one. */
async function stateOf(db: TestDatabase): Promise<string> {
  const rows = await db.query(
    "SELECT query_to_xml(format('SELECT * FROM %s', oid::regclass), true, false, '')::text AS history FROM pg_class WHERE relname = 'versions'",
  );

  return (await fingerprint(db, "-")) + JSON.stringify(rows);
}

/** Fails when `work` changes anything of it. */
async function unchanged(db: TestDatabase, work: () => Promise<void>): Promise<void> {
  const state = await stateOf(db);
  await work();
  assert.equal(await stateOf(db), state);
}

for (const engine of POSTGRES_FAMILY) {
  describe(`nothing is lost of a transaction on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
      await deploy(bundle, [createTarget(db.url)]);
    });
    after(async () => {
      await db.close();
    });

    for (const { title, sql, says, hint } of [
      {
        title: "when a statement fails in the middle",
        sql: "CREATE TABLE half (i int);\nINSERT INTO half VALUES ('x');",
        says: /^invalid input syntax for type integer: "x"$/,
        hint: /^$/,
      },
      {
        title: "when code commits by itself inside the transaction",
        sql: "DO $$ BEGIN COMMIT; END $$;",
        says: /^invalid transaction termination$/,
        hint: /^Write `-- rowgate: no-transaction` at the top/,
      },
    ]) {
      it(title, async () => {
        const files = { "1_a.sql": FILES["sql/1_a.sql"], "2_b.sql": FILES["sql/2_b.sql"] };
        const other = await writeTree({ ...files, "3_c.sql": sql });

        await unchanged(db, async () => {
          const error = await refusal(db.url, await buildBundle(other.root));
          assert.equal(error.code, "sql-failed", error.message);
          assert.match(error.message, says);
          assert.equal(error.at?.path, "3_c.sql");
          assert.match(error.hint ?? "", hint);
        });
        await other.close();
      });
    }
  });
}

for (const engine of POSTGRES_ENGINES) {
  describe(`nothing is changed on ${engine.name}`, { skip: engine.skipClients }, () => {
    let db: PostgresDatabase;
    let asWeak: URL;
    const role = `weak_${engine.major}`;

    before(async () => {
      db = await engine.createDatabase();
      asWeak = new URL(db.url);
      asWeak.username = role;
      await db.query(`CREATE ROLE ${role} LOGIN PASSWORD '${asWeak.password}'`);
      await db.query("REVOKE ALL ON SCHEMA public FROM public");
    });
    after(async () => {
      await db.close();
    });

    it("by a role that may not use any schema", async () => {
      await unchanged(db, async () => {
        const error = await refusal(asWeak.href);
        assert.match(error.message, /^the search_path names no schema to keep the table /);
        assert.match(error.hint ?? "", /^Set search_path, or name the schema/);
        assert.equal(error.server?.context, undefined);
      });
    });

    it("by a role that may not create the versions table", async () => {
      await db.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
      await unchanged(db, async () => {
        const error = await refusal(asWeak.href);
        assert.equal(error.code, "permission-denied");
        assert.equal(error.message, `the role ${role} may not create the table public.versions`);
        assert.match(error.hint ?? "", /GRANT CREATE ON SCHEMA public TO /);
      });
    });

    it("by a role that may only read the history, which is enough for a plan", async () => {
      await deploy(bundle, [createTarget(db.url)], { to: "1" });
      await db.query(`GRANT SELECT ON versions TO ${role}`);

      await unchanged(db, async () => {
        const error = await refusal(asWeak.href);
        assert.equal(error.code, "permission-denied");
        assert.match(error.message, /may not read and write the table public\.versions$/);
        assert.match(error.hint ?? "", /GRANT SELECT, INSERT, UPDATE ON public\.versions, /);
        const { comparison } = await plan(bundle, createTarget(asWeak.href));
        assert.deepEqual(
          comparison.pending.map(({ block }) => block.id),
          ["2"],
        );
      });
    });

    it("where transactions are read-only", async () => {
      await db.query(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
      await unchanged(db, async () => {
        const error = await refusal(db.url);
        assert.equal(error.code, "read-only");
        assert.match(error.hint ?? "", /primary/);
      });
    });

    it("by a script that is cut off anywhere, run by psql without ON_ERROR_STOP", async () => {
      const fresh = await engine.createDatabase();
      const script = join(tree.root, "release.sql");
      await writeBundle(bundle, script);
      const text = await readFile(script, "utf8");
      const commit = text.lastIndexOf("COMMIT;");

      await unchanged(fresh, async () => {
        for (const share of [0.2, 0.5, 0.8, 0.9, 0.97, 1]) {
          const cut = join(tree.root, "cut.sql");
          await writeFile(cut, text.slice(0, Math.floor(commit * share)));
          const result = await fresh.psql(["-X", "-q", "-f", cut]);
          assert.doesNotMatch(result.stderr, /is deployed/);
        }
      });
      await fresh.close();
    });
  });
}

const standbyEngine = POSTGRES_ENGINES[0];

describe("a hot standby", { skip: standbyEngine?.skip ?? "no engine" }, () => {
  it("can be planned and asked for its status, and a deployment is refused", async () => {
    assert.ok(standbyEngine !== undefined);
    const server = await standbyEngine.startServer();

    try {
      const db = await standbyEngine.createDatabaseOn(server);
      await deploy(bundle, [createTarget(db.url)], { to: "1" });
      await server.stop();
      await writeFile(join(server.dataDirectory, "standby.signal"), "");
      await server.restart();

      const error = await refusal(db.url);
      assert.equal(error.code, "read-only");
      assert.equal(
        error.hint,
        "Deploy to the primary server, with a role whose sessions may write.",
      );
      const { comparison } = await plan(bundle, createTarget(db.url));
      assert.equal(comparison.pending.length, 1);
      assert.equal((await status(createTarget(db.url), bundle)).blocks.length, 2);
    } finally {
      await server.close();
    }
  });
});
