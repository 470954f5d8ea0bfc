/** Runs every test file of the folders named on the command line, in one process. */
import { glob } from "glob";

for (const folder of process.argv.slice(2)) {
  const files = await glob(`test/${folder}/**/*.test.ts`, { absolute: true, dotRelative: true });

  if (files.length === 0) {
    throw new Error(`no test files in test/${folder}`);
  }

  for (const file of files.toSorted()) {
    await import(file);
  }
}
