/** Remembers in the directory of an embedded database which extensions a bundle may create. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MEMORY } from "./directory.ts";

/** The extensions that some SQL may create; to find them all of it has to be read. */
export interface ExtensionSource {
  /** Stands for the SQL: the same key, the same extensions. */
  readonly key: string;
  /** Names as in CREATE EXTENSION. */
  readonly find: () => Promise<readonly string[]>;
}

export interface FoundExtensions {
  readonly names: readonly string[];
  /** Remembers them for the next time; to be called once the database is open. */
  remember(): Promise<void>;
}

const FILE = "rowgate.extensions";

/** The names that the directory remembers for this key, or those that are found; none without a source. */
export async function findExtensions(
  directory: string,
  source: ExtensionSource | undefined,
): Promise<FoundExtensions> {
  const path = directory === MEMORY ? undefined : join(directory, FILE);
  const [key, ...known] = path === undefined ? [] : await readLines(path);

  if (source === undefined || key === source.key) {
    return { names: source === undefined ? [] : known, remember: async () => undefined };
  }

  const names = await source.find();
  const text = [source.key, ...names, ""].join("\n");

  return {
    names,
    remember: async () => {
      // Forgotten, they are looked for again.
      await (path === undefined ? undefined : writeFile(path, text).catch(() => undefined));
    },
  };
}

/** Empty when there is no file, or none that was written to its end. */
async function readLines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => "");

  return text.endsWith("\n") ? text.trimEnd().split("\n") : [];
}
