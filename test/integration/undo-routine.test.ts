/** `rowgate undo --routine` on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { fingerprint } from "../helpers/catalog.ts";
import { writeTree } from "../helpers/tree.ts";
import { createCli, onlyTarget, type Cli } from "./cli-setup.ts";
import { deployTo } from "./deployer-setup.ts";
import { describeTrees } from "./trees-setup.ts";

type Files = Readonly<Record<string, string>>;

const TABLE: Files = { "0001_t.sql": "CREATE TABLE t (a INT, b VARCHAR(20));\n" };

/** Files with objects of each kind; `number` changes each of them, and nothing that binds them. */
const FILES = {
  postgres: (number: number): Files => ({
    ...TABLE,
    "functions/f.sql": `CREATE OR REPLACE FUNCTION f(a int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'é;\\ ${number}'; END $$;\nCREATE OR REPLACE PROCEDURE p() LANGUAGE sql AS 'SELECT ${number}';\n`,
    "views/v.sql": `CREATE OR REPLACE VIEW v AS SELECT a, b, ${number} AS n FROM t;\n`,
    "triggers/g.sql": `CREATE OR REPLACE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := ${number}; RETURN NEW; END $$;\nDROP TRIGGER IF EXISTS g ON t;\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();\n`,
  }),
  mysql: (number: number): Files => ({
    ...TABLE,
    "functions/f.sql": `CREATE FUNCTION f(a INT) RETURNS VARCHAR(20) CHARACTER SET utf8mb4 DETERMINISTIC BEGIN RETURN CONCAT('é;\\\\', ${number}); END;\nCREATE PROCEDURE p() BEGIN SELECT ${number}; END;\n`,
    "views/v.sql": `CREATE OR REPLACE VIEW v AS SELECT a, b, ${number} AS n FROM t;\n`,
    "triggers/g.sql": `CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = ${number};\n`,
  }),
} as const;

const IDS = ["functions/f", "views/v", "triggers/g"];

