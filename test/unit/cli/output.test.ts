import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import type { Io } from "../../../src/cli/io.ts";
import { jsonDocument, redactDocument } from "../../../src/cli/json.ts";
import { isColored, Output, replaceControls } from "../../../src/cli/output.ts";
import { RowgateError } from "../../../src/domain/errors.ts";
import type { Note } from "../../../src/domain/source.ts";

interface Printed {
  readonly output: Output;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

async function outputWith(options: { json?: boolean; quiet?: boolean } = {}): Promise<Printed> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io: Io = {
    stdout,
    stderr,
    env: {},
    directory: import.meta.dirname,
    signal: new AbortController().signal,
    onHangup: () => () => undefined,
    program: [process.execPath],
    stopStatus: () => undefined,
  };
  const output = await Output.create(io, { json: false, quiet: false, ...options });
  return { output, stdout: () => textOf(stdout), stderr: () => textOf(stderr) };
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? "");
}

function noteOf(path: string, message: string): Note {
  return { at: { path, line: 1, column: 1 }, message };
}

const CANARY = "s3cr3t-canary";
const leaky = new RowgateError("sql-failed", {
  message: `cannot use ${CANARY}`,
  hint: `Do not say ${CANARY}.`,
  at: { path: "a.sql", line: 1, column: 1 },
  excerpt: `CREATE USER u PASSWORD '${CANARY}'`,
  server: { sqlState: "XX000", message: CANARY, detail: CANARY, hint: CANARY, context: CANARY },
  cause: new Error(CANARY),
});

describe("the output", () => {
  it("puts results on stdout and all else on stderr", async () => {
    const { output, stdout, stderr } = await outputWith();
    output.progress("progress");
    output.result("result");
    output.error(new RowgateError("lock-busy", { message: "busy" }), "prod");

    assert.equal(stdout(), "result\n");
    assert.equal(stderr(), "progress\n[prod] error [lock-busy]: busy\n");
  });

  it("writes frequent progress at once when something else is said, else a moment later", async () => {
    const { output, stderr } = await outputWith();
    output.frequentProgress("one");
    output.frequentProgress("two");
    assert.equal(stderr(), "");

    output.progress("three");
    assert.equal(stderr(), "one\ntwo\nthree\n");

    output.frequentProgress("four");
    while (!stderr().endsWith("four\n")) {
      await sleep(5);
    }
  });

  it("keeps text off stdout with json, and progress off stderr with quiet", async () => {
    const { output, stdout, stderr } = await outputWith({ json: true, quiet: true });
    output.progress("progress");
    output.note({ at: { path: "a", line: 1, column: 1 }, message: "note" });
    output.result("result");
    assert.equal(stdout() + stderr(), "");

    output.document(jsonDocument("plan", 0, { targets: [] }));
    assert.deepEqual(JSON.parse(stdout()), {
      schemaVersion: 1,
      command: "plan",
      exitCode: 0,
      targets: [],
    });
  });

  it("takes known secrets out of every line and every text of the document", async () => {
    const { output, stdout, stderr } = await outputWith();
    output.hide([CANARY]);
    output.progress(CANARY);
    output.result(CANARY);
    output.note({ at: { path: CANARY, line: 1, column: 1 }, message: CANARY });
    output.error(leaky, CANARY);
    output.error(new Error(CANARY));
    output.document(
      jsonDocument("deploy", 1, {
        targets: [{ name: "a", outcome: "failed", applied: [], pending: [], error: leaky }],
        error: new TypeError(CANARY),
        more: { deep: [{ server: CANARY }] },
      }),
    );

    const printed = stdout() + stderr();
    assert.equal(printed.includes(CANARY), false);
    assert.equal(printed.includes("***"), true);
  });

  it("takes passwords out of URLs that it was never told of", async () => {
    const { output, stderr } = await outputWith();
    output.progress(`postgres://u:${CANARY}@h/d`);
    assert.equal(stderr(), "postgres://u:***@h/d\n");
  });

  it("names files of the source as the terminal can open them", async () => {
    const { output, stderr } = await outputWith();
    output.setSourceRoot(import.meta.dirname);
    const here = { path: "rows.ts", line: 1, column: 1 };
    output.error(new RowgateError("sql-failed", { message: "m", at: here }));
    output.setSourceRoot(`${import.meta.dirname}/../config`);
    const there = { path: "expand.test.ts", line: 1, column: 1 };
    output.error(new RowgateError("sql-failed", { message: "m", at: there }));
    output.error(new RowgateError("sql-failed", { message: "m", at: { ...there, path: "gone" } }));

    const [first, second, third] = stderr().split("\n");
    assert.equal(first, "rows.ts:1:1: error [sql-failed]: m");
    assert.match(second ?? "", /unit\/config\/expand\.test\.ts:1:1: error/);
    assert.equal(third, "gone:1:1: error [sql-failed]: m");
  });
});

