/** What runs on this machine. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface CommandLine {
  readonly pid: number;
  readonly text: string;
}

/** The running programs whose command lines hold a text. */
export function commandLines(text: string): readonly CommandLine[] {
  // A small container has no ps.
  const all = existsSync("/proc/self/cmdline") ? fromProc() : fromPs();

  return all.filter((line) => line.text.includes(text));
}

/** Waits until no program has the text in its command line; a killed one takes a moment to end. */
export async function untilGone(text: string): Promise<void> {
  while (commandLines(text).length > 0) {
    await sleep(20);
  }
}

function fromPs(): readonly CommandLine[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" });

  return stdout.split("\n").map((line) => {
    const [, pid = "", text = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return { pid: Number(pid), text };
  });
}

function fromProc(): readonly CommandLine[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), text: textOf(pid) }));
}

function textOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // It ended while we were looking.
    return "";
  }
}
