import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scanPostgresText, type ScanEvent } from "../../../src/scan/postgres.ts";

function scan(text: string): readonly ScanEvent[] {
  return [...scanPostgresText(text)];
}

function statements(text: string): readonly string[] {
  return scan(text).flatMap((event) => (event.kind === "statement" ? [event.text] : []));
}

describe("scanning PostgreSQL", () => {
  it("yields nothing for an empty text", () => {
    assert.deepEqual(scan(""), []);
  });

  it("keeps the comments before a statement with it, and the white space apart", () => {
    assert.deepEqual(scan("\n -- a\n/* b */ SELECT  Größe\n;\n"), [
      {
        kind: "statement",
        gap: "\n ",
        text: "-- a\n/* b */ SELECT  Größe\n;",
        line: 2,
        column: 2,
        head: ["select", "größe"],
        terminated: true,
        copiesFromStdin: false,
      },
      { kind: "tail", text: "\n" },
    ]);
  });

  it("counts columns in code points and lines by line feeds", () => {
    const [, second, third] = scan("select '😀é';\tselect 2;\r\n\r select 3;");

    assert.deepEqual(
      [second, third].map(
        (event) => event && "line" in event && [event.line, "column" in event && event.column],
      ),
      [
        [1, 14],
        [2, 3],
      ],
    );
  });

  it("takes a byte order mark at the start for white space", () => {
    const [event] = scan("\uFEFFselect 1;");

    assert.deepEqual(event && "column" in event && [event.text, event.line, event.column], [
      "select 1;",
      1,
      1,
    ]);
  });

  it("ends statements neither in quotes nor in comments nor in parentheses", () => {
    const parts = [
      "select ';', \";\", $$;$$, $a$;$$;$a$, E'\\';', U&'\\;', B';', x';', n';' -- ;\n;",
      "/* /* ; */ ; */ select 1;",
      "create rule r as on insert to t do (select 1; select 2);",
      "select 1\\; select 2;",
    ];

    assert.deepEqual(statements(parts.join("\n")), parts);
  });

  it("ends a routine with its own body at the END of its BEGIN", () => {
    const routine =
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END;";

    assert.deepEqual(statements(`${routine} begin; end;`), [routine, "begin;", "end;"]);
  });

  it("lets END close nothing that was not opened", () => {
    assert.deepEqual(statements("create function f() end begin atomic; a; end; b;"), [
      "create function f() end begin atomic; a; end;",
      "b;",
    ]);
  });

  it("knows the first eight words", () => {
    const [event] = scan("select a.b, \"c\", 'd' from (e) where f = 1 and g or h and i;");

    assert.deepEqual(event?.kind === "statement" && event.head, [
      "select",
      "a",
      "b",
      "from",
      "e",
      "where",
      "f",
      "and",
    ]);
  });

  it("yields an empty statement without words", () => {
    const [event] = scan("/* a */;");

    assert.deepEqual(event?.kind === "statement" && [event.text, event.head], ["/* a */;", []]);
  });

  it("ends the last statement at its last token when the semicolon is missing", () => {
    const events = scan("select 1 -- a\n");

    assert.deepEqual(
      events.map(({ text }) => text),
      ["select 1", " -- a\n"],
    );
    assert.equal(events[0]?.kind === "statement" && events[0].terminated, false);
  });

  for (const [text, unterminated, line, column] of [
    ["select 1;\nselect 'a\n;", "quote", 2, 8],
    ["select E'a\\';", "quote", 1, 8],
    ["select $é$ $$;", "dollar quote", 1, 8],
    ['select\n "a;', "identifier", 2, 2],
    ["select 1; /* /* */\n", "comment", 1, 11],
    ["select (1, (2);\n\nselect 3;", "parenthesis", 1, 8],
  ] as const) {
    it(`tells where an open ${unterminated} begins: ${JSON.stringify(text)}`, () => {
      const event = scan(text).findLast(({ kind }) => kind === "statement");

      assert.deepEqual(
        event?.kind === "statement" && [event.unterminated, event.openedAt, event.terminated],
        [unterminated, { line, column }, false],
      );
    });
  }
});

