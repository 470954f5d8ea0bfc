/** The rule that parts of `src` import only downwards. */
import { posix } from "node:path";

/** From the bottom to the top. A part imports itself and lower rows; parts of one row never meet. */
const LAYERS: readonly (readonly string[])[] = [
  ["domain"],
  ["scan", "system"],
  ["bundler", "dialects", "drivers", "deployer", "config", "repositories", "watcher", "server"],
  ["rowgate-access.ts"],
  ["rowgate.ts", "rowgate-prune.ts", "rowgate-replaced.ts", "rowgate-seeds.ts"],
  ["rowgate-watch", "rowgate-check", "rowgate-test", "rowgate-new.ts"],
  ["cli", "index.ts"],
];

/** The folders of the bundler, likewise. The files beside them are its doors, above all of them. */
const ROOMS: readonly (readonly string[])[] = [
  ["files"],
  ["ejs", "script"],
  ["reading"],
  ["postgres", "mysql"],
  ["blocks"],
  ["tree"],
  ["seeds"],
  ["layouts"],
  ["bundler"],
];

/** Parts that do no input or output: they import no module of Node that could. */
const PURE = new Set(["domain", "scan"]);
const PURE_MODULES = new Set(["node:crypto", "node:path", "node:util"]);

/**
 * What is wrong with the imports of one file: a message each, in their order; none when all is
 * well. `file` is its path below `src`, with `/`.
 */
export function importFaults(file: string, text: string): readonly string[] {
  const from = partOf(file);

  if (rankOf(from, LAYERS) === -1) {
    return [`${from} is in no layer`];
  }

  return importsOf(text).flatMap((specifier) => {
    const fault = specifier.startsWith(".")
      ? placeFault(file, posix.join(posix.dirname(file), specifier))
      : pureFault(from, specifier);

    return fault === undefined ? [] : [fault];
  });
}

/** Every module that a file names: static, re-exported, for its types only or at run time. */
function importsOf(text: string): readonly string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(["'`])([^"'`\n]+)\1/g;

  return [...text.matchAll(pattern)].map((match) => match[2] ?? "");
}

function placeFault(file: string, other: string): string | undefined {
  const [from, to] = [partOf(file), partOf(other)];

  return from === "bundler" && to === from
    ? rowFault(roomOf(file), roomOf(other), ROOMS)
    : rowFault(from, to, LAYERS);
}

function rowFault(
  from: string,
  to: string,
  rows: readonly (readonly string[])[],
): string | undefined {
  const rank = rankOf(to, rows);

  if (rank === -1) {
    return `${from} imports ${to}, which is in no layer`;
  }

  return to !== from && rank >= rankOf(from, rows) ? `${from} must not import ${to}` : undefined;
}

function pureFault(from: string, module: string): string | undefined {
  const isAllowed = !module.startsWith("node:") || PURE_MODULES.has(module);

  return PURE.has(from) && !isAllowed ? `${from} must not import ${module}` : undefined;
}

function rankOf(part: string, rows: readonly (readonly string[])[]): number {
  return rows.findIndex((row) => row.includes(part));
}

function partOf(file: string): string {
  return file.split("/")[0] ?? "";
}

/** The folder within the bundler; `bundler` for a file that is in none. */
function roomOf(file: string): string {
  return file.split("/").at(-2) ?? "";
}
