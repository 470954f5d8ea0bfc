/**
 * Measures Rowgate beside the native clients, each on one private server, and prints the ratios.
 *
 *     npm run bench -- [--quick] [--engine NAME,NAME] [--rounds N] [--only NAME,NAME] [--json FILE] [--durable]
 *
 * A missed target is printed and changes nothing else; a command that fails ends it with status 1.
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { EXPERIMENTS } from "./experiments.ts";
import { runToEnd } from "./measure.ts";
import { resultMarkdown, summaryMarkdown, type Failure, type ServerReport } from "./report.ts";
import type { Experiment, Result } from "./result.ts";
import type { ServerKind } from "./server.ts";
import { SERVERS } from "./servers.ts";
import { FULL, QUICK, type Sizes } from "./sizes.ts";
import { createWorld, REPOSITORY, type World } from "./world.ts";

interface Options {
  readonly sizes: Sizes;
  readonly servers: readonly ServerKind[];
  readonly experiments: readonly Experiment[];
  readonly json: string | undefined;
  readonly isDurable: boolean;
}

const options = parseOptions();

// Always, because the figures of an older build would be believed. It removes that build first.
await runToEnd({ command: "npm", args: ["run", "build"], cwd: REPOSITORY });

const servers: ServerReport[] = [];
for (const kind of options.servers) {
  servers.push(await measureOn(kind, options));
}

const report = {
  schemaVersion: 2,
  node: process.versions.node,
  cpus: cpus().length,
  quick: options.sizes.blocks === QUICK.blocks,
  durable: options.isDurable,
  options: { ...options.sizes },
  servers,
} as const;
process.stdout.write(summaryMarkdown(report));

if (options.json !== undefined) {
  await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

process.exitCode = servers.every(({ failures }) => failures.length === 0) ? 0 : 1;

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      engine: { type: "string" },
      rounds: { type: "string" },
      only: { type: "string" },
      json: { type: "string" },
      durable: { type: "boolean", default: false },
    },
  });
  const sizes = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? sizes.rounds);

  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds needs a whole number from 1, not ${String(values.rounds)}`);
  }

  return {
    sizes: { ...sizes, rounds },
    servers: chosen("engine", SERVERS, values.engine),
    experiments: chosen("experiment", EXPERIMENTS, values.only),
    json: values.json,
    isDurable: values.durable,
  };
}

/** Those of the given names, in that order; all without names. */
function chosen<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  names: string | undefined,
): readonly T[] {
  if (names === undefined) {
    return all;
  }

  return names.split(",").map((wanted) => {
    const found = all.find(({ name }) => name === wanted);

    if (found === undefined) {
      const known = all.map(({ name }) => name).join(", ");
      throw new Error(`no ${what} ${wanted}; there are ${known}`);
    }

    return found;
  });
}

async function measureOn(
  kind: ServerKind,
  { sizes, experiments, isDurable }: Options,
): Promise<ServerReport> {
  const world = await createWorld(kind, sizes, isDurable);
  const results: Result[] = [];
  const failures: Failure[] = [];
  const isFirst = kind === options.servers[0];
  process.stdout.write(`\n# ${world.server.version}\n`);

  try {
    for (const experiment of experiments.filter((each) => fits(each, kind, isFirst))) {
      const outcome = await measureOne(world, experiment);

      if ("title" in outcome) {
        results.push(outcome);
        process.stdout.write(resultMarkdown(outcome));
      } else {
        failures.push(outcome);
        process.stdout.write(`\n## ${outcome.name}\n\nfailed: ${outcome.message}\n`);
      }
    }
  } finally {
    await world.close();
  }

  return { name: kind.name, version: world.server.version, results, failures };
}

function fits({ dialect, once }: Experiment, kind: ServerKind, isFirst: boolean): boolean {
  return (dialect ?? kind.dialect) === kind.dialect && (isFirst || once !== true);
}

/** One broken experiment must not cost the numbers of the others. */
async function measureOne(world: World, experiment: Experiment): Promise<Result | Failure> {
  try {
    return await experiment.run(world);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name: experiment.name, message };
  }
}
