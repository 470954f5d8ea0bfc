import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as holds, constantFrom, property } from "fast-check";
import {
  createMysqlClassifier,
  splitDrop,
  type MysqlClass,
} from "../../../src/scan/mysql-class.ts";
import { unwrapVersionComments } from "../../../src/scan/mysql-gate.ts";
import { ROUTINE_STATEMENTS } from "./mysql-routine-samples.ts";
import { ROW_STATEMENTS } from "./mysql-row-samples.ts";
import { SESSION_STATEMENTS } from "./mysql-session-samples.ts";
import { TABLE_STATEMENTS } from "./mysql-table-samples.ts";

const SAMPLES = [
  ...ROW_STATEMENTS,
  ...SESSION_STATEMENTS,
  ...TABLE_STATEMENTS,
  ...ROUTINE_STATEMENTS,
];

/** The last of the statements of one block. */
function classify(...statements: readonly string[]): MysqlClass | undefined {
  const classifier = createMysqlClassifier();

  return statements.map((statement) => classifier.classify(statement)).at(-1);
}

/** All but the variables that it sets and what it makes, which have tests of their own. */
function traitsOf(...statements: readonly string[]): unknown {
  const { sets: _sets, makes: _makes, ...traits } = classify(...statements) ?? {};

  return traits;
}

