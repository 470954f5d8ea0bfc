import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import type { Io } from "../../../src/cli/io.ts";
import { runCli } from "../../../src/cli/run-cli.ts";

/** An environment that no code expects: it stands for any bug. */
const BROKEN = new Proxy<Io["env"]>(
  {},
  {
    get: (_, name) => {
      if (name === "ROWGATE_URL") {
        throw new TypeError("broken on purpose");
      }
    },
  },
);

async function run(
  args: readonly string[],
  change: Partial<Io> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(args, {
    stdout,
    stderr,
    env: {},
    directory: import.meta.dirname,
    signal: new AbortController().signal,
    onHangup: () => () => undefined,
    program: [process.execPath],
    stopStatus: () => undefined,
    ...change,
  });
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

const stopStatus = (): number => 130;

describe("the command line", () => {
  it("ends with 0 after help, on stdout", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: rowgate /);
    assert.equal(stderr, "");
  });

  it("ends with 70 on a bug, and says that it is one", async () => {
    const { code, stderr } = await run(["plan"], { env: BROKEN });
    assert.equal(code, 70);
    assert.match(stderr, /^error: this is a bug in Rowgate[^]*\nTypeError: broken on purpose\n/);
  });

  it("gives JSON on a bug too", async () => {
    const { code, stdout } = await run(["plan", "--json"], { env: BROKEN });
    const document: unknown = JSON.parse(stdout);
    assert.equal(code, 70);
    assert.deepEqual(document, {
      schemaVersion: 1,
      command: "plan",
      exitCode: 70,
      targets: [],
      error: { code: "bug", message: "broken on purpose" },
    });
  });

  it("ends with the status of a signal only when something failed", async () => {
    assert.equal((await run(["plan", "nowhere"], { stopStatus })).code, 130);
    assert.equal((await run(["--help"], { stopStatus })).code, 0);
  });
});
