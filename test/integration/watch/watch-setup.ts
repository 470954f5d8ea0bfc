/** An empty directory, a real repository, real databases, and the command line between them. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SourceState, WatchEvent } from "../../../src/domain/watch.ts";
import { readWatch } from "../../../src/rowgate-watch/watch.ts";
import { startRowgate } from "../../helpers/cli.ts";
import { type Engine, PASSWORD, type TestDatabase } from "../../helpers/engines.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import type { RunResult } from "../../helpers/run.ts";
import { writeTree } from "../../helpers/tree.ts";
import { createCli } from "../cli-setup.ts";

export interface WatchWorld {
  /** The directory with rowgate.yaml. */
  readonly root: string;
  readonly origin: GitOrigin;
  /** By the name of the target. */
  readonly databases: ReadonlyMap<string, TestDatabase>;
  /** Writes rowgate.yaml anew. */
  configure(settings: WatchSettings): Promise<void>;
  /** Runs a command to its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>;
  /** `rowgate watch --once`, with its log as events. */
  once(env?: Readonly<Record<string, string>>): Promise<OnceResult>;
  status(): Promise<SourceState>;
  history(): Promise<readonly RevisionRow[]>;
  /** All that the journal has. */
  events(): Promise<readonly WatchEvent[]>;
  /** Starts the service; stop it before the world is closed. */
  start(env?: Readonly<Record<string, string>>): Service;
  close(): Promise<void>;
}

export interface OnceResult {
  readonly code: number | null;
  /** The stable codes, in order. */
  readonly codes: readonly string[];
  readonly state: SourceState;
  readonly stderr: string;
}

export interface RevisionRow {
  readonly revision: string;
  readonly outcome: string;
  readonly note: string;
}

export interface Service {
  readonly child: ChildProcess;
  /** What it said so far. */
  readonly log: () => string;
  /** Asks it to end, and returns how it did. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface WatchSettings {
  /** Lines of the source, in the language of YAML. */
  readonly source?: readonly string[];
  readonly environments?: Readonly<Record<string, string>>;
  /** Lines of `watch`. */
  readonly watch?: readonly string[];
  /** Lines of `defaults`. */
  readonly defaults?: readonly string[];
  /** Instead of the URLs of the databases. */
  readonly urls?: Readonly<Record<string, string>>;
}

/** One source named `shop`, of the folder `db`, with one environment for each target unless told otherwise. */
export async function watchWorld(
  engine: Engine,
  targets: readonly string[] = ["dev"],
): Promise<WatchWorld> {
  const tree = await writeTree({});
  const origin = await createGitOrigin();
  const databases = new Map<string, TestDatabase>();
  for (const name of targets) {
    databases.set(name, await engine.createDatabase());
  }
  const world = new World({ root: tree.root, origin, databases });
  await world.configure({});
  return Object.assign(world, {
    close: async () => {
      await Promise.all([...databases.values()].map((database) => database.close()));
      await Promise.all([origin.close(), tree.close()]);
    },
  });
}

class World {
  readonly root: string;
  readonly origin: GitOrigin;
  readonly databases: ReadonlyMap<string, TestDatabase>;

  constructor(parts: Pick<WatchWorld, "root" | "origin" | "databases">) {
    this.root = parts.root;
    this.origin = parts.origin;
    this.databases = parts.databases;
  }

  async configure(given: WatchSettings): Promise<void> {
    await writeFile(join(this.root, "rowgate.yaml"), this.#yaml(given));
  }

  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunResult> {
    return createCli(this.root).run(args, { env });
  }

  async once(env: Readonly<Record<string, string>> = {}): Promise<OnceResult> {
    const { code, stderr } = await this.run(["watch", "--once", "--log-format", "json"], env);
    const codes = stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => String(JSON.parse(line).ev));
    return { code, codes, stderr, state: await this.status() };
  }

  async status(): Promise<SourceState> {
    const { states } = await readWatch(join(this.root, ".rowgate/watch"));
    const [state] = states;
    assert.ok(state, "nothing was ever kept");
    assert.equal(JSON.stringify(state).includes(PASSWORD), false, "a password leaked");
    return state;
  }

  async history(): Promise<readonly RevisionRow[]> {
    const { stdout } = await this.run(["watch", "history", "--json"]);
    return JSON.parse(stdout).revisions;
  }

  async events(): Promise<readonly WatchEvent[]> {
    const text = await readFile(join(this.root, ".rowgate/watch/journal.jsonl"), "utf8");
    assert.equal(text.includes(PASSWORD), false, "a password leaked");
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  start(env: Readonly<Record<string, string>> = {}): Service {
    const child = startRowgate(["watch", "--log-format", "json"], {
      cwd: this.root,
      env,
    });
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
    const ended = new Promise<number | null>((resolve) => {
      child.once("close", (code) => resolve(code));
    });
    return {
      child,
      log: () => log,
      stop: async (signal = "SIGTERM") => {
        child.kill(signal);
        return ended;
      },
    };
  }

  #yaml({
    source = [],
    environments,
    watch = [],
    defaults = [],
    urls = {},
  }: WatchSettings): string {
    const names = [...this.databases.keys()];
    const own = Object.fromEntries(names.map((name) => [name, `{ targets: [${name}] }`]));
    const place = (name: string): string => urls[name] ?? this.databases.get(name)?.url ?? "";

    return [
      "defaults:",
      ...indent(2, ["lockWait: 5s", ...defaults]),
      "targets:",
      ...indent(
        2,
        names.map((name) => `${name}: { url: "${place(name)}" }`),
      ),
      "watch:",
      ...indent(2, watch),
      "  sources:",
      "    shop:",
      ...indent(6, [...defaultsOf(source, this.origin.url), ...source]),
      "      environments:",
      ...indent(
        8,
        Object.entries(environments ?? own).map(([name, keys]) => `${name}: ${keys}`),
      ),
      "",
    ].join("\n");
  }
}

function indent(width: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => " ".repeat(width) + line);
}

/** What a source has that says nothing of it. */
function defaultsOf(source: readonly string[], url: string): readonly string[] {
  const said = new Set(source.map((line) => line.split(":")[0]));
  const git = said.has("svn") ? [] : [`git: "${url}"`, "ref: main"];
  const lines = [...git, "path: db", "interval: 200ms", "settle: 0"];
  return lines.filter((line) => !said.has(line.split(":")[0]));
}

/** Waits until something holds; there is no limit but that of the test. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await sleep(50);
  }
}

/** How many rows of the history a database has of each block: more than one log row is twice. */
export async function appliedIn(database: TestDatabase): Promise<string> {
  const rows = await database.query(
    "SELECT id, count(*) AS n FROM versions_log WHERE event = 'applied' GROUP BY id ORDER BY id",
  );
  return rows.map(({ id, n }) => `${String(id)}x${String(n)}`).join(" ");
}
