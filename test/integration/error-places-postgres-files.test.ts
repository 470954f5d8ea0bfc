/** The server's errors lead to the file where the text stands: through includes and templates. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { SourcePosition } from "../../src/domain/source.ts";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";
import { buildBundle, createTarget, deploy, openSource, writeBundle } from "../../src/index.ts";
import { writeTree } from "../helpers/tree.ts";

interface Case {
  readonly title: string;
  /** There is a « where the error belongs. */
  readonly files: Readonly<Record<string, string>>;
  /** Set where a template has made the line, so that only the line can be told. */
  readonly isMade?: true;
}

const CASES: readonly Case[] = [
  {
    title: "an included file",
    files: {
      "0001_t.sql": "CREATE TABLE t (a int);\n\\ir parts/rows.sql\n",
      "parts/rows.sql": "-- é 😀\nINSERT INTO t VALUES (1);\n  INSERT INTO t\n  VALUES («nope);\n",
    },
  },
  {
    title: "a file that an included file includes",
    files: {
      "0001_t.sql": "CREATE TABLE t (a int);\n\\i parts/rows.sql\nSELECT 1;\n",
      "parts/rows.sql": "INSERT INTO t VALUES (1);\n\\ir more/last.sql\n",
      "parts/more/last.sql": "\n\nSELECT 'é', «nope FROM t;\n",
    },
  },
  {
    title: "a line behind an include",
    files: {
      "0001_t.sql": "\\ir t.sql\n\nSELECT a,\n       «nope FROM t;\n",
      "t.sql": "CREATE TABLE t (a int);\n\n\n",
    },
  },
  {
    title: "a file that main.sql includes",
    files: {
      "main.sql": "CREATE TABLE t (a int);\n\\ir one.sql\n",
      "one.sql": "SELECT 1;\nSELECT «nope FROM t;\n",
    },
  },
  {
    title: "main.sql itself",
    files: {
      "main.sql": "\\ir one.sql\nSELECT a,\n  «nope FROM t;\n",
      "one.sql": "CREATE TABLE t (a int);\n",
    },
  },
  {
    title: "a template",
    files: {
      "0001_t.sql.ejs":
        "<% const tables = ['t', 'u']; -%>\n<% for (const table of tables) { -%>\nCREATE TABLE <%= ident(table) %> (a int);\n<% } -%>\nSELECT a\n  FROM «nope;\n",
    },
  },
  {
    title: "a line that a template has made",
    files: {
      "0001_t.sql.ejs":
        "<% for (const table of ['pg_class', 'none']) { -%>\n\nSELECT 1;\n«SELECT 'none' FROM <%= ident(table) %>;\n<% } -%>\n",
    },
    isMade: true,
  },
  {
    title: "the line of a template that includes another",
    files: {
      "0001_t.sql.ejs": "CREATE TABLE t (a int);\n«<%- include('part.ejs') %>\nSELECT 1;\n",
      "part.ejs": "-- a part\n\nSELECT nope FROM t;\n",
    },
    isMade: true,
  },
  {
    title: "a template that a plain file includes",
    files: {
      "0001_t.sql": "CREATE TABLE t (a int);\n\\ir part.sql.ejs\n",
      "part.sql.ejs": "<%# two lines\nof comment %>\nSELECT «nope FROM t;\n",
    },
  },
];

/** The one « of the files as a place. */
function placeIn({ files, isMade }: Case): Partial<SourcePosition> {
  const [path, text] = Object.entries(files).find(([, each]) => each.includes("«")) ?? ["", ""];
  const lines = text.slice(0, text.indexOf("«")).split("\n");
  const place = { path, line: lines.length };

  return isMade ? place : { ...place, column: Array.from(lines.at(-1) ?? "").length + 1 };
}

for (const engine of POSTGRES_FAMILY) {
  describe(`${engine.name}: an error of the server`, { skip: engine.skip }, () => {
    let db: TestDatabase;

    before(async () => {
      db = await engine.createDatabase();
    });
    after(async () => {
      await db.close();
    });

    for (const each of CASES) {
      it(`leads to ${each.title}, from the source and from the script`, async () => {
        const files = Object.entries(each.files).map(([path, text]) => [
          `db/${path}`,
          text.replace("«", ""),
        ]);
        const tree = await writeTree(Object.fromEntries(files));
        const bundle = await buildBundle(join(tree.root, "db"));
        const script = join(tree.root, "release.sql");
        await writeBundle(bundle, script);

        for (const source of [bundle, await openSource(script)]) {
          const [report] = await deploy(source, [createTarget(db.url)]);
          const error = report?.error;

          assert.equal(error?.code, "sql-failed", error?.message);
          assert.deepEqual({ ...error.at, ...placeIn(each) }, error.at, error.message);
        }
        await tree.close();
      });
    }
  });
}