describeTrees("rowgate undo --routine", (given) => {
  const filesOf = (number: number): Files => FILES[given.engine.dialect](number);
  const deploy = async (files: Files): Promise<void> => {
    const { report } = await deployTo(given.db, await given.bundleOf(files));
    assert.equal(report.error, undefined);
  };
  const undo = async (...args: readonly string[]): ReturnType<Cli["run"]> =>
    runAlone(["undo", ...args, "--url", given.db.url]);
  const catalog = async (): Promise<string> => withoutLooseEnds(await fingerprint(given.db));

  it("puts back what the last change replaced, so that the older source is up to date", async () => {
    await deploy(filesOf(1));
    const before = await catalog();
    await deploy(filesOf(2));
    assert.notEqual(await catalog(), before);

    for (const id of IDS) {
      const { code, stderr, stdout } = await undo("--routine", id, "--yes");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /took back 1 block/);
    }

    assert.equal(await catalog(), before);
    const tree = await writeTree(filesOf(1));
    const cli = createCli(tree.root);
    const planned = onlyTarget(await cli.json(["plan", ".", "--url", given.db.url]));
    await tree.close();
    assert.deepEqual([planned.outcome, planned.pending], ["up-to-date", []]);
  });

  it("puts all of a file back, although only a part of it was changed or is still there", async () => {
    const [first = ""] = (filesOf(2)["functions/f.sql"] ?? "").split(/(?<=;)\n/);
    await deploy(filesOf(1));
    const before = await catalog();
    await deploy({ ...filesOf(1), "functions/f.sql": `${first}\n` });

    assert.equal((await undo("--routine", "functions/f.sql", "--yes")).code, 0);

    assert.equal(await catalog(), before);
    const left = await given.db.query("SELECT identity FROM versions_objects WHERE is_left");
    assert.deepEqual(left, []);
  });

  it("is undone by a second one, and goes further back by the line of the log", async () => {
    await deploy(filesOf(1));
    const first = await catalog();
    await deploy({ ...filesOf(1), "views/v.sql": filesOf(2)["views/v.sql"] ?? "" });
    const second = await catalog();
    const [line] = await given.db.query("SELECT max(sequence) AS no FROM versions_log");
    await deploy({ ...filesOf(1), "views/v.sql": filesOf(3)["views/v.sql"] ?? "" });
    const third = await catalog();

    await undo("--routine", "views/v", "--yes");
    assert.equal(await catalog(), second);
    await undo("--routine", "views/v", "--yes");
    assert.equal(await catalog(), third);
    await undo("--routine", "views/v", "--before", String(line?.["no"]), "--yes");
    assert.equal(await catalog(), first);
  });

  it("only shows it in a dry run, and asks before it changes anything", async () => {
    await deploy(filesOf(1));
    await deploy(filesOf(2));
    const before = await catalog();

    const dry = await undo("--routine", "views/v", "--dry-run");
    const unasked = await undo("--routine", "views/v");

    assert.match(dry.stdout, /views\/v +changed +views\/v\.sql/);
    assert.equal(dry.code, 0);
    assert.match(unasked.stderr, /nothing was taken back, because there is nobody to ask/);
    assert.equal(unasked.code, 2);
    assert.equal(await catalog(), before);
  });

  it("puts back what a change was about to replace that was broken off", async () => {
    const text = filesOf(2)["functions/f.sql"] ?? "";
    await deploy(filesOf(1));
    await deploy({ ...filesOf(1), "functions/f.sql": text });
    const before = await catalog();
    const broken = {
      ...filesOf(1),
      "functions/f.sql": `${filesOf(3)["functions/f.sql"]}DROP TABLE nope;\n`,
    };
    const { report } = await deployTo(given.db, await given.bundleOf(broken));
    assert.equal(report.error?.code, "sql-failed");
    assert.equal((await catalog()) === before, !given.isLedger);

    // A transaction has taken the change back itself, so that the one before is the last one.
    if (given.isLedger) {
      const { code, stderr } = await undo("--routine", "functions/f", "--yes");
      assert.equal(code, 0, stderr);
      assert.equal(await catalog(), before);
    }
  });

  it("is refused while another block is half done", async () => {
    await deploy(filesOf(1));
    await deploy(filesOf(2));
    const half = given.isLedger
      ? "CREATE TABLE u (a INT);\nDROP TABLE nope;\n"
      : "-- rowgate: no-transaction\nVACUUM t;\nDROP TABLE nope;\n";
    await deployTo(given.db, await given.bundleOf({ ...filesOf(2), "0002_u.sql": half }));

    const { code, stderr } = await undo("--routine", "views/v", "--yes");

    assert.equal(code, 6);
    assert.match(stderr, /block 2 \(0002_u\.sql\) is not finished, and nothing is put back/);
  });

  it("says why there is nothing to put back", async () => {
    await deploy(filesOf(1));

    for (const [args, code, message] of [
      [["--routine", "views/v"], 4, /block views\/v was never applied again/],
      [
        ["--routine", "views/v", "--before", "1"],
        4,
        /line 1 of the log is no application of block/,
      ],
      [["--routine", "1"], 2, /block 1 \(0001_t\.sql\) is no routine or view/],
      [["--routine", "views/x"], 2, /the database has no block views\/x/],
      [["--routine", "views/v", "--all"], 2, /nothing from --all/],
      [["sql", "--routine", "views/v"], 2, /nothing from sql/],
      [["sql", "--to", "1", "--before", "1"], 2, /nothing says whose/],
    ] as const) {
      const result = await undo(...args, "--yes");
      assert.match(result.stderr, message);
      assert.equal(result.code, code);
    }
  });
});

/** In an empty directory: the log is all that it takes. */
async function runAlone(args: readonly string[]): ReturnType<Cli["run"]> {
  const tree = await writeTree({ "readme.txt": "" });

  try {
    return await createCli(tree.root).run(args);
  } finally {
    await tree.close();
  }
}

/** MySQL takes a delimiter that stood behind a statement for a part of it. */
function withoutLooseEnds(catalog: string): string {
  return catalog.replaceAll(/\n;(?= ;;| \*\/)/gu, "");
}
