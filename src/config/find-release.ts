/** The release's name, where nobody gave one. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The `version` of the package.json beside the source, else of the one in the working directory;
 * undefined when neither is there or has one. A package.json that cannot be understood has none.
 */
export async function findRelease(source: string, directory: string): Promise<string | undefined> {
  for (const folder of new Set([dirname(source), directory])) {
    const version = await versionIn(join(folder, "package.json"));
    if (version !== undefined) {
      return version;
    }
  }
  return undefined;
}

async function versionIn(file: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    const isObject = typeof content === "object" && content !== null;
    const version: unknown = isObject && "version" in content ? content.version : undefined;
    return typeof version === "string" && version !== "" ? version : undefined;
  } catch {
    return undefined;
  }
}