describe("many notes that say the same", () => {
  it("are counted behind the first five, before whatever comes next", async () => {
    const { output, stderr } = await outputWith();
    for (let number = 1; number <= 75; number += 1) {
      output.note(noteOf(`${number}.sql`, "VACUUM cannot run in a transaction"));
    }
    output.note(noteOf("x.sql", "something else"));
    output.progress("connected");
    output.progress("done");

    assert.deepEqual(stderr().split("\n").slice(4), [
      "5.sql:1:1: note: VACUUM cannot run in a transaction",
      "x.sql:1:1: note: something else",
      "note: and 70 more of these: VACUUM cannot run in a transaction",
      "connected",
      "done",
      "",
    ]);
  });

  it("are the same when they differ only in the path of their file", async () => {
    const { output, stderr } = await outputWith();
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
      output.note(noteOf(name, `${name} has no number`));
    }
    output.result("done");

    assert.deepEqual(stderr().trimEnd().split("\n").slice(4), [
      "e:1:1: note: e has no number",
      "note: and 2 more of these: a file has no number",
    ]);
  });

  it("are not even counted with quiet", async () => {
    const { output, stderr } = await outputWith({ quiet: true });
    for (let number = 1; number <= 7; number += 1) {
      output.note(noteOf(`${number}.sql`, "m"));
    }
    output.result("done");

    assert.equal(stderr(), "");
  });
});

describe("control characters", () => {
  it("do not reach the terminal, but colours, tabs and line feeds do", () => {
    assert.equal(replaceControls("a\u001b[31mb\u001b[0m\tc\nd"), "a\u001b[31mb\u001b[0m\tc\nd");
    assert.equal(
      replaceControls("a\u001b]0;title\u0007b\r\n\u0000\u009b2J"),
      "a\uFFFD]0;title\uFFFDb\n\uFFFD\uFFFD2J",
    );
  });

  it("are the only ones that change", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text)),
        (text) => replaceControls(text) === text,
      ),
    );
  });
});

describe("colours", () => {
  for (const [isTTY, env, expected] of [
    [true, {}, true],
    [true, { NO_COLOR: "" }, true],
    [true, { NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
    [false, {}, false],
  ] as const) {
    it(`are ${expected ? "on" : "off"} with ${JSON.stringify(env)}, terminal: ${isTTY}`, () => {
      assert.equal(isColored({ isTTY }, env), expected);
    });
  }
});

describe("the JSON document", () => {
  it("has the place and the server's words of an error", () => {
    const document = jsonDocument("plan", 1, { targets: [], error: leaky });
    assert.deepEqual(document.error, {
      code: "sql-failed",
      message: `cannot use ${CANARY}`,
      hint: `Do not say ${CANARY}.`,
      file: "a.sql",
      line: 1,
      column: 1,
      server: leaky.server,
    });
  });

  it("calls an error without a code a bug", () => {
    assert.deepEqual(jsonDocument("plan", 70, { targets: [], error: new Error("x") }).error, {
      code: "bug",
      message: "x",
    });
  });

  it("keeps the words that scripts branch on, whatever the password is", () => {
    const document = jsonDocument("deploy", 0, {
      targets: [{ name: "prod", outcome: "deployed", applied: ["1", "deployed"], pending: ["1"] }],
    });
    const redacted = redactDocument(document, ["deployed", "1", "deploy"]);
    assert.deepEqual(redacted, JSON.parse(JSON.stringify(document)));
  });

  it("stays JSON whatever the secret is", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (secret, message) => {
        const error = new RowgateError("sql-failed", { message });
        const document = jsonDocument("plan", 1, { targets: [], error });
        const text = JSON.stringify(redactDocument(document, [secret]));
        assert.equal(typeof JSON.parse(text).error.message, "string");
      }),
    );
  });
});
