/** What Git knows of a source that lies in a work tree. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root of the Git work tree around a path; undefined outside of any. It does not run Git. */
export function findWorkTree(path: string): string | undefined {
  // A work tree that was added, and a submodule, have a file of that name.
  if (existsSync(join(path, ".git"))) {
    return path;
  }

  const parent = dirname(path);
  return parent === path ? undefined : findWorkTree(parent);
}

/**
 * The tag that HEAD of a work tree has, the newest annotated one of several; undefined when it has
 * none, and when Git is missing or refuses to say.
 */
export async function findTag(workTree: string): Promise<string | undefined> {
  try {
    const { simpleGit } = await import("simple-git");
    const tag = await simpleGit(workTree).raw("describe", "--tags", "--exact-match", "HEAD");

    return tag.trim() === "" ? undefined : tag.trim();
  } catch {
    return undefined;
  }
}
