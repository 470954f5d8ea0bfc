import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  newClientState,
  scanMysqlText,
  type ClientEvent,
  type ClientState,
} from "../../../src/scan/mysql.ts";

function scan(text: string, state: ClientState = newClientState()): readonly ClientEvent[] {
  return [...scanMysqlText(text, state)];
}

/** The text of each statement. */
function textsOf(text: string): readonly string[] {
  return scan(text).flatMap((event) => (event.kind === "statement" ? [event.text] : []));
}

describe("a statement of MySQL", () => {
  it("ends at the delimiter, which is no part of it", () => {
    assert.deepEqual(scan("select 1 ; -- two\nselect 2"), [
      {
        kind: "statement",
        gap: "",
        text: "select 1",
        end: " ;",
        line: 1,
        column: 1,
        head: ["select", "1"],
      },
      {
        kind: "statement",
        gap: " ",
        text: "-- two\nselect 2",
        end: "",
        line: 1,
        column: 12,
        head: ["select", "2"],
      },
    ]);
  });

  it("begins with the comments before it, and loses those behind its last token", () => {
    assert.deepEqual(textsOf("/* a */ -- b\n# c\nselect 1 -- d\n; select 2 /* e */;"), [
      "/* a */ -- b\n# c\nselect 1",
      "select 2",
    ]);
  });

  it("never begins with a comment that only a client knows", () => {
    assert.deepEqual(
      textsOf("-- a\n--b\nselect 1;\n/*M!999999\\- enable the sandbox mode */\nselect 2;"),
      ["select 1", "select 2"],
    );
  });

  it("is none for a lone delimiter, a comment and white space", () => {
    assert.deepEqual(textsOf(";; -- x\n; /* y */ ;\n"), []);
    assert.deepEqual(scan(";\n"), [{ kind: "tail", text: ";\n", line: 1 }]);
  });

  it("has LF for CR LF, also in strings", () => {
    assert.deepEqual(textsOf("select\r\n'a\r\nb';\r\n"), ["select\n'a\nb'"]);
  });

  it("has its place in code points, behind a byte order mark too", () => {
    const places = scan("\uFEFFselect '😀';select 2;\n  select 3;").map((event) =>
      event.kind === "statement" ? [event.line, event.column] : [],
    );

    assert.deepEqual(places, [
      [1, 1],
      [1, 12],
      [2, 3],
    ]);
  });

  it("has the first words of what is in version comments", () => {
    const [event] = scan("/*!40101 SET NAMES utf8 */;");

    assert.deepEqual(event?.kind === "statement" && event.head, ["set", "names", "utf8"]);
  });

  it("hides delimiters in quotes, comments, hints and version comments", () => {
    const one = "select 'a;\\';', \";\", `;\\`, /*+ ; ' */ /* ; */ /*! ';' ; */ 1 # ;\n, \\N";

    assert.deepEqual(textsOf(`${one}; select 2;`), [one, "select 2"]);
  });

  it("may break off what it opened: the place of that is told", () => {
    for (const [text, unterminated, line, column] of [
      ["select\n 'a;", "quote", 2, 2],
      ["select `a;", "identifier", 1, 8],
      ["select 1;\n/* a;", "comment", 2, 1],
      ["select /*! 1;", "version comment", 1, 8],
      ["create procedure p()\nbegin select 1;", "body", 2, 1],
      ["create function f() returns int language javascript as $a$ ; $$", "dollar quote", 1, 56],
    ] as const) {
      const event = scan(text).at(-1);

      assert.ok(event?.kind === "statement");
      assert.deepEqual(
        [event.unterminated, event.openedAt],
        [unterminated, { line, column }],
        text,
      );
    }
  });

  it("reads quotes by the modes that the file sets", () => {
    assert.deepEqual(
      textsOf(
        "set sql_mode = 'NO_BACKSLASH_ESCAPES'; select 'a\\'; set sql_mode=''; select 'b\\';';",
      ),
      [
        "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
        "select 'a\\'",
        "set sql_mode=''",
        "select 'b\\';'",
      ],
    );
    assert.deepEqual(
      textsOf('set @@session.sql_mode := "ansi"; select "a\\"; select 1;').slice(1),
      ['select "a\\"', "select 1"],
    );
    for (const text of [
      "set global sql_mode = 'ANSI_QUOTES';",
      "set sql_mode = replace(@@sql_mode, 'ANSI_QUOTES', '');",
      "set @a = 'sql_mode = ANSI_QUOTES';",
      "set sql_mode = @OLD_SQL_MODE;",
    ]) {
      const state = { ...newClientState() };

      scan(text, state);
      assert.equal(state.ansiQuotes, text.startsWith("set @a"), text);
    }
  });
});

