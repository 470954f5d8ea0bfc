import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
}

/** Every process of this machine that has not ended; a zombie has. */
export function processes(): readonly RunningProcess[] {
  // A small container has no ps.
  const lines = existsSync("/proc/self/stat") ? fromProc() : fromPs();

  return lines.flatMap((line) => {
    const [pid, state, parent] = line.trim().split(/\s+/);
    const isGone = parent === undefined || state === undefined || state.startsWith("Z");

    return isGone ? [] : [{ pid: Number(pid), parent: Number(parent) }];
  });
}

function fromPs(): readonly string[] {
  return spawnSync("ps", ["-A", "-o", "pid=,stat=,ppid="], { encoding: "utf8" }).stdout.split("\n");
}

function fromProc(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${statOf(pid)}`);
}

/** State, parent, and more. The program's name before them may hold spaces and parentheses. */
function statOf(pid: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2);
  } catch {
    // It ended while we were looking.
    return "";
  }
}
