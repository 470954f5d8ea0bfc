import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { array, constantFrom, sample, type Arbitrary } from "fast-check";
import { clientPolicy } from "../../src/scan/mysql-policy.ts";
import {
  newClientState,
  scanMysqlText,
  type ClientCommand,
  type ClientState,
} from "../../src/scan/mysql.ts";
import { BODIES, INCLUDED, SAMPLES } from "./mysql-corpus.ts";
import { findMysql, type MysqlKind, type MysqlPrograms } from "../helpers/mysql-programs.ts";
import { startMysqlRecordingServer } from "../helpers/mysql-recording-server.ts";
import { runProgram, valueOf, type Found } from "../helpers/programs.ts";

const KINDS: readonly MysqlKind[] = ["mariadb", "mysql"];

const PROGRAMS: Readonly<Record<MysqlKind, Found<MysqlPrograms>>> = {
  mariadb: await findMysql("mariadb"),
  mysql: await findMysql("mysql"),
};

/** What each client needs to reach the recorder, and MySQL's to know its own commands. */
const OPTIONS: Readonly<Record<MysqlKind, readonly string[]>> = {
  mariadb: ["--skip-ssl"],
  mysql: ["--ssl-mode=DISABLED", "--commands"],
};

for (const kind of KINDS) {
  const found = PROGRAMS[kind];
  const skip = "missing" in found ? found.missing : false;

  if (skip !== false && process.env["CI"] !== undefined) {
    throw new Error(`the splitter has to be compared with ${kind}: ${skip}`);
  }

  describe(`the splitter and the client ${kind}`, () => {
    let folder = "";

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "rowgate-mysql-"));
      await Promise.all(
        Object.entries(INCLUDED).map(([name, text]) => writeFile(join(folder, name), text)),
      );
    });

    after(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    for (const { name, text } of SAMPLES.filter(({ only = kind }) => only === kind)) {
      it(`make the same messages of: ${name}`, { skip }, async () => {
        assert.deepEqual(bare(expected(text), text), bare(await record(kind, text, folder), text));
      });
    }

    it("make the same messages of arbitrary text", { skip }, async () => {
      const texts = sample(soup(), { numRuns: 400, seed: 20240601 });
      const recorded = await recordAll(kind, texts, folder);

      for (const [index, text] of texts.entries()) {
        const sent = recorded[index] ?? [];

        assert.deepEqual(bare(expected(text), text), bare(sent, text), JSON.stringify(text));
      }
    });

    for (const { name, text } of BODIES) {
      it(`differ where a body has no DELIMITER: ${name}`, { skip }, async () => {
        const statements = expected(text);
        const sent = await record(kind, text, folder);

        assert.equal(statements.length, 2);
        assert.ok(sent.length > 2);
        assert.equal(bare(statements, text).join(";"), bare(sent, text).join(";"));
      });
    }
  });
}

/**
 * Text made of what a splitter can stumble over, but without commands, and without what Rowgate takes
 * otherwise than the clients on purpose: a `;` in a version comment, `--` without a blank, and
 * `delimiter` in the line behind a comment that stands behind a statement.
 */
function soup(): Arbitrary<string> {
  const part = constantFrom(
    ..."' '' \" ` `` \\' \\\\ /* */ # ( ) : := , ; ; ; ; * / - + 1 .5 N' x' @a @@b \\N".split(" "),
    ..."select from a _ é 😀 begin end if case then delimiter delimiters go exit".split(" "),
    "-- ",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "\ndelimiter //\n",
    "\ndelimiter ;\n",
    "//",
    "'a'",
    '"b\\""',
    "`c;`",
    "/* d ; */",
  );

  return array(part, { minLength: 1, maxLength: 40 })
    .map((parts) => `select ${parts.join(" ").replaceAll(/ ?\n ?/g, "\n")}`)
    .filter(isPlain);
}

