/** `rowgate check`, and what `rowgate plan` adds to it on every engine. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ENGINES, type TestDatabase } from "../helpers/engines.ts";
import { run } from "../helpers/run.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, type Json, onlyTarget } from "./cli-setup.ts";

interface FoundJson {
  readonly rule: string;
  readonly level: string;
  readonly file: string;
  readonly line: number;
  readonly allowed?: string;
  readonly size?: { readonly rows?: number; readonly bytes: number; readonly isEmpty: boolean };
}

function findingsOf({ findings }: { readonly [key: string]: unknown }): readonly FoundJson[] {
  assert.ok(Array.isArray(findings));
  return findings;
}

function shown(document: Json): readonly string[] {
  return findingsOf(document).map(({ rule, file, line }) => `${rule} ${file}:${line}`);
}

describe("rowgate check", () => {
  let tree: TestTree;
  let cli: Cli;

  beforeEach(async () => {
    tree = await writeTree({
      "sql/0001_a.sql": "CREATE TABLE a (x int);\n",
      "sql/0002_b.sql":
        '-- rowgate: allow drop-table because "moved to s3"\nDROP TABLE b;\n\n-- why\nTRUNCATE TABLE a;\n',
    });
    cli = createCli(tree.root);
  });
  after(() => tree.close());

  it("ends with 9, and shows the place, why and the safe way; what is allowed does not count", async () => {
    const { code, stdout, stderr } = await cli.run(["check"]);

    assert.equal(code, 9);
    assert.match(
      stdout,
      /^sql\/0002_b\.sql:2:1: allowed \[drop-table\]: DROP TABLE b: .*\n {2}because: moved to s3$/m,
    );
    assert.match(
      stdout,
      /^sql\/0002_b\.sql:5:1: error \[truncate\]: TRUNCATE a: .*\n {2}safe way: /m,
    );
    assert.match(stdout, /^1 error, 0 warnings, 1 allowed in 2 blocks$/m);
    assert.match(stderr, /error \[check-failed\]: 1 finding of the safety check/);
  });

  it("ends with 0 when nothing is found, and when warnings are; not with --strict", async () => {
    await tree.write("sql/0002_b.sql", "SELECT 1;\n");
    assert.equal((await cli.run(["check"])).code, 0);

    await tree.write("sql/0002_b.sql", "GRANT SELECT ON a TO b;\n");
    assert.equal((await cli.run(["check"])).code, 0);
    assert.equal((await cli.run(["check", "--strict"])).code, 9);
  });

  it("tells the same in JSON, of a script, and for MySQL", async () => {
    const document = await cli.json(["check"]);

    assert.equal(document.error?.code, "check-failed");
    assert.deepEqual(shown(document), ["drop-table 0002_b.sql:2", "truncate 0002_b.sql:5"]);
    assert.equal(findingsOf(document)[0]?.allowed, "moved to s3");
    for (const dialect of ["postgres", "mysql"]) {
      await cli.run(["bundle", "sql", "--dialect", dialect, "--output", "r.sql"]);
      assert.deepEqual(shown(await cli.json(["check", "r.sql"])), shown(document));
      assert.deepEqual(shown(await cli.json(["check", "--dialect", dialect])), shown(document));
    }
  });

  it("obeys --rule and rowgate.yaml", async () => {
    assert.deepEqual(shown(await cli.json(["check", "--rule", "truncate"])), [
      "truncate 0002_b.sql:5",
    ]);
    await tree.write("rowgate.yaml", "check: { rules: { truncate: off } }\n");
    assert.equal((await cli.run(["check"])).code, 0);
  });

  const refused: readonly (readonly [args: readonly string[], message: RegExp, yaml?: string])[] = [
    [["--rule", "drop-tabel"], /there is no rule "drop-tabel"[^]*Did you mean drop-table\?/],
    [["--base", "main"], /needs a source in a work tree of Git/],
    [["nowhere"], /source-missing/],
    [[], /config-invalid[^]*truncat/, "check: { rules: { truncat: off } }\n"],
    [[], /config-invalid/, "check: { rules: { truncate: never } }\n"],
  ];

  for (const [args, message, yaml] of refused) {
    it(`refuses ${[...args, yaml ?? ""].join(" ").trim()}`, async () => {
      if (yaml !== undefined) {
        await tree.write("rowgate.yaml", yaml);
      }
      const { code, stderr } = await cli.run(["check", ...args]);

      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});

describe("rowgate check --base", () => {
  let tree: TestTree;
  let cli: Cli;

  const git = async (...args: readonly string[]): Promise<void> => {
    const author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    const { code, stderr } = await run("git", ["-C", tree.root, ...author, ...args]);
    assert.equal(code, 0, stderr);
  };

  /** `main` has gone on to 4 since the branch `work` began at 2. */
  before(async () => {
    tree = await writeTree({
      "db/sql/0001_a.sql": "CREATE TABLE a (x int);\n",
      "db/sql/0002_b.sql": "TRUNCATE TABLE a;\n",
    });
    cli = createCli(tree.root);
    await git("init", "-q", "-b", "main");
    await git("add", ".");
    await git("commit", "-qm", "one");
    await git("branch", "work");
    await tree.write("db/sql/0004_d.sql", "SELECT 4;\n");
    await git("add", ".");
    await git("commit", "-qm", "two");
    await git("checkout", "-q", "work");
  });
  after(() => tree.close());

  it("finds nothing in a branch without changes, whatever the base holds", async () => {
    assert.deepEqual(shown(await cli.json(["check", "db/sql", "--base", "main"])), []);
  });

  it("looks at what was added, committed or not, and at its numbers", async () => {
    await tree.write("db/sql/0003_c.sql", "CREATE TABLE c (x int);\nDROP TABLE a;\n");
    await tree.write("db/sql/0004_e.sql", "TRUNCATE TABLE c;\n");

    const document = await cli.json(["check", "db/sql", "--base", "main"]);

    assert.equal(document.exitCode, 9);
    assert.deepEqual(shown(document), [
      "branch-late 0003_c.sql:1",
      "branch-duplicate 0004_e.sql:1",
      "drop-table 0003_c.sql:2",
    ]);
    await git("add", ".");
    assert.deepEqual(shown(await cli.json(["check", "db/sql", "--base", "main"])), shown(document));
  });

  it("leaves the index and the files of the work tree as they are", async () => {
    const earlier = await run("git", ["-C", tree.root, "status", "--porcelain"]);
    await cli.run(["check", "db/sql", "--base", "main"]);
    const { stdout } = await run("git", ["-C", tree.root, "status", "--porcelain"]);

    assert.equal(stdout, earlier.stdout);
    assert.equal(stdout, "A  db/sql/0003_c.sql\nA  db/sql/0004_e.sql\n");
  });

  it("works before the source was committed at all", async () => {
    await tree.write("other/0001_a.sql", "DROP TABLE x;\n");

    assert.deepEqual(shown(await cli.json(["check", "other", "--base", "main"])), [
      "drop-table 0001_a.sql:1",
    ]);
  });

  for (const ref of ["nope", "--upload-pack=x", ""]) {
    it(`refuses the ref "${ref}"`, async () => {
      const { code, stderr } = await cli.run(["check", "db/sql", `--base=${ref}`]);

      assert.equal(code, 2);
      assert.match(stderr, /ref-missing/);
    });
  }

  it("refuses a script", async () => {
    await cli.run(["bundle", "db/sql", "--output", "r.sql"]);
    const { code, stderr } = await cli.run(["check", "r.sql", "--base", "main"]);

    assert.equal(code, 2);
    assert.match(stderr, /a script has none/);
  });
});

