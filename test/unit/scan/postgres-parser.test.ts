import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { array, assert as holds, constantFrom, property } from "fast-check";
import {
  loadPostgresParser,
  MAX_PARSED_BYTES,
  type PostgresParser,
  type StatementClass,
} from "../../../src/scan/postgres-parser.ts";
import { BAD_BODIES, GOOD_BODIES } from "./plpgsql-bodies.ts";

let parser: PostgresParser;

// An await outside of the tests made the runner give up those of this file, now and then.
const load = async (): Promise<void> => {
  parser = await loadPostgresParser();
};

const PLAIN: StatementClass = {
  control: undefined,
  noTransaction: undefined,
  addsEnumValue: false,
  selectInto: false,
  setting: false,
  settings: [],
  copy: undefined,
  setTransaction: false,
  count: 1,
};

/** Statements by what is special about them. */
const CLASSES: readonly (readonly [Partial<StatementClass>, readonly string[]])[] = [
  [
    {},
    [
      "select 1",
      "create table t as select 1",
      "insert into t select 1",
      "create index i on t (a)",
      "drop index i",
      "reindex table t",
      "reindex (concurrently false) index i",
      "analyze t",
      "cluster t",
      "refresh materialized view concurrently m",
      "alter table t detach partition p",
      "alter table t detach partition p finalize",
      "alter database d set a = 1",
      "alter database d rename to e",
      "alter type e rename value 'a' to 'b'",
      "discard temp",
      "create subscription s connection '' publication p with (connect = false)",
      "create subscription s connection '' publication p with (create_slot = off)",
      "alter subscription s set publication p with (refresh = false)",
      "alter subscription s disable",
      "copy t from '/a'",
      "copy t to program 'a'",
      "lock table t",
      "set constraints all deferred",
      "call p()",
      "do $$ begin commit; end $$",
      "select set_config('a', 'b', false), 1",
      "select set_config('a', 'b', false) from t",
      "select set_config(x, 'b', false)",
      "create function f() returns int begin atomic; select 1; end",
    ],
  ],
  [
    { control: "begin" },
    ["begin", "begin isolation level serializable", "start transaction read only"],
  ],
  [{ control: "commit" }, ["commit", "end", "commit work"]],
  [
    { control: "other" },
    [
      "rollback",
      "abort",
      "commit and chain",
      "savepoint a",
      "release a",
      "rollback to a",
      "prepare transaction 'x'",
      "commit prepared 'x'",
      "rollback prepared 'x'",
    ],
  ],
  [
    { noTransaction: "CREATE INDEX CONCURRENTLY" },
    [
      "create index concurrently i on t (a)",
      "create unique index concurrently if not exists i on t (a)",
    ],
  ],
  [{ noTransaction: "DROP INDEX CONCURRENTLY" }, ["drop index concurrently if exists i"]],
  [
    { noTransaction: "REINDEX CONCURRENTLY" },
    ["reindex index concurrently i", "reindex (verbose, concurrently) table t"],
  ],
  [{ noTransaction: "REINDEX SCHEMA" }, ["reindex schema s"]],
  [
    { noTransaction: "REINDEX DATABASE" },
    ["reindex database d", "reindex database concurrently d"],
  ],
  [{ noTransaction: "REINDEX SYSTEM" }, ["reindex system d"]],
  [
    { noTransaction: "DETACH PARTITION CONCURRENTLY" },
    ["alter table t detach partition p concurrently"],
  ],
  [{ noTransaction: "VACUUM" }, ["vacuum", "vacuum (full, analyze) t"]],
  [{ noTransaction: "CLUSTER of all tables" }, ["cluster", "cluster verbose"]],
  [{ noTransaction: "ALTER SYSTEM" }, ["alter system set a = 1", "alter system reset all"]],
  [{ noTransaction: "CREATE DATABASE" }, ["create database d"]],
  [{ noTransaction: "DROP DATABASE" }, ["drop database if exists d"]],
  [{ noTransaction: "ALTER DATABASE SET TABLESPACE" }, ["alter database d set tablespace x"]],
  [{ noTransaction: "CREATE TABLESPACE" }, ["create tablespace a location '/x'"]],
  [{ noTransaction: "DROP TABLESPACE" }, ["drop tablespace a"]],
  [{ noTransaction: "DISCARD ALL" }, ["discard all"]],
  [
    { noTransaction: "CREATE SUBSCRIPTION with a replication slot" },
    [
      "create subscription s connection '' publication p",
      "create subscription s connection '' publication p with (create_slot, copy_data = false)",
    ],
  ],
  [{ noTransaction: "DROP SUBSCRIPTION" }, ["drop subscription s"]],
  [
    { noTransaction: "ALTER SUBSCRIPTION REFRESH PUBLICATION" },
    ["alter subscription s refresh publication"],
  ],
  [
    { noTransaction: "ALTER SUBSCRIPTION that refreshes its publications" },
    ["alter subscription s set publication p", "alter subscription s add publication p"],
  ],
  [
    { addsEnumValue: true },
    ["alter type e add value 'a'", "alter type e add value if not exists 'b' after 'a'"],
  ],
  [
    { selectInto: true },
    [
      "select 1 into t",
      "select 1 into temp t union select 2",
      "with a as (select 1) select * into t from a",
    ],
  ],
  [{ copy: "from-stdin" }, ["copy t from stdin", "copy t (a) from stdin (format csv)"]],
  [{ copy: "to-stdout" }, ["copy t to stdout", "copy (select 1) to stdout"]],
  [
    { setTransaction: true },
    ["set transaction isolation level serializable", "set transaction snapshot 'x'"],
  ],
  [
    { setting: true, settings: ["search_path"] },
    [
      "set search_path = a",
      "set session Search_Path to a",
      "reset search_path",
      "select pg_catalog.set_config('search_path', '', false)",
    ],
  ],
  [
    { setting: true, settings: [] },
    ["set local search_path = a", "select set_config('a', 'b', true)"],
  ],
  [{ setting: true, settings: ["role"] }, ["set role x", "reset role"]],
  [{ setting: true, settings: ["session_authorization"] }, ["set session authorization x"]],
  [{ setting: true, settings: ["timezone"] }, ["set time zone 'UTC'"]],
  [{ setting: true, settings: ["all"] }, ["reset all"]],
  [
    { setting: true, settings: ["default_transaction_read_only"] },
    ["set session characteristics as transaction read only"],
  ],
  [
    { setting: true, settings: ["a", "b"] },
    ["select set_config('A', '', false), set_config('b', '', false)"],
  ],
  [{ count: 0 }, ["", "-- nothing", ";"]],
  [{ count: 2 }, ["select 1; select 2"]],
  [{ count: 2, settings: ["a"] }, ["set a = 1; select 2"]],
  [
    { count: 2, noTransaction: "VACUUM", addsEnumValue: true },
    ["vacuum; alter type e add value 'a';"],
  ],
];

