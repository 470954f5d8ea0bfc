import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { scanPostgresText, type CommandEvent } from "../../src/scan/postgres.ts";
import { lexerOf, readToken } from "../../src/scan/postgres-lexis.ts";
import { parseArguments, sentText, substituteVariables } from "../../src/scan/psql.ts";
import { findClient, runProgram, type Program } from "../helpers/postgres-programs.ts";
import { startRecordingServer, type RecordedQuery } from "../helpers/recording-server.ts";

interface Sample {
  readonly name: string;
  readonly text: string;
}

/** Files that `\i` and `\ir` of the samples read. */
const INCLUDED: Readonly<Record<string, string>> = {
  "part one.sql": "select 'one';\n\\ir nested.sql\nselect 'without a semicolon'",
  "nested.sql": "\uFEFFselect 'nested'; -- and a comment\n",
};

const SAMPLES: readonly Sample[] = [
  { name: "plain", text: "select 1;\n\n\nselect\n\n  2\n  \n;\nselect 3" },
  { name: "two on a line", text: "select 1; select 2; ;;\n  ; select 3;" },
  {
    name: "comments that hold quotes",
    text: "-- don't $$ /* \nselect 1; /* it's */ select /* ; */ 2 -- ';\n; -- end\n",
  },
  { name: "leading comments", text: "-- a\n\n/* b\n\n */ -- c\n\nselect 1;\n/* d */\n\nselect 2;" },
  {
    name: "nested comments",
    text: "/* a /* b */ ; ' */ select 1; /* /* */ **/ ; */ select 2;/**/;",
  },
  {
    name: "comments that touch operators",
    text: "select 1+/* ; */2, 3*-- ;\n4, 1//* ;*/2;select 5;",
  },
  {
    name: "a comment of stars",
    text: "/****;****/ select 1; /*/ ; */ select 2; /*/**/;*/ select 3;",
  },
  { name: "a comment that a carriage return ends", text: "-- a ; \rselect 1; -- ' \r\nselect 2;" },
  {
    name: "escape strings",
    text: "select E'it\\'s;', e'\\\\'; select E'a''b;\\''; select 'a\\'; select 2;",
  },
  { name: "an escape string that goes on", text: "select E'a'\n'b\\';\nselect 1;\n" },
  {
    name: "an escape string that goes on in the line",
    text: "select E'a' \r 'b\\'c;' ; select 1;",
  },
  {
    name: "a backslash at the end of the line",
    text: "select E'a\\\n';\nselect E'b\\\r\n';\nselect 2;",
  },
  {
    name: "other strings",
    text: "select B'1;', x'F;', N'n''\\', U&'\\0061;\\' , U&\"a;\\\" ; select 2;",
  },
  { name: "quoted identifiers", text: 'select 1 as "a;""b\'", "c\n\nd;" ; select 2;' },
  { name: "strings over lines", text: "select 'a;\n\n  b\n;\n', '\n\n'\n\n;\nselect 2;" },
  {
    name: "dollar quotes",
    text: "select $$a;'$$, $a$ $$ ; $b$ $a$, $ä_1$ ;\n\n; $ä_1$; select $x$$y$x$;",
  },
  {
    name: "dollar signs that quote nothing",
    text: "select a$b$c; select $1; select 1 + $2; select $a; select 2;",
  },
  { name: "a dollar quote behind a number", text: "select $1$$;$$; select 1$$;$$; select 2;" },
  {
    name: "parentheses",
    text: "create rule r as on insert to t do (select 1; select 2);\nselect (')'\n\n;\n);",
  },
  { name: "closing parentheses too many", text: "select 1); select (2;);" },
  {
    name: "a routine with its own body",
    text: "create function f() returns int begin atomic select case when 1 = 1 then 2 end; select 3; end;\nselect 4;",
  },
  {
    name: "a replaced procedure with nested blocks",
    text: "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC\n  SELECT 1;\n\n  SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END;\nEND;\nselect 5;",
  },
  {
    name: "names like keywords",
    text: 'create table t (begin_at int, "end" int); create function "begin"() returns int as $$ begin ; end $$ language sql; select 1;',
  },
  {
    name: "words that only look like a body",
    text: "begin; select case when true then 1 end; end; select 2;",
  },
  {
    name: "default values in a routine's head",
    text: "create function f(a int default (case when true then 1 end)) returns int begin atomic; select a; end; select 1;",
  },
  {
    name: "a quoted body",
    text: "create function g() returns text as 'begin; end' language sql; select 1;",
  },
  { name: "joined statements", text: "select 1\\; select 2\\;\nselect ';';\nselect 3 \\; ;\n" },
  {
    name: "joined statements that begin a routine",
    text: "select 1 \\; create function f() returns int begin atomic; select 1; end; select 2;",
  },
  { name: "escaped colons", text: "select a[1\\:n], 'x\\:y', 1\\:\\:int;" },
  { name: "CRLF", text: "select 1;\r\n\r\nselect\r\n2; -- c\r\nselect $$\r\n\r\n$$;\r\n" },
  { name: "a byte order mark", text: "\uFEFFselect 1;\nselect '\uFEFF';" },
  { name: "non-ASCII words", text: "select é, 😀, ａ$b$c from naïve;select '😀;';" },
  { name: "numbers", text: "select 1..2, 1.5e10, .5, 0x1F, 1_000, 1e+5, 12.; select 3;" },
  { name: "operators", text: "select a->>'b;', @-1, 2 <> 3, a ?| b, `x;`; select 1;" },
  { name: "casts and slices", text: "select a::int, b[1:2], c[:2], d[:], e := 1;" },
  {
    name: "COPY data",
    text: "copy t (a, b) from stdin;\n1\tit's\n2\t$$ ; \\\\.\n\\N\t/*\n\\.\nselect 1;\n",
  },
  {
    name: "COPY data with CRLF",
    text: "COPY t FROM STDIN WITH (FORMAT csv);\r\n1,2\r\n\r\n\\.\r\nselect 1;\r\n",
  },
  { name: "COPY data up to the end", text: "copy t from stdin; -- the data\n1\n2" },
  {
    name: "COPY without data",
    text: "copy t from stdin;\n\\.\ncopy t to stdout; copy t from '/x'; select 1;",
  },
  {
    name: "COPY of a query that names stdin",
    text: "copy (select a from stdin) to stdout; select 'copy t from stdin;'; select 1;",
  },
  {
    name: "two COPYs in one message",
    text: "copy a from stdin \\; copy b from stdin;\n1\n\\.\n2\n\\.\nselect 1;",
  },
  { name: "COPY through the client", text: "\\copy t from stdin\n1;\n\\.\nselect 1;" },
  { name: "COPY from the grammar's other word", text: "copy t from stdout;\n1\n\\.\nselect 1;" },
  {
    name: "commands",
    text: "\\set a 1\nselect 1; \\pset null x\n  \\echo it''s ; \nselect 2 \\g\n\\timing off \\\\ select 3;\nselect 4;",
  },
  {
    name: "commands on one line",
    text: "\\set a 1 \\set b '2 3' \\\\ select :a, :'b';\nselect :a;",
  },
  {
    name: "a command inside a statement",
    text: "select 1 +\n\\echo hello\n2;\nselect (\n\\set x 3\n:x);\n",
  },
  { name: "a command behind a comment", text: "/* a */\n\\echo b\nselect 1;" },
  {
    name: "variables",
    text: "\\set n 5\n\\set s 'it''s'\n\\set b 'a\\\\\\\\b'\nselect :n, :'s', :\"s\", :'b', ':n', \":n\", $$:n$$, arr[2:n], x::n /* :n */ -- :n\n, :{?n}, :{?zz}, :zz, :'zz', E':n';",
  },
  { name: "variables in variables", text: "\\set a ':b + 1'\n\\set b ':a'\nselect :a;" },
  { name: "variables that were removed", text: "\\set a 1\n\\unset a\nselect :a;" },
  { name: "includes", text: "select 0;\n\\i 'part one.sql'\nselect 9;\n\\ir nested.sql\n" },
  { name: "quitting", text: "select 1;\n\\q\nselect 2;" },
  { name: "an open quote", text: "select 1; select 'a\n\n; select 2;\n" },
  { name: "an open dollar quote", text: "select $a$ ; $$\n" },
  { name: "an open comment", text: "select 1 /* ; /* */\n\nselect 2;" },
  { name: "an open identifier", text: 'select "a;\n' },
  { name: "an open parenthesis", text: "select (1;\n\nselect 2;\n\n" },
  { name: "only comments", text: "-- a\n\n-- b" },
  { name: "only block comments", text: "/* a */\n-- b\n\n/* c */\n" },
  { name: "comments at the end", text: "select 1\n-- a\n\n/* b */\n" },
  { name: "nothing", text: "" },
];