describe("the class of a statement", () => {
  for (const { sql, found } of SAMPLES) {
    it(sql, () => assert.deepEqual(traitsOf("CREATE TEMPORARY TABLE tmp (a INT)", sql), found));
  }

  for (const [sql, ...sets] of [
    ["SET foreign_key_checks = 0", "foreign_key_checks"],
    [
      "SET @old = @@sql_mode, SQL_MODE = '', SESSION group_concat_max_len = 9",
      "sql_mode",
      "group_concat_max_len",
    ],
    ["SET @@session.time_zone = '+00:00', @@sql_notes = 0", "time_zone", "sql_notes"],
    ["SET NAMES utf8mb4", "names"],
    ["SET GLOBAL max_connections = 9"],
    ["SET @a = 1"],
    ["SELECT 1"],
  ] as const) {
    it(`knows what ${sql} sets`, () => assert.deepEqual(classify(sql)?.sets, sets));
  }

  for (const [sql, makes] of [
    ["CREATE FUNCTION `f``g`() RETURNS INT RETURN 1", ["function", undefined, "f`g"]],
    ["CREATE OR REPLACE PROCEDURE a.p() BEGIN END", ["procedure", "a", "p"]],
    ["CREATE OR REPLACE ALGORITHM = MERGE VIEW v AS SELECT 1", ["view", undefined, "v"]],
    ["CREATE TABLE t (a INT)", undefined],
    ["SELECT 1", undefined],
  ] as const) {
    it(`knows what ${sql} makes`, () => {
      const found = classify(sql)?.makes;

      assert.deepEqual(found && [found.kind, found.schema, found.name], makes);
    });
  }

  it("is the same behind comments and on several lines", () => {
    for (const { sql, found } of SAMPLES.filter(
      ({ found: { creates } }) => creates === undefined,
    )) {
      const lines = sql.replaceAll(/ (?=[A-Z(]{2,})/g, " -- it's\n/* ; */ ");
      const text = `-- a\n/* b */ # c\n${lines}`;
      assert.deepEqual(traitsOf("CREATE TEMPORARY TABLE tmp (a INT)", text), found, text);
    }
  });

  it("is unknown for what no server knows", () => {
    for (const text of ["FROBNICATE t", "x: BEGIN END", "DELIMITER $$", "-- nothing", ""]) {
      const { effect, inProcedure, objects } = classify(text) ?? {};
      assert.deepEqual(
        { effect, inProcedure, objects },
        { effect: "definition", inProcedure: false, objects: undefined },
      );
    }
  });

  it("has an error outside a procedure stay one", () => {
    assert.equal(classify("BEGIN SELECT 1; END")?.inProcedure, false);
  });

  it("lets a routine free locks, and refuses to do it now", () => {
    const text = "RELEASE_ALL_LOCKS()";
    assert.equal(classify(`CREATE FUNCTION f() RETURNS INT RETURN ${text}`)?.refused, undefined);
    assert.notEqual(classify(`SELECT ${text}`)?.refused, undefined);
    assert.equal(classify(`SELECT '${text}', \`${text}\``)?.refused, undefined);
  });

  it("does not look back with a name, a string or a variable of the user", () => {
    for (const value of ["warning_count", "@identity", "'ROW_COUNT()'", "`LAST_INSERT_ID`(1)"]) {
      assert.equal(classify(`SELECT ${value} FROM t`)?.looksBack, false);
    }
  });
});

describe("the class of any text", () => {
  it("is there, and so is the way to split it", () => {
    const words =
      "create or replace temporary alter drop rename table if not exists definer set names @ . , ( ) = := ' \" ` with update delete from using select into t a.b 1 /*! */ /*!40101 -- # \n rename to first";
    const soup = array(constantFrom(...words.split(" "), "\n"), { maxLength: 30 });

    holds(
      property(soup, (parts) => {
        const text = parts.join(" ");
        assert.notEqual(classify(text, text)?.effect, undefined);
        assert.ok((splitDrop(text)?.length ?? 2) > 1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the class of a statement with version comments", () => {
  it("is that of all they hold, once those for every server are unwrapped", () => {
    const text = [
      "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `a`.`tr` BEFORE INSERT",
      "ON `t` FOR EACH ROW BEGIN END */",
    ].join("\n");

    const { effect, objects, creates } = classify(unwrapVersionComments(text) ?? "") ?? {};
    assert.deepEqual(
      { effect, objects, creates },
      {
        effect: "definition",
        objects: [{ kind: "trigger", schema: "a", name: "tr" }],
        creates: { kind: "trigger", nameText: "`a`.`tr`", at: 6 },
      },
    );
  });

  it("is that of what they hold when only some servers run it, but for no procedure", () => {
    const { effect, inProcedure } = classify("/*!80000 SET @a = 1 */") ?? {};
    assert.deepEqual({ effect, inProcedure }, { effect: "session", inProcedure: false });
  });

  it("leaves out what a dump of MariaDB says to MariaDB alone", () => {
    const text = "/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */";
    assert.match(classify(text)?.leaveOut ?? "", /^SET note_verbosity is left out: /);
  });

  it("repeats nothing that only some servers can repeat", () => {
    for (const text of [
      "CREATE /*M! OR REPLACE */ FUNCTION f() RETURNS INT RETURN 1",
      "CREATE TABLE /*!80000 IF NOT EXISTS */ t (a INT)",
      "DROP TABLE /*M! IF EXISTS */ t",
      "ALTER TABLE t ADD COLUMN /*M! IF NOT EXISTS */ c INT",
    ]) {
      const { effect, creates, drops } = classify(text) ?? {};
      assert.deepEqual(
        { effect, creates, drops },
        { effect: "definition", creates: undefined, drops: undefined },
      );
    }
  });
});

describe("the class of a statement behind others", () => {
  const CREATE = "CREATE TEMPORARY TABLE a.`B` (a INT)";

  it("knows a temporary table in any writing of its name", () => {
    assert.equal(classify(CREATE, "INSERT INTO `A`.b VALUES (1)")?.effect, "session");
    assert.equal(classify(CREATE, "INSERT INTO b VALUES (1)")?.effect, "rows");
  });

  it("knows the new name of a temporary table", () => {
    for (const rename of ["ALTER TABLE a.b RENAME c", "RENAME TABLE a.b TO c"]) {
      assert.equal(classify(CREATE, rename)?.effect, "session");
      assert.equal(classify(CREATE, rename, "TRUNCATE c")?.effect, "session");
      assert.equal(classify(CREATE, rename, "TRUNCATE a.b")?.effect, "repeatable");
    }
  });

  it("forgets a temporary table that was dropped", () => {
    for (const drop of ["DROP TABLE a.b", "DROP TEMPORARY TABLE x, a.b", "DROP TABLE t, a.b"]) {
      assert.equal(classify(CREATE, drop, "DELETE FROM a.b")?.effect, "rows");
    }
  });

  it("begins anew in the next block", () => {
    classify(CREATE);
    assert.equal(classify("DELETE FROM a.b")?.effect, "rows");
  });

  it("renames a table in its place, beside a temporary one", () => {
    assert.deepEqual(classify(CREATE, "RENAME TABLE a.b TO x, t TO y")?.objects, [
      { kind: "table", schema: undefined, name: "t" },
      { kind: "table", schema: undefined, name: "y" },
    ]);
  });
});

describe("a DROP of several tables", () => {
  const split: readonly (readonly [text: string, ...parts: readonly string[]])[] = [
    ["DROP TABLE a, b", "DROP TABLE a", "DROP TABLE b"],
    ["drop tables `a,b` , c.d cascade", "drop tables `a,b` cascade", "DROP TABLES c.d cascade"],
    [
      "-- all\nDROP VIEW a /* x */ , b -- y\n, c",
      "-- all\nDROP VIEW a",
      "DROP VIEW b",
      "DROP VIEW c",
    ],
    ["DROP SEQUENCE a, b", "DROP SEQUENCE a", "DROP SEQUENCE b"],
  ];

  for (const [text, ...parts] of split) {
    it(`is several: ${text}`, () => assert.deepEqual(splitDrop(text), parts));
  }

  const whole = [
    "DROP TABLE a",
    "DROP TABLE IF EXISTS a, b",
    "DROP TEMPORARY TABLE a, b",
    "DROP FUNCTION a",
    "DROP USER a, b",
    "SELECT a, b",
    "/*!80000 DROP TABLE a, b */",
    "",
  ];

  for (const text of whole) {
    it(`is one: ${text}`, () => assert.equal(splitDrop(text), undefined));
  }
});
