/** README.md and docs/ as texts, for the tests that hold them against the product. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";

export const ROOT = new URL("../../", import.meta.url);

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface Fence {
  readonly language: string;
  readonly text: string;
}

export const pages = await readPages();
async function readPages(): Promise<readonly Page[]> {
  const names = (await readdir(new URL("docs/", ROOT))).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", ...names.toSorted().map((name) => `docs/${name}`)];
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(new URL(path, ROOT), "utf8") })),
  );
}

export function page(path: string): string {
  const found = pages.find((each) => each.path === path);
  assert.ok(found, `there is no ${path}`);
  return found.text;
}

export function fences(path: string): readonly Fence[] {
  return [...page(path).matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => ({ language, text }),
  );
}

export function fence(path: string, language: string): string {
  const found = fences(path).find((each) => each.language === language);
  assert.ok(found, `${path} has no block of ${language}`);
  return found.text;
}

/** The part of a page below a heading, up to the next heading of the same level. */
export function section(path: string, heading: string): string {
  const [, text] = page(path).split(`\n## ${heading}\n`);
  assert.ok(text !== undefined, `${path} has no heading "${heading}"`);
  return text.split("\n## ")[0] ?? "";
}