/** Within a statement the clients join a line that begins with `delimiter` and the next one. */
function isPlain(text: string): boolean {
  return [...scanMysqlText(text, newClientState())].every((event) =>
    event.kind === "command" ? isDelimiterCommand(event) : !/^delimiter/im.test(event.text),
  );
}

function isDelimiterCommand({ name, args, misplaced }: ClientCommand): boolean {
  return name === "delimiter" && args !== "" && misplaced === undefined;
}

/** What a client sends for a text that is its input. */
async function record(kind: MysqlKind, text: string, folder: string): Promise<readonly string[]> {
  const server = await startMysqlRecordingServer(kind);

  try {
    await runProgram(
      valueOf(PROGRAMS[kind]).client,
      [
        "--no-defaults",
        "--protocol=tcp",
        "--host=127.0.0.1",
        `--port=${server.port}`,
        "--user=root",
        "--default-character-set=utf8mb4",
        "--batch",
        "--force",
        ...OPTIONS[kind],
      ],
      { cwd: folder, input: text, env: { LC_ALL: "C.UTF-8" } },
    );

    return server.queries.filter((query) => !GREETING.test(query));
  } finally {
    await server.close();
  }
}

/** What a client asks before it reads its input. */
const GREETING = /^select @@version_comment limit 1$/i;

/** What it sends for each of the texts, all in one session. */
async function recordAll(
  kind: MysqlKind,
  texts: readonly string[],
  folder: string,
): Promise<readonly (readonly string[])[]> {
  const mark = "select 'end of file'";
  const input = texts.map((_, index) => `source text-${index}.sql\ndelimiter ;\n${mark};\n`);
  await Promise.all(texts.map((text, index) => writeFile(join(folder, `text-${index}.sql`), text)));
  const queries = await record(kind, input.join(""), folder);
  const files: string[][] = [[]];

  for (const query of queries) {
    if (query === mark) {
      files.push([]);
    } else {
      files.at(-1)?.push(query);
    }
  }
  assert.equal(files.length, texts.length + 1, "the client did not come to its last file");

  return files;
}

/** What a client should send, by Rowgate's scanner. */
function expected(text: string): readonly string[] {
  const sent: string[] = [];

  expectFile(text, newClientState(), sent);
  return sent;
}

function expectFile(text: string, state: ClientState, sent: string[]): void {
  // A file is read without its byte order mark.
  for (const event of scanMysqlText(text.replace(/^\uFEFF/, ""), state)) {
    if (event.kind === "statement") {
      sent.push(event.text);
    } else if (event.kind === "command") {
      const { action } = clientPolicy(event.name, event.args);

      if (action === "quit") {
        return;
      }
      if (action === "include") {
        expectFile(INCLUDED[event.args] ?? "", state, sent);
      }
    }
  }
}

const QUOTED = /('(?:[^'\\]|''|\\[^])*'?|"(?:[^"\\]|""|\\[^])*"?|`(?:[^`]|``)*`?)/;
const QUOTED_PLAINLY = /('(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?)/;
/** MariaDB's client takes a hint for a comment. */
const LEFT_OUT = /(\/\*(?!!|M!)[^]*?(?:\*\/|$)|--(?=\s|$)[^\n]*|#[^\n]*|\s+)/;

/**
 * The messages without comments and white space, which each client keeps or leaves out in its own
 * way; not by Rowgate's own scanner. Empty ones are left out.
 */
function bare(messages: readonly string[], file: string): readonly string[] {
  const quoted = file.includes("sql_mode") ? QUOTED_PLAINLY : QUOTED;
  const parts = new RegExp(`${quoted.source}|${LEFT_OUT.source}|[^]`, "g");

  return messages
    .map((message) =>
      message
        // The client drops a backslash before a line end, which means the same.
        .replaceAll("\\\n", "\n")
        .trimEnd()
        .replaceAll(parts, (part, quote: string | undefined, left: string | undefined) =>
          left === undefined || quote !== undefined ? part : "",
        ),
    )
    .filter((message) => message !== "");
}
