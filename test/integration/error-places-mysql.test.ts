/** Every kind of error of MariaDB and MySQL leads to its place in the user's file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { RowgateError } from "../../src/domain/errors.ts";
import type { SourcePosition } from "../../src/domain/source.ts";
import { buildBundle, createTarget, deploy, openSource, writeBundle } from "../../src/index.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";
import { createCli, onlyTarget } from "./cli-setup.ts";
import { clean } from "./deployer-setup.ts";

interface Case {
  readonly title: string;
  readonly errno: number | readonly number[];
  readonly sqlState: string;
  /** There is a « where the error belongs. */
  readonly files: Readonly<Record<string, string>>;
  /** What the server says, where others could say something too. */
  readonly says?: RegExp;
  /** Set where a template has made the line, so that only the line can be told. */
  readonly isMade?: true;
}

const SYNTAX = { errno: 1064, sqlState: "42000" };
const MISSING_TABLE = { errno: 1146, sqlState: "42S02" };
const MISSING_COLUMN = { errno: 1054, sqlState: "42S22" };
const TWICE = { errno: 1062, sqlState: "23000" };

const T = "CREATE TABLE t (a int PRIMARY KEY, b text);\n";
const LONG = `INSERT INTO t VALUES ${Array.from({ length: 3000 }, (_, i) => `(${i}, 'long text')`).join(",\n")}`;

