/** The ways to do the same work. Their names are the same for every server. */
import { join } from "node:path";
import type { Tree } from "./generate.ts";
import type { Command, Contestant } from "./measure.ts";
import { REPOSITORY, type Database, type World } from "./world.ts";

export const NAMES = {
  script: "rowgate deploy, script",
  folder: "rowgate deploy, folder",
  raw: "native client, raw SQL",
  byHand: "native client, script",
  node: "node that connects",
  commander: "node with commander, --help",
  help: "rowgate --help",
} as const;

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
  return onDatabase(source.endsWith(".sql") ? NAMES.script : NAMES.folder, stage, {
    command: (url) => rowgate(world, ["deploy", source, "--url", url, "--json"]),
    check: (stdout) => checkReport(stdout, expect),
  });
}

/** The native client on Rowgate's script. */
export function byHand({ server, folder }: World, script: string, stage: Stage): Contestant {
  return onDatabase(NAMES.byHand, stage, {
    command: (url) => ({ ...server.script(script, url), cwd: folder }),
  });
}

/** The native client on the raw concatenation. */
export function rawSql({ server, folder }: World, tree: Tree, stage: Stage): Contestant {
  return onDatabase(NAMES.raw, stage, {
    command: (url) => ({ ...server.raw(tree.raw, url), cwd: folder }),
  });
}

/** What node and its driver cost before they do anything. */
export function bareNode({ server }: World, stage: Stage): Contestant {
  return onDatabase(NAMES.node, stage, {
    command: (url) => ({ ...nodeCode(server.driver.code), env: { BENCH_URL: url } }),
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

  return { name: NAMES.commander, prepare: async () => nodeCode(code) };
}

export function help(world: World): Contestant {
  return { name: NAMES.help, prepare: async () => rowgate(world, ["--help"]) };
}

export function bundleCommand(world: World, tree: Tree): Command {
  return rowgate(world, [
    "bundle",
    tree.directory,
    "--output",
    scriptOf(tree),
    "--release",
    "bench",
    "--dialect",
    world.server.dialect,
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