const psql = await findClient("psql", 15, "bookworm");
const skip = "missing" in psql ? `${psql.missing}` : false;

if (typeof skip === "string" && process.env["CI"] !== undefined) {
  throw new Error(`the splitter has to be compared with psql: ${skip}`);
}

describe("the splitter and psql", () => {
  let folder = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rowgate-psql-"));
    await Promise.all(
      Object.entries(INCLUDED).map(([name, text]) => writeFile(join(folder, name), text)),
    );
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("make the same messages of every sample", { skip }, async () => {
    const recorded = await record(
      SAMPLES.map(({ text }) => text),
      folder,
    );

    for (const [index, { name, text }] of SAMPLES.entries()) {
      assert.deepEqual(expected(text), recorded[index], `sample "${name}"`);
    }
  });

  it("make the same messages of arbitrary text", { skip }, async () => {
    const texts = fc.sample(soup(), { numRuns: 400, seed: 20240601 });
    const recorded = await record(texts, folder);

    for (const [index, text] of texts.entries()) {
      assert.deepEqual(expected(text), recorded[index], JSON.stringify(text));
    }
  });
});

/** Text made of what a splitter can stumble over. */
function soup(): fc.Arbitrary<string> {
  const part = fc.constantFrom(
    ..."' '' \" $$ $a$ $ä$ /* */ -- ( ) : :: := :x \\; ; ; ; * / - + $1 1 1. .5 E' e'\\' U&' U&\" B' x' N'".split(
      " ",
    ),
    ..."create or replace function procedure begin case end atomic select a _ é 😀 copy from".split(
      " ",
    ),
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    " ",
    "\t",
    "create function f() begin atomic ",
    "\\:",
    "'a'\n",
    "\\\\'",
  );

  return fc
    .array(part, { minLength: 1, maxLength: 40 })
    .map((parts) => parts.join(" ").replaceAll(/ ?\n ?/g, "\n"))
    .filter((text) => !/\\(?![;:])/.test(text) || /^[^\\]*(?:[eE]'[^\\]*\\[^\\]*)*$/.test(text))
    .filter((text) => ![...scanPostgresText(text)].some(({ kind }) => kind === "command"));
}

/** What psql sends for each of the texts, all in one session. */
async function record(
  texts: readonly string[],
  folder: string,
): Promise<readonly (readonly RecordedQuery[])[]> {
  const server = await startRecordingServer();
  const mark = join(folder, "mark.sql");

  await writeFile(mark, "select 'end of file';\n");
  try {
    const files = texts.map((_, index) => join(folder, `text-${index}.sql`));
    await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? "")));
    await runPsql(psqlProgram(), {
      args: files.flatMap((file) => ["-f", file, "-f", mark]),
      folder,
      port: server.port,
    });

    return split(server.queries, texts.length);
  } finally {
    await server.close();
  }
}