describe("scanning COPY data", () => {
  it("takes the lines up to the end marker", () => {
    assert.deepEqual(scan("copy t (a) from STDIN; -- data\n';\n\\.x\n\\.\nselect 1;").slice(1), [
      { kind: "copy-data", gap: " -- data\n", text: "';\n\\.x\n", line: 2 },
      { kind: "copy-end", gap: "", text: "\\.\n", line: 4 },
      {
        kind: "statement",
        gap: "",
        text: "select 1;",
        line: 5,
        column: 1,
        head: ["select"],
        terminated: true,
        copiesFromStdin: false,
      },
    ]);
  });

  it("may have no data, CRLF, and an end without a line end", () => {
    const events = scan("copy t from stdin;\r\n\\.\r\ncopy t from stdin;\n1\n\\.");

    assert.deepEqual(
      events.filter(({ kind }) => kind !== "statement"),
      [
        { kind: "copy-end", gap: "\r\n", text: "\\.\r\n", line: 2 },
        { kind: "copy-data", gap: "\n", text: "1\n", line: 4 },
        { kind: "copy-end", gap: "", text: "\\.", line: 5 },
      ],
    );
  });

  it("ends with the text when the marker is missing", () => {
    assert.deepEqual(scan("copy t from stdin;\n1\n2").slice(1), [
      { kind: "copy-data", gap: "\n", text: "1\n2", line: 2 },
      { kind: "copy-end", gap: "", text: "", line: 3 },
    ]);
  });

  for (const text of [
    "copy t to stdout;",
    "copy t from '/stdin';",
    "copy (select a from stdin) to stdout;",
    "copy t from program 'stdin';",
    "select copy from stdin;",
    "copy t from stdin",
  ]) {
    it(`does not come after: ${text}`, () => {
      const [event] = scan(text);

      assert.equal(event?.kind === "statement" && event.copiesFromStdin, false);
    });
  }

  it("follows \\copy from stdin, but no other \\copy", () => {
    const kinds = scan(
      "\\copy t from 'x'\n\\copy (select 1 from stdin) to stdout\n\\copy t (a) from stdin csv\n1\n\\.\n",
    );

    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ["command", "command", "command", "copy-data", "copy-end", "tail"].slice(0, kinds.length),
    );
    assert.equal(kinds.length, 5);
  });

  it("comes twice after two joined COPYs", () => {
    const kinds = scan("copy a from stdin\\; copy b from stdin;\n1\n\\.\n2\n\\.\n").map(
      ({ kind }) => kind,
    );

    assert.deepEqual(kinds, ["statement", "copy-data", "copy-end", "copy-data", "copy-end"]);
  });

  it("marks what stands behind the COPY on its line", () => {
    const events = scan("copy t from stdin; select 1;\n1\n\\.\n");

    assert.deepEqual(
      events.map((event) => [
        event.text,
        event.kind === "statement" ? event.unterminated : undefined,
      ]),
      [
        ["copy t from stdin;", undefined],
        ["select 1;", "copy line"],
        ["1\n", undefined],
        ["\\.\n", undefined],
      ],
    );
  });
});

describe("scanning psql commands", () => {
  it("tells their name and arguments, and leaves comments in the gap", () => {
    assert.deepEqual(scan("-- a\n  \\i  'b c.sql' \r\n"), [
      {
        kind: "command",
        gap: "-- a\n  ",
        text: "\\i  'b c.sql' ",
        name: "i",
        args: "'b c.sql'",
        line: 2,
        column: 3,
        inStatement: false,
      },
      { kind: "tail", text: "\r\n" },
    ]);
  });

  it("end at a backslash that is not quoted", () => {
    const events = scan("\\set a 'x\\\\y' \\echo \"\\\" \\\\ select 1; \\! ls \\\\ x\n");

    assert.deepEqual(
      events.map((event) => (event.kind === "command" ? [event.name, event.args] : event.text)),
      [["set", "a 'x\\\\y'"], ["echo", '"\\"'], "select 1;", ["!", "ls \\\\ x"], "\n"],
    );
  });

  it("split the statement that they stand in", () => {
    const events = scan("select (1\n\\echo a;\n; 2);");

    assert.deepEqual(
      events.map((event) =>
        event.kind === "command"
          ? event.inStatement
          : event.kind === "statement" && [event.text, event.terminated],
      ),
      [["select (1", false], true, ["; 2);", true]],
    );
  });

  for (const name of ["g", "gx", "gset", "gexec", "r", "reset", "watch"]) {
    it(`\\${name} ends the statement before it`, () => {
      const events = scan(`select (1 \\${name}\nselect 2;`);

      assert.deepEqual(
        events.map((event) => (event.kind === "command" ? event.inStatement : event.text)),
        ["select (1", false, "select 2;"],
      );
    });
  }
});
