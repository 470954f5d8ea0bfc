/** A process that runs its share of the test files, with servers of its own. */
import { glob } from "glob";

/** The environment variable with the folders of the test files, separated by spaces. */
export const FOLDERS_VARIABLE = "ROWGATE_TEST_FOLDERS";

/** Runs every `lanes`-th file from number `lane` on: neighbours are alike, so the shares are. */
export async function runLane(lane: number, lanes: number): Promise<void> {
  for (const folder of (process.env[FOLDERS_VARIABLE] ?? "").split(" ")) {
    const files = await glob(`test/${folder}/**/*.test.ts`, { absolute: true, dotRelative: true });

    if (files.length === 0) {
      throw new Error(`no test files in test/${folder}`);
    }

    for (const [index, file] of files.toSorted().entries()) {
      if (index % lanes === lane) {
        await import(file);
      }
    }
  }
}
