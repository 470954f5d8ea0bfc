/** Runs every test file of the folders named on the command line, in lanes side by side. */
import { Readable } from "node:stream";
import { run } from "node:test";
import { spec, tap } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { FOLDERS_VARIABLE } from "./lanes/lane.ts";
import { namingFailures } from "./lanes/naming-failures.ts";

const folders = process.argv.slice(2);
const lanes = ["first", "second"].map((name) =>
  fileURLToPath(new URL(`lanes/${name}.ts`, import.meta.url)),
);

process.env[FOLDERS_VARIABLE] = folders.join(" ");
const results = run({ files: lanes, concurrency: lanes.length });
results.on("test:fail", () => (process.exitCode = 1));
Readable.from(namingFailures(results))
  .compose(process.stdout.isTTY ? new spec() : tap)
  .pipe(process.stdout);
