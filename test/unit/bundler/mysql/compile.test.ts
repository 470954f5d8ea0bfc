import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, textsOf, type Files } from "../temporary-tree.ts";

const MYSQL = { dialect: "mysql" } as const;

async function only(text: string) {
  const [block] = await blocksOf({ "1.sql": text }, MYSQL);

  assert.ok(block !== undefined);
  return block;
}

async function notesOf(text: string) {
  return (await only(text)).notes.map(({ at, message }) => [at.line, message]);
}

async function rejects(files: Files, error: object): Promise<void> {
  await assert.rejects(blocksOf(files, MYSQL), error);
}

describe("a block for MySQL", () => {
  it("has a ledger, whatever its directives say of transactions", async () => {
    for (const directive of ["no-transaction", "transaction", "commit-after", "lock-timeout 2s"]) {
      const block = await only(`# rowgate: ${directive}\nalter table t add a int; select 1;`);

      assert.equal(block.transaction, "ledger");
      assert.equal(block.commitAfter, false);
      assert.equal(block.statements, 2);
      assert.equal(block.notes.length, directive === "transaction" ? 1 : 0, directive);
    }
    assert.deepEqual((await only("-- rowgate: statement-timeout 1min\nselect 1;")).settings, {
      statement_timeout: "1min",
    });
  });

  it("takes directives behind commands, and in each kind of comment", async () => {
    const block = await only(
      "delimiter //\n# rowgate: always\n/* rowgate: out-of-order */ select 1//",
    );

    assert.deepEqual([block.kind, block.outOfOrder], ["always", true]);
    for (const text of [
      "select 1\n# rowgate: always\n;",
      "select 1;\n-- rowgate: always\nselect 2;",
      "select 1;\n-- rowgate: always",
      "select 1;\n/* rowgate: always */;\nselect 2;",
    ]) {
      await rejects(
        { "1.sql": text },
        { code: "directive-unknown", at: { path: "1.sql", line: 2, column: 1 } },
      );
    }
  });
});

describe("a file's own transactions for MySQL", () => {
  it("are left out, with a note, as often as there are any", async () => {
    const block = await only(
      "start transaction;\ninsert into t values (1);\ncommit;\nbegin;\nupdate t set a = 2;\ncommit work;",
    );

    assert.deepEqual(await textsOf([block]), [["insert into t values (1)", "update t set a = 2"]]);
    assert.equal(block.statements, 2);
    assert.deepEqual(
      block.notes.map(({ at, message }) => [at.line, message]),
      [
        [
          1,
          "the file's own start transaction and COMMIT are left out: changes of rows are committed together with the row of the block",
        ],
      ],
    );
  });

  it("may have a COMMIT that ends nothing, as in dumps without autocommit", async () => {
    const block = await only(
      "set autocommit = 0;\ninsert into t values (1);\ncommit;\ninsert into t values (2);\ncommit;\nset autocommit=1;",
    );

    assert.deepEqual(await textsOf([block]), [
      ["insert into t values (1)", "insert into t values (2)"],
    ]);
    assert.deepEqual(await notesOf("select 1;\ncommit;"), [
      [2, "commit is left out: changes of rows are committed together with the row of the block"],
    ]);
  });

  it("are an error otherwise, at the statement that breaks the rule", async () => {
    for (const [text, line] of [
      ["start transaction;\nselect 1;", 1],
      ["begin;\nselect 1;\nrollback;", 3],
      ["begin;\nbegin;\ncommit;", 2],
      ["begin;\nsavepoint a;\ncommit;", 2],
      ["select 1;\n-- x\nxa start 'a';", 3],
    ] as const) {
      await rejects(
        { "1.sql": text },
        { code: "transaction-control", at: { path: "1.sql", line, column: 1 } },
      );
    }
  });

  it("are told together with those of other files", async () => {
    await rejects(
      { "1.sql": "rollback;", "2.sql": "select 1;\nsavepoint a;" },
      { message: /; so it is in 1 more file: 2\.sql:2$/ },
    );
  });
});

describe("a statement for MySQL", () => {
  it("is left out, with a note, when nothing of it may stand between ledger rows", async () => {
    const block = await only("lock tables t write;\nselect 1;\nunlock tables;\n");

    assert.deepEqual(await textsOf([block]), [["select 1"]]);
    assert.deepEqual(
      block.notes.map(({ at }) => at.line),
      [1, 3],
    );
  });

  it("is left out when it is a setting for some servers only", async () => {
    const block = await only(
      "-- x\n/*M!100616 SET @a=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */;\nselect 1 /*!80000 , 2 */;\n/*!80000 SET @b = 1 */;",
    );

    assert.deepEqual(await textsOf([block]), [["select 1 /*!80000 , 2 */"]]);
    assert.deepEqual(
      block.notes.map(({ at, message }) => [at.line, message.split(":")[0]]),
      [
        [2, "SET note_verbosity is left out"],
        [4, "the SET in a version comment is left out"],
      ],
    );
    await rejects(
      { "1.sql": "/*M!100300 create sequence s */;" },
      { code: "script-form", at: { path: "1.sql", line: 1, column: 1 } },
    );
  });

  it("is refused at its first word when no bundle can hold it", async () => {
    await rejects(
      { "1.sql": "select 1;\n-- and then\n shutdown;" },
      { code: "script-form", at: { path: "1.sql", line: 3, column: 2 }, excerpt: " shutdown;" },
    );
  });

  it("is refused when it needs a gate that cannot hold it", async () => {
    await rejects(
      {
        "1.sql":
          "create procedure p() begin select 1; /* fine */ end;\ncreate procedure q()\nbegin\n  select /*+ NO_ICP(t) */ 1;\nend;",
      },
      {
        code: "script-form",
        message:
          "a hint ends with a star-slash, and this statement stands in a comment for servers that have it already",
        hint: "Write it without, or as it is for the servers that you have.",
        at: { path: "1.sql", line: 4, column: 10 },
      },
    );
    assert.equal((await only("select /*+ NO_ICP(t) */ 1;")).statements, 1);
  });

  it("is told when it is larger than most servers take", async () => {
    const rows = "(1, 'some text'), ".repeat(1_000_000);

    assert.deepEqual(await notesOf(`select 1;\ninsert into t values ${rows}(2, '');`), [
      [
        2,
        "a statement of 17.2 MB needs a max_allowed_packet above that on the server and in the client; the default of MariaDB is 16 MB",
      ],
    ]);
  });

  it("is told when it reads a file of the server", async () => {
    assert.deepEqual(
      await notesOf("load data infile '/tmp/x' into table t;\nload index into cache t;"),
      [[1, "LOAD DATA without LOCAL reads a file on the server's machine"]],
    );
  });
});
