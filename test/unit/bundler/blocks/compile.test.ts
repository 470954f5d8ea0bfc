import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, bundleOf, piecesOf, textsOf } from "../temporary-tree.ts";

async function only(text: string) {
  const [block] = await blocksOf({ "1.sql": text });

  assert.ok(block !== undefined);
  return block;
}

describe("transaction control of a file", () => {
  it("is left out when it is one BEGIN first and one COMMIT last", async () => {
    const block = await only("set x.y = 1;\nstart transaction;\nselect 1;\nend; -- done\n");

    assert.deepEqual(await textsOf([block]), [["set x.y = 1;", "select 1;"]]);
    assert.equal(block.statements, 2);
    assert.equal(block.transaction, "shared");
    assert.deepEqual(
      block.notes.map(({ at }) => at.line),
      [2],
    );
  });

  it("is an error otherwise, at the statement that breaks the rule", async () => {
    for (const [text, line] of [
      ["begin;\nselect 1;", 1],
      ["select 1;\ncommit;", 2],
      ["begin;\nselect 1;\nrollback;", 3],
      ["begin;\nselect 1;\ncommit;\nselect 2;", 3],
      ["begin;\nsavepoint a;\ncommit;", 2],
      ["select 1;\nbegin;\ncommit;", 2],
      ["set transaction isolation level serializable;", 1],
    ] as const) {
      await assert.rejects(only(text), {
        code: "transaction-control",
        at: { path: "1.sql", line, column: 1 },
      });
    }
  });

  it("stays where a directive takes the transaction away", async () => {
    const block = await only(
      "-- rowgate: no-transaction\nbegin;\nselect 1;\ncommit;\nbegin;\nrollback;",
    );

    assert.equal(block.transaction, "none");
    assert.equal(block.statements, 5);
  });
});

describe("what the statements of a block ask for", () => {
  it("is no transaction for one that none may hold", async () => {
    const block = await only("create table a ();\ncreate index concurrently on a (x);");

    assert.equal(block.transaction, "none");
    assert.equal(block.notes[0]?.at.line, 2);
  });

  it("is a shared transaction all the same where a directive says so", async () => {
    assert.equal((await only("-- rowgate: transaction\nvacuum;")).transaction, "shared");
  });

  it("is a commit behind a new enum value, or by directive", async () => {
    assert.equal((await only("alter type t add value 'x';")).commitAfter, true);
    assert.equal((await only("-- rowgate: commit-after\nselect 1;")).commitAfter, true);
    assert.equal((await only("select 1;")).commitAfter, false);
  });

  it("is an empty SELECT behind SELECT INTO, but not without transaction", async () => {
    assert.deepEqual(await textsOf([await only("select 1 into a; -- x")]), [
      ["select 1 into a; -- x\nSELECT;"],
    ]);
    assert.deepEqual(await textsOf([await only("vacuum;select 1 into a;")]), [
      ["vacuum;", "select 1 into a;"],
    ]);
  });

  it("is to restore the settings that it changes, beyond the usual ones", async () => {
    const block = await only(
      "set search_path = a;\nset xmloption = content;\nset xmloption = document;",
    );

    assert.deepEqual(block.leaks, ["xmloption"]);
  });

  it("is what the directives of its file say", async () => {
    const bundle = await bundleOf({
      "1.sql":
        "-- rowgate: always\n-- rowgate: out-of-order\n-- rowgate: lock-timeout 2s\nselect 1;",
      "2.sql": "/* rowgate: requires 0001 */",
    });
    const [block] = await bundle.compile(bundle.blocks);

    assert.equal(block?.kind, "always");
    assert.equal(block?.outOfOrder, true);
    assert.deepEqual(block?.settings, { lock_timeout: "2s" });
  });

  it("never is what a directive behind the first statement says: it is an error", async () => {
    await assert.rejects(only("-- rowgate: once\nselect 1\n  -- rowgate: always\n;"), {
      code: "directive-unknown",
      at: { path: "1.sql", line: 3, column: 1 },
      excerpt: "  -- rowgate: always",
    });
    await assert.rejects(only("select 1;\n\n-- rowgate: always\nselect 2;"), {
      code: "directive-unknown",
      at: { path: "1.sql", line: 3, column: 1 },
    });
    await assert.rejects(
      blocksOf({ "1.sql": "\\ir a.txt", "a.txt": "-- rowgate: always\nselect 2;" }),
      { code: "directive-unknown", at: { path: "a.txt", line: 1, column: 1 } },
    );
  });
});