describe("a stored program without DELIMITER", () => {
  const bodies = [
    "create procedure p() begin end",
    "create procedure if not exists p(in a decimal(10, 2)) comment 'begin;' begin select 1; end",
    "CREATE OR REPLACE DEFINER=`a`@`b` AGGREGATE FUNCTION s.f() RETURNS SET('a') CHARACTER SET utf8 l: BEGIN RETURN 1; END l",
    "create procedure p() begin begin select 1; end; begin not_a_word; end; end",
    "create procedure p() begin if a then select 1; elseif b then begin end; else select if(1, 2, 3); end if; end",
    "create procedure p() begin case a when 1 then select case when 1 then 2 end; else begin end; end case; end",
    "create procedure p() begin w: while a do set a = 1; do if(1, 2, 3); end while w; l: loop leave l; end loop; end",
    "create procedure p() begin repeat set a = repeat('x', 2); until a = case b when 1 then 2 end end repeat; select 1; end",
    "create procedure p() begin select end, t.end from t where case when (select a from t order by end limit 1) > end then t.end else end end; update t set end = 1; end",
    "create procedure p() begin declare exit handler for 1062, not found, sqlstate value '23000' if a then select 1; end if; end",
    "create procedure p() begin declare continue handler for sqlexception set a = if(1, 2, 3); declare c cursor for select 1; end",
    "create procedure p() begin drop table if exists t; create table if not exists t (a int); end",
    "create procedure p() begin for r in (select 1) do select r.a; end for; for i in 1..3 do set a = i; end for; end",
    "create procedure p() if a then select 1; else select 2; end if",
    "create trigger t before insert on a for each row precedes u begin set new.a = 1; end",
    "create event e on schedule every case when 1 then 2 end day do begin select 1; end",
    "alter event e do l: loop leave l; end loop",
    "begin not atomic declare a int; set a = 1; end",
    "/*!50003 CREATE*/ /*!50017 DEFINER=a@b*/ /*!50003 TRIGGER t AFTER DELETE ON a FOR EACH ROW BEGIN SET @a = 1; END */",
    "create function f(a int) returns int language javascript as $js$ return a; $js$",
  ];

  for (const body of bodies) {
    it(`ends where its grammar ends it: ${body}`, () => {
      assert.deepEqual(textsOf(`${body};\nselect 1;`), [body, "select 1"]);
    });
  }

  it("ends at the first delimiter where its body is one plain statement", () => {
    for (const text of [
      "create procedure p() select case when 1 then 2 end",
      "create function f(a int) returns int return if(a, 1, 2)",
      "create trigger t before insert on a for each row set new.a = if(new.a, 1, 2)",
      "create event e on schedule every 1 day do delete from t where a = if(1, 2, 3)",
      "create function f returns string soname 'begin.so'",
      "create table t (begin int, event int, end int)",
      "create definer = root@localhost sql security invoker view v as select begin from event",
      "alter table t add event int",
      "begin",
      "begin work",
      "select begin, case when 1 then 2 end",
    ]) {
      assert.deepEqual(textsOf(`${text}; select 1;`), [text, "select 1"]);
    }
  });

  it("ends at the delimiter alone where that is another one", () => {
    assert.deepEqual(textsOf("delimiter //\ncreate procedure p() begin select 1; // select 2 //"), [
      "create procedure p() begin select 1;",
      "select 2",
    ]);
  });
});