const CASES: readonly Case[] = [
  {
    title: "a syntax error in the third statement",
    ...SYNTAX,
    files: { "1_a.sql": `${T}INSERT INTO t VALUES (1, 'é 😀'); -- é 😀\n  «SELEC 2;\nSELECT 3;\n` },
  },
  {
    title: "a syntax error in a later line of a statement",
    ...SYNTAX,
    files: { "1_a.sql": `${T}SELECT a,\n       'it''s',\n  «FROM t;\n` },
  },
  {
    title: "a syntax error behind quotes and letters of two bytes and four",
    ...SYNTAX,
    files: { "1_a.sql": "SELECT 'é', '😀', \"it's\" FROM «= nothing;\n" },
  },
  {
    title: "a syntax error in the second of two blocks that are sent together",
    ...SYNTAX,
    files: { "1_a.sql": T, "2_b.sql": "SELECT 1;\n\n«SELEC 2;\n", "3_c.sql": "SELECT 3;\n" },
  },
  {
    title: "a syntax error in the body of a function",
    ...SYNTAX,
    files: {
      "1_a.sql": T,
      "2_f.sql":
        "CREATE FUNCTION f() RETURNS int DETERMINISTIC\nBEGIN\n  DECLARE n int;\n  SET n = «= 1;\n  RETURN n;\nEND;\n",
    },
  },
  {
    title: "a syntax error in the body of a trigger, between delimiters",
    ...SYNTAX,
    files: {
      "1_a.sql": `${T}DELIMITER $$\nCREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW\nBEGIN\n  -- it's\n  IF NEW.a > 1 THEN\n    SET NEW.b = «;\n  END IF;\nEND$$\nDELIMITER ;\n`,
    },
  },
  {
    title: "a syntax error in an event",
    ...SYNTAX,
    files: {
      "1_e.sql":
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO\nBEGIN\n  DELETE FROM t;\n  DELETE FROM «= t;\nEND;\n",
    },
  },
  {
    title: "a syntax error in a statement with an optimizer hint",
    ...SYNTAX,
    files: { "1_a.sql": "SELECT 1;\nSELECT /*+ MAX_EXECUTION_TIME(1000) */ 1\n  FROM «= t;\n" },
  },
  {
    title: "a missing table",
    ...MISSING_TABLE,
    files: { "1_a.sql": `${T}\n  -- é\n  /* 😀 */\n  «INSERT INTO t\n  SELECT * FROM nowhere;\n` },
  },
  {
    title: "a missing column",
    ...MISSING_COLUMN,
    files: { "1_a.sql": `${T}SELECT 1; «SELECT a,\n  nope FROM t;\n` },
  },
  {
    title: "a missing column of a view",
    ...MISSING_COLUMN,
    files: { "1_a.sql": `${T}«CREATE VIEW v AS SELECT a,\n  t.nope FROM t;\n` },
  },
  {
    title: "a value that is there already",
    ...TWICE,
    files: { "1_a.sql": `${T}INSERT INTO t (a) VALUES (1);\n«INSERT INTO t (a) VALUES (1);\n` },
  },
  {
    title: "a column that is there already",
    errno: 1060,
    sqlState: "42S21",
    files: { "1_a.sql": T, "2_b.sql": "SELECT 1;\n«ALTER TABLE t ADD b int;\n" },
  },
  {
    title: "a statement that is too long for a procedure",
    ...TWICE,
    files: { "1_a.sql": `${T}SELECT 1;\n«${LONG},\n(0, 'again');\n` },
  },
  {
    title: "an error in a procedure that is called",
    says: /nowhere' doesn't exist/,
    ...MISSING_TABLE,
    files: {
      "1_p.sql": "CREATE PROCEDURE p()\nBEGIN\n  SELECT * FROM nowhere;\nEND;\n",
      "2_call.sql": "SELECT 1;\n«CALL p();\n",
    },
  },
  {
    title: "a procedure that signals",
    says: /^no, it's not$/,
    errno: 1644,
    sqlState: "45000",
    files: {
      "1_p.sql":
        "CREATE PROCEDURE p() SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no, it''s not';\n",
      "2_call.sql": "«CALL p();\n",
    },
  },
  {
    title: "a trigger that fails",
    ...MISSING_TABLE,
    files: {
      "1_a.sql": `${T}CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW INSERT INTO nowhere VALUES (1);\n`,
      "2_b.sql": "SELECT 1;\n«INSERT INTO t (a) VALUES (1);\n",
    },
  },
  {
    title: "a function for a table that is not there",
    ...MISSING_TABLE,
    files: {
      "1_r.sql": "«CREATE TRIGGER r BEFORE INSERT ON nowhere FOR EACH ROW SET NEW.a = 1;\n",
    },
  },
  {
    title: "a setting that there is not",
    errno: 1193,
    sqlState: "HY000",
    files: { "1_a.sql": "SELECT 1;\nSET «no_such_setting = 1;\n" },
  },
  {
    title: "a data type that there is not",
    errno: [1064, 4161],
    sqlState: "42000|HY000",
    files: {
      "1_a.sql": "SELECT 1;\nCREATE TABLE u (\n  a int,\n  b «serial8 NOT NULL\n);\nSELECT 2;\n",
    },
  },
  {
    title: "an included file",
    ...MISSING_COLUMN,
    files: {
      "1_t.sql": `${T}source parts/rows.sql\n`,
      "parts/rows.sql":
        "-- é 😀\nINSERT INTO t (a) VALUES (1);\n  «INSERT INTO t\n  VALUES (nope, 1);\n",
    },
  },
  {
    title: "a syntax error in a file that an included file includes",
    ...SYNTAX,
    files: {
      "1_t.sql": `${T}\\. parts/rows.sql\nSELECT 1;\n`,
      "parts/rows.sql": "INSERT INTO t (a) VALUES (1);\nsource parts/more/last.sql\n",
      "parts/more/last.sql": "\n\nSELECT 'é'\n FROM «= t;\n",
    },
  },
  {
    title: "a line behind an include",
    ...SYNTAX,
    files: { "1_t.sql": "source t.sql\n\nSELECT a,\n       «FROM t;\n", "t.sql": `${T}\n\n` },
  },
  {
    title: "a file that main.sql includes",
    ...MISSING_COLUMN,
    files: {
      "main.sql": `${T}\nsource one.sql\n`,
      "one.sql": "SELECT 1;\n«SELECT nope FROM t;\n",
    },
  },
  {
    title: "a template",
    ...SYNTAX,
    files: {
      "1_t.sql.ejs":
        "<% const tables = ['t', 'u']; -%>\n<% for (const table of tables) { -%>\nCREATE TABLE <%= ident(table) %> (a int);\n<% } -%>\nSELECT a\n  FROM «= nope;\n",
    },
  },
  {
    title: "a line that a template has made",
    ...MISSING_TABLE,
    files: {
      "1_t.sql.ejs":
        "CREATE TABLE t (a int);\n<% for (const table of ['t', 'none']) { -%>\n\nSELECT 1;\n«SELECT 'none' FROM <%= ident(table) %>;\n<% } -%>\n",
    },
    isMade: true,
  },
];

