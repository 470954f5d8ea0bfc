/** Sources that do not fit what a database has: a clear error, and nothing is changed, on every engine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { RowgateError } from "../../src/domain/errors.ts";
import { buildBundle, createTarget, deploy, plan, status } from "../../src/rowgate.ts";
import { fingerprint } from "../helpers/catalog.ts";
import { ENGINES, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";

const A = "CREATE TABLE a (i int);\n";
const B = "INSERT INTO a VALUES (1);\n";

const CONFLICTS = [
  {
    title: "when an applied file was edited",
    files: { "1_a.sql": "CREATE TABLE a (i bigint);\n", "2_b.sql": B },
    code: "block-edited",
    message: /^block 1 \(1_a\.sql\) was edited after it was applied on .* s1:\w+ and is now s1:/,
  },
  {
    title: "when an applied file was removed",
    files: { "2_b.sql": B },
    code: "block-missing",
    message: /^block 1 \(1_a\.sql\) was applied on .*, but this bundle does not have it$/,
  },
  {
    title: "when the database is newer",
    files: { "1_a.sql": A },
    code: "block-ahead",
    message: /^the database is ahead of this bundle: block 2 \(2_b\.sql\) was applied on /,
  },
  {
    title: "when a new file stands between applied ones",
    files: { "1_a.sql": A, "1.5_c.sql": "SELECT 1;", "2_b.sql": B },
    code: "block-out-of-order",
    message: /^block 1\.5 \(1\.5_c\.sql\) is new, but stands before block 2 \(2_b\.sql\)/,
  },
];

async function bundleOf(
  files: Readonly<Record<string, string>>,
  { dialect }: Engine,
): Promise<{ readonly bundle: Bundle; readonly close: () => Promise<void> }> {
  const tree = await writeTree(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`sql/${path}`, text])),
  );

  return { bundle: await buildBundle(join(tree.root, "sql"), { dialect }), close: tree.close };
}

/** The error of a deployment that must fail without applying anything. */
async function refusal({ url }: TestDatabase, bundle: Bundle): Promise<RowgateError> {
  const [report] = await deploy(bundle, [createTarget(url)]);

  assert.equal(report?.outcome, "failed");
  assert.deepEqual(report.applied, []);
  assert.ok(report.error !== undefined);
  return report.error;
}

/** The catalog, Rowgate's own tables included, and the history. */
async function stateOf(db: TestDatabase): Promise<string> {
  const rows = await db.query("SELECT * FROM versions ORDER BY position");

  return (await fingerprint(db, "-")) + JSON.stringify(rows);
}

for (const engine of ENGINES) {
  describe(`nothing is lost on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let bundle: Bundle;
    let state: string;
    let close: () => Promise<void>;

    before(async () => {
      db = await engine.createDatabase();
      ({ bundle, close } = await bundleOf({ "1_a.sql": A, "2_b.sql": B }, engine));
      await deploy(bundle, [createTarget(db.url)]);
      state = await stateOf(db);
    });
    after(async () => {
      await close();
      await db.close();
    });

    for (const { title, files, code, message } of CONFLICTS) {
      it(title, async () => {
        const other = await bundleOf(files, engine);
        const error = await refusal(db, other.bundle);

        await other.close();
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
      });
    }

    it("by any of these", async () => {
      assert.equal(await stateOf(db), state);
    });

    it("when somebody else has a table of the name", async () => {
      await db.query("DROP TABLE versions; CREATE TABLE versions AS SELECT 'x' AS product");
      const error = await refusal(db, bundle);

      assert.equal(error.code, "versions-foreign");
      assert.match(error.message, /^the table versions is not Rowgate's/);
      assert.match(error.hint ?? "", /--versions-table/);
      await assert.rejects(plan(bundle, createTarget(db.url)), { code: "versions-foreign" });
      await assert.rejects(status(createTarget(db.url)), { code: "versions-foreign" });
      assert.deepEqual(await db.query("SELECT * FROM versions"), [{ product: "x" }]);
    });
  });
}
