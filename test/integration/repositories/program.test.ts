/** Programs that repositories are asked through. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram, type ProgramCall } from "../../../src/repositories/program.ts";
import { untilGone } from "../../helpers/command-lines.ts";

const shell = (script: string, changes: Partial<ProgramCall> = {}): ProgramCall => ({
  command: "/bin/sh",
  args: ["-c", script],
  env: { PATH: process.env["PATH"] ?? "" },
  cwd: "/",
  timeoutMs: 30_000,
  signal: new AbortController().signal,
  ...changes,
});

describe("a program", () => {
  it("is asked, and answers", async () => {
    const result = await runProgram(shell("cat; echo bad >&2; exit 3", { input: "Größe €\n" }));

    assert.deepEqual(result, { code: 3, stdout: "Größe €\n", stderr: "bad\n", broken: undefined });
  });

  it("gets the given environment and nothing else", async () => {
    const { stdout } = await runProgram(shell("env", { env: { ONLY: "this" } }));
    const names = stdout.split("\n").map((line) => line.split("=")[0]);

    assert.deepEqual(
      names.filter((name) => !["", "PWD", "_", "SHLVL", "OLDPWD"].includes(name ?? "")),
      ["ONLY"],
    );
  });

  it("may end before it has read everything", async () => {
    const result = await runProgram(shell("exit 0", { input: "x".repeat(5_000_000) }));

    assert.equal(result.code, 0);
  });

  it("keeps letters whole in a long answer", async () => {
    const script = `for i in 1 2 3 4 5 6 7 8; do echo "${"€".repeat(10_000)}"; done`;
    const { stdout } = await runProgram(shell(script));

    assert.equal(stdout, `${"€".repeat(10_000)}\n`.repeat(8));
  });

  it("is ended after its time with all that it has started", async () => {
    const { code, broken } = await runProgram(
      shell("sleep 4711 & sleep 4711; sleep 4711", { timeoutMs: 300 }),
    );

    assert.deepEqual([code, broken], [undefined, "timeout"]);
    await untilGone("sleep 4711");
  });

  it("is ended even when it does not want to", async () => {
    const { broken } = await runProgram(
      shell("trap '' TERM; while :; do sleep 4712; done", { timeoutMs: 300 }),
    );

    assert.equal(broken, "timeout");
    await untilGone("sleep 4712");
  });

  it("is ended when it says too much", async () => {
    const { broken } = await runProgram(shell("yes"));

    assert.equal(broken, "output");
  });

  it("is not waited for when nobody wants its answer any more", async () => {
    const controller = new AbortController();
    const answer = runProgram(shell("sleep 4713", { signal: controller.signal }));
    const reason = new Error("enough");
    controller.abort(reason);

    await assert.rejects(answer, reason);
    await untilGone("sleep 4713");
    await assert.rejects(runProgram(shell("true", { signal: controller.signal })), reason);
  });

  it("leaves nothing behind when it ends by itself", async () => {
    const { stdout } = await runProgram(shell("sleep 4714 & echo done"));

    assert.equal(stdout, "done\n");
    await untilGone("sleep 4714");
  });
});
