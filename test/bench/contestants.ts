/** The ways to do the same work. */
import { join } from "node:path";
import type { Tree } from "./generate.ts";
import type { Command, Contestant } from "./measure.ts";
import { REPOSITORY, type Database, type World } from "./world.ts";

export type Way = "near" | "far";

/** What a deployment has to report; anything else makes its time worthless. */
export interface Expectation {
  readonly outcome: "deployed" | "up-to-date";
  readonly applied: number;
}

/** How a contestant gets its database. */
export interface Stage {
  readonly way: Way;
  /** Opens the database that the command is run on. */
  open(): Promise<Database>;
  close(database: Database): Promise<void>;
}

/** A new, empty database for each run. */
export function freshStage(world: World, way: Way): Stage {
  return { way, open: () => world.createDatabase(), close: (database) => database.drop() };
}

/** The same database for each run; `before` puts it back into its state. */
export function keptStage(
  database: Database,
  way: Way,
  before: (database: Database) => Promise<unknown> = async () => {},
): Stage {
  const open = async (): Promise<Database> => {
    await before(database);
    return database;
  };

  return { way, open, close: async () => {} };
}

/** `rowgate deploy SOURCE`, where the source is a folder or a script. */
export function deploy(
  world: World,
  source: string,
  { stage, expect }: { readonly stage: Stage; readonly expect: Expectation },
): Contestant {
  const what = source.endsWith(".sql") ? "script" : "folder";

  return onDatabase(`rowgate deploy, ${what}`, stage, {
    command: (url) => rowgate(world, ["deploy", source, "--url", url, "--json"]),
    check: (stdout) => checkReport(stdout, expect),
  });
}

/** `psql -f` of a script, with all the settings that the script needs: none. */
export function psqlScript(world: World, script: string, stage: Stage): Contestant {
  return onDatabase("psql -f, script", stage, {
    command: (url) => psql(world, ["-f", script, url]),
  });
}

/** `psql -1 -f` of the raw concatenation. */
export function psqlRaw(world: World, tree: Tree, stage: Stage): Contestant {
  return onDatabase("psql -1 -f, raw", stage, {
    command: (url) => psql(world, ["-1", "-v", "ON_ERROR_STOP=1", "-f", tree.raw, url]),
  });
}

/** What node and its driver cost before they do anything. */
export function bareNode(stage: Stage): Contestant {
  const code = `import pg from "pg";
const client = new pg.Client(process.env.BENCH_URL);
await client.connect();
await client.end();`;

  return onDatabase("node with pg, connects", stage, {
    command: (url) => ({ ...nodeCode(code), env: { BENCH_URL: url } }),
  });
}

/** `rowgate bundle FOLDER`. */
export function bundle(world: World, tree: Tree): Contestant {
  return {
    name: `rowgate bundle, ${tree.blocks} files`,
    prepare: async () => bundleCommand(world, tree),
  };
}

/** `node -e 0` with commander. */
export function bareCommander(): Contestant {
  const code = `import { Command } from "commander";
new Command("bare").option("--one <value>", "an option").parse(["node", "bare", "--help"]);`;

  return { name: "node with commander, --help", prepare: async () => nodeCode(code) };
}

export function help(world: World): Contestant {
  return { name: "rowgate --help", prepare: async () => rowgate(world, ["--help"]) };
}

export function bundleCommand(world: World, tree: Tree): Command {
  return rowgate(world, [
    "bundle",
    tree.directory,
    "--output",
    scriptOf(tree),
    "--release",
    "bench",
  ]);
}

/** Where `bundleCommand` writes the script of a tree. */
export function scriptOf(tree: Tree): string {
  return `${tree.directory}.release.sql`;
}

function rowgate(world: World, args: readonly string[]): Command {
  const main = join(REPOSITORY, "dist/cli/main.js");

  return { command: process.execPath, args: [main, ...args], cwd: world.folder };
}

function psql({ psql: program, folder }: World, args: readonly string[]): Command {
  return {
    command: program.command,
    args: [...program.args, "-X", "-q", ...args],
    env: program.env,
    cwd: folder,
  };
}

function nodeCode(code: string): Command {
  const args = ["--input-type=module", "--eval", code];

  return { command: process.execPath, args, cwd: REPOSITORY };
}

interface Action {
  readonly command: (url: string) => Command;
  readonly check?: (stdout: string) => void;
}

function onDatabase(name: string, stage: Stage, action: Action): Contestant {
  let database: Database | undefined;

  return {
    name,
    prepare: async () => {
      database = await stage.open();
      return action.command(stage.way === "near" ? database.url : database.farUrl);
    },
    finish: async (stdout) => {
      action.check?.(stdout);

      if (database !== undefined) {
        await stage.close(database);
      }
    },
  };
}

function checkReport(stdout: string, expect: Expectation): void {
  const report = JSON.parse(stdout) as {
    readonly targets: readonly { readonly outcome: string; readonly applied: readonly string[] }[];
  };
  const [target] = report.targets;

  if (target?.outcome !== expect.outcome || target.applied.length !== expect.applied) {
    const seen = `${String(target?.outcome)} with ${String(target?.applied.length)} blocks`;
    throw new Error(`expected ${expect.outcome} with ${expect.applied} blocks, not ${seen}`);
  }
}