function psqlProgram(): Program {
  if ("missing" in psql) {
    throw new Error(psql.missing);
  }

  return psql.value;
}

async function runPsql(
  program: Program,
  { args, folder, port }: { args: readonly string[]; folder: string; port: number },
): Promise<void> {
  await runProgram(
    program,
    ["-X", "-q", "-h", "127.0.0.1", "-p", String(port), "-U", "test", "-d", "test", ...args],
    { cwd: folder, env: { PGCLIENTENCODING: "UTF8", PGPASSWORD: "", PGSSLMODE: "disable" } },
  );
}

function split(
  queries: readonly RecordedQuery[],
  count: number,
): readonly (readonly RecordedQuery[])[] {
  const files: RecordedQuery[][] = [[]];

  for (const query of queries) {
    if (query.text === "select 'end of file';") {
      files.push([]);
    } else {
      files.at(-1)?.push(query);
    }
  }
  assert.equal(files.length, count + 1, "psql did not come to its last file");

  return files.slice(0, count);
}

/** What psql should send, by Rowgate's scanner. */
interface Session {
  readonly variables: Map<string, string>;
  readonly sent: { text: string; copies: string[] }[];
}

function expected(text: string): readonly RecordedQuery[] {
  // Variables outlive a file in psql, so the samples use names of their own or set them first.
  const session: Session = { variables: new Map(), sent: [] };
  expectFile(text, session);

  return session.sent;
}

