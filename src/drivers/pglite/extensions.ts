/** PGlite knows only the extensions that are given to it when it starts. */
import type { Extensions } from "@electric-sql/pglite";

/** What an extension needs besides itself. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { earthdistance: ["cube"] };

/**
 * The extensions of these names, as in CREATE EXTENSION, for PGlite. Names that PGlite does not
 * have are left out: the server will say so when the statement runs.
 */
export async function pgliteExtensions(names: readonly string[]): Promise<Extensions> {
  const all = new Set(names.flatMap((name) => [...(NEEDS[name] ?? []), name]));
  const found = await Promise.all([...all].map(load));

  return Object.assign({}, ...found);
}

async function load(name: string): Promise<Extensions> {
  const module = name.replaceAll("-", "_");

  if (!/^[a-z0-9_]+$/.test(module)) {
    return {};
  }

  try {
    const exports: Extensions = await import(`@electric-sql/pglite/contrib/${module}`);
    const extension = exports[module];
    return extension === undefined ? {} : { [module]: extension };
  } catch {
    return {};
  }
}
