/** Databases that cannot be deployed to: a clear error, and nothing is changed. */
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
  describe(`nothing is lost on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let state: string;

    before(async () => {
      db = await engine.createDatabase();
      await deploy(bundle, [createTarget(db.url)]);
      state = await stateOf(db);
    });
    after(async () => {
      await db.close();
    });

    for (const { title, files, code, message } of [
      {
        title: "when an applied file was edited",
        files: { "1_a.sql": "CREATE TABLE a (i bigint);\n", "2_b.sql": FILES["sql/2_b.sql"] },
        code: "block-edited",
        message:
          /^block 1 \(1_a\.sql\) was edited after it was applied on .* s1:\w+ and is now s1:/,
      },
      {
        title: "when an applied file was removed",
        files: { "2_b.sql": FILES["sql/2_b.sql"] },
        code: "block-missing",
        message: /^block 1 \(1_a\.sql\) was applied on .*, but this bundle does not have it$/,
      },
      {
        title: "when the database is newer",
        files: { "1_a.sql": FILES["sql/1_a.sql"] },
        code: "block-ahead",
        message: /^the database is ahead of this bundle: block 2 \(2_b\.sql\) was applied on /,
      },
      {
        title: "when a new file stands between applied ones",
        files: {
          "1_a.sql": FILES["sql/1_a.sql"],
          "1.5_c.sql": "SELECT 1;",
          "2_b.sql": FILES["sql/2_b.sql"],
        },
        code: "block-out-of-order",
        message: /^block 1\.5 \(1\.5_c\.sql\) is new, but stands before block 2 \(2_b\.sql\)/,
      },
      {
        title: "when a statement fails in the middle",
        files: {
          "1_a.sql": FILES["sql/1_a.sql"],
          "2_b.sql": FILES["sql/2_b.sql"],
          "3_c.sql": "CREATE TABLE half (i int);\nINSERT INTO half VALUES ('x');",
        },
        code: "sql-failed",
        message: /^invalid input syntax for type integer: "x"$/,
      },
    ]) {
      it(title, async () => {
        const other = await writeTree(files);
        const error = await refusal(db.url, await buildBundle(other.root));

        await other.close();
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
      });
    }

    it("when code commits by itself inside the transaction", async () => {
      const files = { "1_a.sql": FILES["sql/1_a.sql"], "2_b.sql": FILES["sql/2_b.sql"] };
      const other = await writeTree({ ...files, "3_c.sql": "DO $$ BEGIN COMMIT; END $$;" });
      const error = await refusal(db.url, await buildBundle(other.root));

      await other.close();
      assert.equal(error.message, "invalid transaction termination");
      assert.equal(error.at?.path, "3_c.sql");
      assert.match(error.hint ?? "", /^Write `-- rowgate: no-transaction` at the top/);
    });

    it("by any of these", async () => {
      assert.equal(await stateOf(db), state);
    });

    it("when somebody else has a table of the name", async () => {
      await db.query("DROP TABLE versions; CREATE TABLE versions AS SELECT 'x' AS product");
      const error = await refusal(db.url);

      assert.equal(error.code, "versions-foreign");
      assert.match(error.message, /^the table versions is not Rowgate's/);
      assert.match(error.hint ?? "", /--versions-table/);
      await assert.rejects(plan(bundle, createTarget(db.url)), { code: "versions-foreign" });
      await assert.rejects(status(createTarget(db.url)), { code: "versions-foreign" });
      assert.deepEqual(await db.query("SELECT * FROM versions"), [{ product: "x" }]);
    });
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
