import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import type { Piece } from "../../../../src/domain/block.ts";
import {
  blocksOf,
  bundleOf,
  makeTree,
  OPTIONS,
  piecesOf,
  textsOf,
  type Files,
} from "../temporary-tree.ts";

const MYSQL = { dialect: "mysql" } as const;

async function textsOfTree(files: Files, variables: Record<string, string> = {}) {
  return textsOf(await blocksOf(files, { ...MYSQL, variables }));
}

async function placesOf(text: string) {
  const pieces = await piecesOf(text, MYSQL);

  return pieces.map(({ at, text: statement }) => [statement, at.line, at.column]);
}

async function rejects(files: Files, error: object): Promise<void> {
  await assert.rejects(blocksOf(files, MYSQL), error);
}

describe("the statements of a file for MySQL", () => {
  it("keep the comments before them, and lose their delimiter", async () => {
    const pieces = await piecesOf(
      "-- one\nselect 1 ; # two\n\n  select\n 2 -- end\n;\n-- tail",
      MYSQL,
    );

    assert.deepEqual(pieces, [
      { kind: "statement", text: "-- one\nselect 1", at: { path: "1.sql", line: 1, column: 1 } },
      {
        kind: "statement",
        text: "# two\n\n  select\n 2",
        at: { path: "1.sql", line: 2, column: 12 },
      },
    ]);
  });

  it("have LF for CR LF, as both clients send them", async () => {
    assert.deepEqual(await textsOfTree({ "1.sql": "\uFEFFselect\r\n'a\r\n';\r\nselect 2\r\n" }), [
      ["select\n'a\n'", "select 2"],
    ]);
  });

  it("are none in an empty file, a file of comments and a lone semicolon", async () => {
    const blocks = await blocksOf(
      { "1.sql": "", "2.sql": "-- x\n/* y */", "3.sql": ";; /* z */ ;", "4.sql": "/*!40101 */;" },
      MYSQL,
    );

    assert.deepEqual(
      blocks.map(({ statements, sizeBytes }) => [statements, sizeBytes]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
  });

  it("hold stored programs, with DELIMITER and without", async () => {
    const body = "create procedure p() begin select 1; if a then select 2; end if; end";

    assert.deepEqual(
      await textsOfTree({
        "1.sql": `${body};\nselect 1;`,
        "2.sql": `delimiter //\n${body} //\ndelimiter ;\nselect 1;`,
        "3.sql": "select 3; select 4;",
      }),
      [
        [body, "select 1"],
        [body, "select 1"],
        ["select 3", "select 4"],
      ],
    );
  });

  it("are taken out of a message as the server does", async () => {
    assert.deepEqual(
      await placesOf(
        "delimiter $$\n-- a\ndrop procedure if exists p;\n\n  create procedure p() begin end; $$\nselect 1$$",
      ),
      [
        ["-- a\ndrop procedure if exists p", 2, 1],
        ["create procedure p() begin end", 5, 3],
        ["select 1", 6, 1],
      ],
    );
  });

  it("lose the version comments that every server runs, each token on its line", async () => {
    assert.deepEqual(
      await placesOf(
        "/*!40101 SET NAMES utf8mb4 */;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t\nBEFORE INSERT ON a FOR EACH ROW SET @a = 1 */;\n  select /*!80000 1, */ 2;",
      ),
      [
        ["SET NAMES utf8mb4", 1, 10],
        ["CREATE  DEFINER=`a`@`b`  TRIGGER t\nBEFORE INSERT ON a FOR EACH ROW SET @a = 1", 2, 10],
        ["select /*!80000 1, */ 2", 4, 3],
      ],
    );
  });

  it("are one DROP for each table, because MariaDB may do half of a larger one", async () => {
    assert.deepEqual(await placesOf("select 1;\n drop table a, b;"), [
      ["select 1", 1, 1],
      ["drop table a", 2, 2],
      ["DROP TABLE b", 2, 2],
    ]);
  });

  it("must close what they open: the opening place is named", async () => {
    await rejects(
      { "1.sql": "select 1;\n  select 'x;\n" },
      {
        code: "syntax-invalid",
        message: "a quote is never closed",
        at: { path: "1.sql", line: 2, column: 10 },
        excerpt: "  select 'x;",
      },
    );
    await rejects(
      { "1.sql": "create procedure p()\nbegin\n  select 1;\n" },
      {
        code: "syntax-invalid",
        message: "the body of a stored program is never closed by its END",
        at: { path: "1.sql", line: 2, column: 1 },
      },
    );
  });

  it("never have the values of variables, but in templates", async () => {
    assert.deepEqual(
      await textsOfTree(
        {
          "1.sql": "select :a, ':a', @a;",
          "2.sql.ejs": "select <%= literal(a) %> as <%= ident(a) %>, <%= literal(null) %>;",
        },
        { a: "it's \\ `" },
      ),
      [["select :a, ':a', @a"], ["select 'it''s \\\\ `' as `it's \\ ```, NULL"]],
    );
  });

  it("have the lines of their template", async () => {
    const [block] = await blocksOf(
      { "1.sql.ejs": "<% for (const a of [1, 2]) { -%>\nselect\n  <%= a %>;\n<% } -%>" },
      MYSQL,
    );
    const pieces: Piece[] = [];

    for await (const piece of block?.pieces() ?? []) {
      pieces.push(piece);
    }
    assert.deepEqual(
      pieces.map(({ at }) => at.line),
      [2, 2],
    );
  });
});

describe("an include of MySQL's client", () => {
  it("is put in its place, at any depth, its path from the root", async () => {
    assert.deepEqual(
      await textsOfTree({
        "d/1.sql": "select 1;\nsource parts/a b.sql\n\\. parts/c.txt\nselect 5;",
        "parts/a b.sql": "select 2;\nsource parts/b.txt;\n",
        "parts/b.txt": "\uFEFFselect 3",
        "parts/c.txt": "select 4",
      }),
      [["select 1", "select 2", "select 3", "select 4", "select 5"]],
    );
  });

  it("keeps the delimiter that the file sets", async () => {
    assert.deepEqual(
      await textsOfTree({
        "1.sql": "source a.txt\nselect '$$' $$\nsource b.txt\nselect 3;",
        "2.sql": "select 4; select 5",
        "a.txt": "delimiter $$\n",
        "b.txt": "select 2$$\ndelimiter ;\n",
      }),
      [
        ["select '$$'", "select 2", "select 3"],
        ["select 4", "select 5"],
      ],
    );
  });

  it("counts for the checksum as the text that it includes", async () => {
    const one = await bundleOf({ "1.sql": "select 1;\nselect 2;" }, MYSQL);
    const other = await bundleOf(
      { "1.sql": "select 1;\nsource a.txt;", "a.txt": "select 2;" },
      MYSQL,
    );

    assert.equal(other.checksum, one.checksum);
  });

  it("must exist, inside the source, and not come back to a file that is open", async () => {
    const outside = makeTree({ "x.sql": "" });
    const root = makeTree({ "1.sql": "source link.txt\n" });

    symlinkSync(join(outside, "x.sql"), join(root, "link.txt"));
    await assert.rejects(readTree(root, { ...OPTIONS, ...MYSQL }), { code: "include-outside" });
    await rejects({ "1.sql": `source ${join(outside, "x.sql")}` }, { code: "include-outside" });
    await rejects(
      { "1.sql": `source ../${basename(outside)}/no.sql` },
      { code: "include-missing" },
    );
    await rejects(
      { "1.sql": "select 1;\nsource no.sql\n" },
      {
        code: "include-missing",
        message: "no.sql does not exist in the root of the source or a directory above it",
        hint: "Correct the path; it begins where the client is started, not beside the file.",
        at: { path: "1.sql", line: 2, column: 1 },
        excerpt: "source no.sql",
      },
    );
    await rejects(
      { "1.sql": "source a.txt", "a.txt": "\nsource 1.sql" },
      { code: "include-cycle", message: "files include each other: 1.sql -> a.txt -> 1.sql" },
    );
  });
});