for (const engine of ENGINES) {
  describe(`the findings of rowgate plan on ${engine.name}`, { skip: engine.skip }, () => {
    let db: TestDatabase;
    let tree: TestTree;
    let cli: Cli;

    before(async () => {
      db = await engine.createDatabase();
      tree = await writeTree({
        "sql/0001_full.sql": "CREATE TABLE filled (x int);\nINSERT INTO filled VALUES (1), (2);\n",
        "sql/0002_empty.sql": "CREATE TABLE hollow (x int);\n",
      });
      cli = createCli(tree.root);
      assert.equal((await cli.run(["deploy", "--url", db.url])).code, 0);
      await tree.write(
        "sql/0003_c.sql",
        "CREATE TABLE fresh (x int);\nALTER TABLE fresh ADD y int NOT NULL;\n",
      );
      await tree.write(
        "sql/0004_d.sql",
        "ALTER TABLE filled ADD y int NOT NULL;\nALTER TABLE hollow ADD y int NOT NULL;\n",
      );
      await tree.write(
        "sql/0005_e.sql",
        "ALTER TABLE hollow DROP COLUMN x;\nALTER TABLE fresh DROP COLUMN y;\n",
      );
    });
    after(async () => {
      await tree.close();
      await db.close();
    });

    it("know the size of each table, and call what is empty harmless", async () => {
      const findings = findingsOf(onlyTarget(await cli.json(["plan", "--url", db.url])));

      assert.deepEqual(
        findings.map(({ rule, level, file, line, size }) => [
          rule,
          level,
          `${file}:${line}`,
          size?.isEmpty,
        ]),
        [
          ["add-not-null", "error", "0004_d.sql:1", false],
          ["add-not-null", "info", "0004_d.sql:2", true],
          ["drop-column", "error", "0005_e.sql:1", true],
        ],
      );
      assert.ok((findings[0]?.size?.bytes ?? 0) > 0);
    });

    it("stand below the plan, and do not change its exit status", async () => {
      const { code, stdout } = await cli.run(["plan", "--url", db.url]);

      assert.equal(code, 0);
      assert.match(
        stdout,
        /^3 blocks to apply, 2 there already\nsql\/0004_d\.sql:1:1: error \[add-not-null\]: .* \(filled has .*, \d+(?:\.\d)? kB\)$/m,
      );
      assert.match(
        stdout,
        /^sql\/0004_d\.sql:2:1: info \[add-not-null\]: .* \(hollow is empty\)$/m,
      );
    });

    it("are none where nothing is pending, and a plan is there without them for a broken file", async () => {
      assert.deepEqual(
        findingsOf(onlyTarget(await cli.json(["plan", "--to", "2", "--url", db.url]))),
        [],
      );
      await tree.write("sql/0004_d.sql", "SELECT 'never closed;\n");

      const { code, stdout, stderr } = await cli.run(["plan", "--url", db.url]);

      assert.equal(code, 0);
      assert.match(stdout, /3 blocks to apply/);
      assert.match(stderr, /no safety check of what is pending: /);
    });
  });
}