function expectFile(text: string, session: Session): void {
  /** What psql has in its buffer: the text since the last message, commands taken out. */
  let buffer = "";
  let data: string | undefined;

  for (const event of scanPostgresText(text)) {
    if (event.kind === "statement") {
      buffer += event.gap + event.text;
      if (event.terminated) {
        send(buffer, session);
        buffer = "";
      }
    } else if (event.kind === "command") {
      if (event.name === "q") {
        break;
      }
      buffer = expectCommand(event, buffer + event.gap, session);
    } else if (event.kind === "copy-data") {
      data = (data ?? "") + event.text;
    } else if (event.kind === "copy-end") {
      session.sent.at(-1)?.copies.push(data ?? "");
      data = undefined;
    } else {
      buffer += event.text;
    }
  }

  send(buffer.replace(/\n$/, ""), session);
}

/** Runs a command; returns what is left in psql's buffer. */
function expectCommand(event: CommandEvent, buffer: string, session: Session): string {
  const args = (): readonly string[] => parseArguments(event.args, session.variables);
  const [first = "", ...rest] = event.name === "copy" ? [] : args();

  switch (event.name) {
    case "set":
      session.variables.set(first, rest.join(""));
      break;
    case "unset":
      session.variables.delete(first);
      break;
    case "i":
    case "ir":
      expectFile(INCLUDED[first] ?? "", session);
      break;
    case "copy":
      session.sent.push({ text: `COPY  ${event.args.split(" ")[0]} FROM STDIN `, copies: [] });
      break;
    case "g":
      send(buffer, session);
      return "";
    default:
  }

  // psql takes back the line feed that it added for a line which holds a command alone.
  return buffer.replace(/\n$/, "");
}

function send(buffer: string, { variables, sent }: Session): void {
  const text = sentText(substituteVariables(asPsqlKeeps(buffer), variables).text);

  if (text !== "") {
    sent.push({ text, copies: [] });
  }
}

/**
 * psql's buffer for a text: white space and line comments are left out until something else is in
 * it, and so are lines of no characters outside of quotes.
 */
function asPsqlKeeps(text: string): string {
  const lexer = lexerOf(text.replace(/^\uFEFF/, ""));
  let kept = "";

  while (lexer.at < lexer.text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    const token = lexer.text.slice(start, lexer.at);
    const drops = kept === "" && (kind === "space" || token.startsWith("--"));
    const joined = kind === "space" ? token.replaceAll(/\n+/g, "\n") : token;
    kept += drops ? "" : joined;
  }

  return kept;
}