describe("DELIMITER", () => {
  it("holds until the next one, and beyond the end of the text", () => {
    const state = newClientState();
    const [, first, second] = scan("delimiter $$\nselect 1; select a$$ select\n2;", state);

    assert.deepEqual(
      [first, second].map((event) => event?.kind === "statement" && event.text),
      ["select 1; select a", "select\n2;"],
    );
    assert.equal(state.delimiter, "$$");
    assert.deepEqual(
      scan("delimiter ;\n", state).map(({ kind }) => kind),
      ["command", "tail"],
    );
    assert.equal(state.delimiter, ";");
  });

  it("takes a word, or what stands in quotes", () => {
    for (const [line, delimiter] of [
      ["delimiter //", "//"],
      ["  DELIMITER\t; -- back", ";"],
      ["delimiter 'a b'", "a b"],
      ["delimiter `$`x", "$"],
      ["delimiter", ";"],
      ["delimiter a\\b", ";"],
      ["delimiter a234567890123456", ";"],
    ] as const) {
      const state = newClientState();

      assert.equal(scan(line, state)[0]?.kind, "command", line);
      assert.equal(state.delimiter, delimiter, line);
    }
  });

  it("is no command in a statement, a string or a comment", () => {
    for (const text of [
      "select\ndelimiter //\n;",
      "select '\ndelimiter //\n';",
      "/*\ndelimiter //\n*/ select 1;",
    ]) {
      const state = newClientState();

      assert.deepEqual(
        scan(text, state).map(({ kind }) => kind),
        ["statement"],
      );
      assert.equal(state.delimiter, ";");
    }
  });
});

describe("a command of the client", () => {
  it("takes its line, or goes up to the delimiter on its line", () => {
    assert.deepEqual(scan("-- x\nsource a b.sql \nuse db; select 1;"), [
      {
        kind: "command",
        gap: "-- x\n",
        text: "source a b.sql ",
        name: "source",
        written: "source",
        args: "a b.sql",
        line: 2,
        column: 1,
      },
      {
        kind: "command",
        gap: "\n",
        text: "use db;",
        name: "use",
        written: "use",
        args: "db",
        line: 3,
        column: 1,
      },
      {
        kind: "statement",
        gap: " ",
        text: "select 1",
        end: ";",
        line: 3,
        column: 9,
        head: ["select", "1"],
      },
    ]);
  });

  it("has a short form, which is told by its long name", () => {
    const [include, none] = scan("\\. a.sql\n\\s");

    assert.ok(include?.kind === "command" && none?.kind === "command");
    assert.deepEqual([include.name, include.written, include.args], ["source", "\\.", "a.sql"]);
    assert.deepEqual([none.name, none.written, none.args], ["status", "\\s", ""]);
    assert.equal(scan("\\d // select 1//").length, 2);
  });

  it("ends the statement before it when it sends it", () => {
    const ends = scan("select 1 \\g select 2\\G\n\\g").map((event) =>
      event.kind === "statement" ? [event.text, event.end] : [event.kind],
    );

    assert.deepEqual(ends, [["select 1", " \\g"], ["select 2", "\\G"], ["command"]]);
  });

  it("is told to stand where it cannot", () => {
    for (const [text, misplaced] of [
      ["select 1 \\s ;", "statement"],
      ["select 1; delimiter //", "line"],
      ["select 1; exit\n", "line"],
      ["select 1; exit;", undefined],
      ["/* a */ exit", undefined],
    ] as const) {
      const command = scan(text).find(({ kind }) => kind === "command");

      assert.ok(command?.kind === "command");
      assert.equal(command.misplaced, misplaced, text);
    }
  });

  it("is none with arguments that it does not take, or letters that go on", () => {
    for (const text of ["exit now;", "exits;", "source_of;", "\\N;"]) {
      assert.deepEqual(
        scan(text).map(({ kind }) => kind),
        ["statement"],
        text,
      );
    }
  });
});
