import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { array, constantFrom, sample, type Arbitrary } from "fast-check";
import { scanPostgresText, type CommandEvent } from "../../src/scan/postgres.ts";
import { lexerOf, readToken, type Lexer } from "../../src/scan/postgres-lexis.ts";
import { parseArguments, sentText, substituteVariables } from "../../src/scan/psql.ts";
import { INCLUDED, SAMPLES } from "./psql-corpus.ts";
import { findClient } from "../helpers/postgres-programs.ts";
import { runProgram, type Program } from "../helpers/programs.ts";
import { startRecordingServer, type RecordedQuery } from "../helpers/recording-server.ts";

const psql = await findClient("psql", 15, "bookworm");
const skip = "missing" in psql ? psql.missing : false;

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
    const texts = sample(soup(), { numRuns: 400, seed: 20240601 });
    const recorded = await record(texts, folder);

    for (const [index, text] of texts.entries()) {
      assert.deepEqual(expected(text), recorded[index], JSON.stringify(text));
    }
  });
});

/** Text made of what a splitter can stumble over, but without psql commands. */
function soup(): Arbitrary<string> {
  const part = constantFrom(
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

  return array(part, { minLength: 1, maxLength: 40 })
    .map((parts) => parts.join(" ").replaceAll(/ ?\n ?/g, "\n"))
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
  let data = "";

  for (const event of scanPostgresText(text)) {
    if (event.kind === "statement") {
      buffer += event.gap + event.text;
      buffer = event.terminated ? send(buffer, session) : buffer;
    } else if (event.kind === "command") {
      if (event.name === "q") {
        break;
      }
      buffer = expectCommand(event, buffer + event.gap, session);
    } else if (event.kind === "copy-data") {
      data += event.text;
    } else if (event.kind === "copy-end") {
      // psql sends the line that ends the data, and the server leaves it out.
      session.sent.at(-1)?.copies.push(data + event.text);
      data = "";
    } else {
      buffer += event.text;
    }
  }

  // The last line feed ends a line; it does not begin one.
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
      return send(buffer, session);
    default:
  }

  // psql takes back the line feed that it added for a line which holds a command alone.
  return buffer.replace(/\n$/, "");
}

/** Sends what is in the buffer; returns the empty buffer. */
function send(buffer: string, { variables, sent }: Session): "" {
  const text = sentText(substituteVariables(asPsqlKeeps(buffer), variables).text);

  if (text !== "") {
    sent.push({ text, copies: [] });
  }

  return "";
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
    const joined = kind === "space" ? withoutEmptyLines(token, lexer) : token;
    kept += drops ? "" : joined;
  }

  return kept;
}

/** psql puts a line feed before a line that it adds, so the last one here adds nothing. */
function withoutEmptyLines(space: string, { at, text }: Lexer): string {
  return at < text.length ? space.replaceAll(/\n+/g, "\n") : space.replaceAll(/\n+(?=\n|$)/g, "");
}
