/** Scripts of small trees, written the way `rowgate bundle` writes them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTree } from "../../src/bundler/read-tree.ts";
import { writeScript } from "../../src/bundler/write-script.ts";
import { mysqlDialect } from "../../src/dialects/mysql/index.ts";
import { postgresDialect } from "../../src/dialects/postgres/index.ts";
import type { DialectName } from "../../src/domain/bundle.ts";
import type { Dialect, ScriptOptions } from "../../src/domain/ports.ts";
import { writeTree } from "./tree.ts";

export interface TestScript {
  /** The path of the script file. */
  readonly path: string;
  readonly text: string;
  /** The folder of the tree; the script stands beside it. */
  readonly root: string;
  close(): Promise<void>;
}

/** For PostgreSQL unless given. */
export interface TestScriptOptions extends Partial<ScriptOptions> {
  readonly dialect?: DialectName;
  /** The block to go back to; the script goes forward unless given. */
  readonly backTo?: string;
}

const OPTIONS: ScriptOptions = {
  versions: { schema: undefined, name: "versions" },
  form: "do",
  transaction: "release",
  outOfOrder: false,
};

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  postgres: postgresDialect,
  mysql: mysqlDialect,
};

/** The script of a tree that is given as path → text; `release` is `1.0`. */
export async function scriptOf(
  files: Readonly<Record<string, string>>,
  { dialect = "postgres", backTo, ...options }: TestScriptOptions = {},
): Promise<TestScript> {
  const tree = await writeTree(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`source/${path}`, text])),
  );
  const root = join(tree.root, "source");
  const forward = await readTree(root, {
    dialect,
    release: "1.0",
    variables: {},
    syntaxCheck: true,
  });
  const bundle = backTo === undefined ? forward : ((await forward.undoTo?.(backTo)) ?? forward);
  const path = join(tree.root, "release.sql");
  let text = "";

  for await (const chunk of writeScript(bundle, DIALECTS[dialect], { ...OPTIONS, ...options })) {
    text += chunk;
  }
  await writeFile(path, text);

  return { path, text, root, close: tree.close };
}