describe("the class of a statement", () => {
  before(load);

  for (const [special, texts] of CLASSES) {
    for (const text of texts) {
      it(text === "" ? "an empty text" : text, () => {
        assert.deepEqual(parser.classify(text), { ...PLAIN, ...special });
      });
    }
  }

  it("is plain for a text that is too large to be parsed", () => {
    assert.deepEqual(parser.classify(`begin ${"x".repeat(MAX_PARSED_BYTES)}`), PLAIN);
    assert.deepEqual(parser.classify(`begin ${"é".repeat(MAX_PARSED_BYTES / 2)}`), PLAIN);
  });
});

describe("a syntax error", () => {
  before(load);

  it("has its offset in code points", () => {
    assert.deepEqual(parser.classify("select '😀é' ) x"), {
      message: 'syntax error at or near ")"',
      offset: 12,
    });
  });

  it("at the end stands behind the last character", () => {
    assert.deepEqual(parser.classify("select 1 from"), {
      message: "syntax error at end of input",
      offset: 13,
    });
  });

  it("is found for any text without a crash", () => {
    const words = array(
      constantFrom(..."select ( ) , ' $$ begin from as 1 ; create table case end é".split(" ")),
    );

    holds(
      property(words, (parts) => {
        const found = parser.classify(parts.join(" "));
        assert.ok("count" in found || found.offset >= 0);
      }),
      { numRuns: 200 },
    );
  });
});

describe("PL/pgSQL bodies", () => {
  before(load);

  for (const [name, text] of Object.entries(GOOD_BODIES)) {
    it(`are right: ${name}`, () => {
      assert.ok(!("message" in parser.classify(text)), "the statement itself is wrong");
      assert.equal(parser.checkBodies(text), undefined);
    });
  }

  for (const { name, text, message } of BAD_BODIES) {
    it(`are wrong: ${name}`, () => {
      const marker = text.indexOf("<<HERE>>");
      const found = parser.checkBodies(text.replace("<<HERE>>", ""));

      assert.equal(found?.message, message);
      assert.equal(found?.offset, Array.from(text.slice(0, marker)).length);
    });
  }

  it("are not looked at in other languages or in texts of several statements", () => {
    assert.equal(
      parser.checkBodies("create function f() returns int language sql as $$ selec 1 $$"),
      undefined,
    );
    assert.equal(parser.checkBodies("do language plpython3u $$ begin nonsense $$"), undefined);
    assert.equal(parser.checkBodies("do $$ begin nonsense $$; select 1;"), undefined);
    assert.equal(parser.checkBodies("select 'plpgsql'"), undefined);
    assert.equal(parser.checkBodies("selec 'plpgsql'"), undefined);
  });
});