/** The one « of the files as a place. */
function placeIn({ files, isMade }: Case): Partial<SourcePosition> {
  const [path, text] = Object.entries(files).find(([, each]) => each.includes("«")) ?? ["", ""];
  const lines = text.slice(0, text.indexOf("«")).split("\n");
  const place = { path, line: lines.length };

  return isMade ? place : { ...place, column: Array.from(lines.at(-1) ?? "").length + 1 };
}

/** The line of the file at the place. */
function lineIn({ files }: Case): string {
  const lines = Object.values(files).flatMap((text) => text.split("\n"));

  return lines.find((line) => line.includes("«"))?.replace("«", "") ?? "";
}

/** Neither what stands before a statement on its line is known to it, nor the `;` behind it. */
function isPartOf(line: string, excerpt: string | undefined): void {
  const found = excerpt?.trim().replace(/;$/, "") ?? "";

  assert.ok(line.replace(/;$/, "").endsWith(found), `${found} is no end of ${line}`);
}

function isAsMeant(error: RowgateError | undefined, each: Case): void {
  const { errno = 0, sqlState = "" } = error?.server ?? {};

  assert.equal(error?.code, "sql-failed", error?.message);
  assert.ok([each.errno].flat().includes(errno), `${errno}: ${error.message}`);
  assert.match(error.message, each.says ?? /./);
  assert.match(sqlState, new RegExp(`^(${each.sqlState})$`));
  assert.deepEqual({ ...error.at, ...placeIn(each) }, error.at, error.message);
}

for (const engine of MYSQL_ENGINES) {
  describe(`the place of an error on ${engine.name}`, { skip: engine.skip }, () => {
    let db: MysqlDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    afterEach(() => clean(db));
    after(() => db.close());

    for (const each of CASES) {
      it(`is that of ${each.title}, from the source and from the script`, async () => {
        const files = Object.entries(each.files).map(([path, text]) => [
          `db/${path}`,
          text.replace("«", ""),
        ]);
        const tree = await writeTree(Object.fromEntries(files));
        const bundle = await buildBundle(join(tree.root, "db"), { dialect: "mysql" });
        const script = join(tree.root, "release.sql");
        await writeBundle(bundle, script);

        for (const source of [bundle, await openSource(script)]) {
          const [report] = await deploy(source, [createTarget(db.url)]);

          isAsMeant(report?.error, each);
          if (each.isMade === undefined) {
            isPartOf(lineIn(each), report?.error?.excerpt);
          }
          await clean(db);
        }
        await tree.close();
      });
    }

    it("is told with the server's number and state, in text and in JSON", async () => {
      const tree = await writeTree({ "sql/1_a.sql": `${T}\nSELECT a\n  FROM = t;\n` });
      const cli = createCli(tree.root);
      const args = ["deploy", "sql", "--url", db.url];

      const text = await cli.run(args);
      const { error } = onlyTarget(await cli.json(args));
      await tree.close();

      assert.equal(text.code, 1);
      assert.match(
        text.stderr,
        /sql\/1_a\.sql:4:8: error \[sql-failed\]: You have an error in your SQL syntax/,
      );
      assert.match(text.stderr, /near '= t' at line 4$/m);
      assert.match(text.stderr, /1064/);
      assert.match(text.stderr, /42000/);
      assert.equal(error?.file, "1_a.sql");
      assert.deepEqual([error?.line, error?.column], [4, 8]);
      assert.deepEqual([error?.server?.errno, error?.server?.sqlState], [1064, "42000"]);
    });
  });
}