describe("an error about transaction control", () => {
  it("stands at the statement, not at the comments before it", async () => {
    await assert.rejects(only("select 1;\n\n-- and now\n/* this */ commit;\n"), {
      code: "transaction-control",
      at: { path: "1.sql", line: 4, column: 12 },
      excerpt: "/* this */ commit;",
    });
    await assert.rejects(only("-- x\n  set transaction read only;"), {
      at: { path: "1.sql", line: 2, column: 3 },
    });
  });

  it("names the other files that have one", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`${index + 1}.sql`, "select 1;\n\ncommit;"]),
    );

    await assert.rejects(blocksOf(files), {
      at: { path: "1.sql", line: 3, column: 1 },
      message:
        /left out; so it is in 7 more files: 2\.sql:3, 3\.sql:3, 4\.sql:3, 5\.sql:3, 6\.sql:3, …$/,
    });
    await assert.rejects(blocksOf({ "1.sql": "abort;", "2.sql": "end;", "3.sql": "selec" }), {
      code: "transaction-control",
      message: /; so it is in 1 more file: 2\.sql:1$/,
    });
  });

  it("is for a BEGIN that stays open where statements run one by one", async () => {
    const head = "-- rowgate: no-transaction\n";

    await assert.rejects(only(`${head}begin;\nselect 1;\ncommit;\nbegin;\nselect 2;`), {
      code: "transaction-control",
      message: /the transaction that begin begins is still open/,
      at: { path: "1.sql", line: 5, column: 1 },
    });
    assert.equal((await only(`${head}begin;\nselect 1;\nrollback;`)).transaction, "none");
  });
});

describe("a syntax error", () => {
  it("has its place, in code points, and its line", async () => {
    await assert.rejects(only("select 1;\n  select '😀', from x;"), {
      code: "syntax-invalid",
      message: 'syntax error at or near "from"',
      at: { path: "1.sql", line: 2, column: 15 },
      excerpt: "  select '😀', from x;",
    });
  });

  it("in a PL/pgSQL body is found", async () => {
    await assert.rejects(only("do $$ begin selec 1; end $$;"), { code: "syntax-invalid" });
  });

  it("is let through when nobody wants the check", async () => {
    const options = { syntaxCheck: false };

    assert.equal((await piecesOf("selec 1;", options)).length, 1);
    await assert.rejects(blocksOf({ "1.sql": "selec 1;\ncommit what;" }, options), {
      code: "transaction-control",
    });
  });
});

describe("the output of pg_dump", () => {
  it("is a source", async () => {
    const block = await only(
      [
        "--\n-- PostgreSQL database dump\n--\n",
        "\\restrict abc\n",
        "SET statement_timeout = 0;\nSET client_encoding = 'UTF8';",
        "SELECT pg_catalog.set_config('search_path', '', false);",
        "SET default_table_access_method = heap;\n",
        "CREATE TABLE public.t (a text);\n",
        "--\n-- Data for Name: t; Type: TABLE DATA\n--\n",
        "COPY public.t (a) FROM stdin;\n\\N\n\\\\x\n\\.\n\n",
        "--\n-- PostgreSQL database dump complete\n--\n",
        "\\unrestrict abc\n",
      ].join("\n"),
    );

    assert.equal(block.statements, 6);
    assert.equal(block.transaction, "shared");
    assert.deepEqual((await textsOf([block]))[0]?.slice(-2), [
      "--\n-- Data for Name: t; Type: TABLE DATA\n--\n\nCOPY public.t (a) FROM stdin;",
      "\\N\n\\\\x\n",
    ]);
    assert.deepEqual(
      block.notes.map(({ message }) => message.split(":")[0]),
      ["\\restrict is left out", "\\unrestrict is left out"],
    );
    assert.ok(block.leaks.includes("default_table_access_method"));
  });
});
