/**
 * Measures Rowgate beside psql, in one run on one private server, and prints the ratios.
 *
 *     npm run bench -- [--quick] [--rounds N] [--only NAME,NAME] [--json FILE]
 *
 * A missed target is printed and changes nothing else; a command that fails ends it with status 1.
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { EXPERIMENTS, type Experiment, type Result } from "./experiments.ts";
import { runToEnd } from "./measure.ts";
import { resultMarkdown, summaryMarkdown, type Failure, type Report } from "./report.ts";
import { FULL, QUICK, type Sizes } from "./sizes.ts";
import { createWorld, REPOSITORY, type World } from "./world.ts";

interface Options {
  readonly sizes: Sizes;
  readonly experiments: readonly Experiment[];
  readonly json: string | undefined;
}

const options = parseOptions();

// Always, because the figures of an older build would be believed. It removes that build first.
await runToEnd({ command: "npm", args: ["run", "build"], cwd: REPOSITORY });

const report = await measureAll(options);
process.stdout.write(summaryMarkdown(report));

if (options.json !== undefined) {
  await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

process.exitCode = report.failures.length === 0 ? 0 : 1;

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      json: { type: "string" },
    },
  });
  const sizes = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? sizes.rounds);

  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds needs a whole number from 1, not ${String(values.rounds)}`);
  }

  return {
    sizes: { ...sizes, rounds },
    experiments: chosen(values.only),
    json: values.json,
  };
}

function chosen(only: string | undefined): readonly Experiment[] {
  if (only === undefined) {
    return EXPERIMENTS;
  }

  return only.split(",").map((wanted) => {
    const experiment = EXPERIMENTS.find(({ name }) => name === wanted);

    if (experiment === undefined) {
      const names = EXPERIMENTS.map(({ name }) => name).join(", ");
      throw new Error(`no experiment ${wanted}; there are ${names}`);
    }

    return experiment;
  });
}

async function measureAll({ sizes, experiments }: Options): Promise<Report> {
  const world = await createWorld(sizes);
  const results: Result[] = [];
  const failures: Failure[] = [];

  try {
    for (const experiment of experiments) {
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

  return {
    schemaVersion: 1,
    node: process.versions.node,
    cpus: cpus().length,
    server: world.versions,
    quick: sizes.blocks === QUICK.blocks,
    options: { ...sizes },
    results,
    failures,
  };
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
