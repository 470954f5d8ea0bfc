/** Other states of a source that lies in a work tree of Git: where its branch began, and a ref. */
import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { SimpleGit } from "simple-git";
import { RowgateError } from "../../domain/errors.ts";
import { inherited } from "../environment.ts";
import { findWorkTree } from "../work-tree.ts";

export interface BranchStates {
  /** The commit of the ref. */
  readonly tip: string;
  /** The newest commit that HEAD and the ref share. */
  readonly fork: string;
  /**
   * Writes what a commit has of the source into a folder, with `index` for a file that Git needs.
   * Returns false, when the commit has no such folder.
   */
  export(commit: string, to: { readonly folder: string; readonly index: string }): Promise<boolean>;
}

/**
 * @throws RowgateError `usage-invalid`, when the folder is in no work tree; `ref-missing`, when there
 * is no such ref, or it shares no commit with HEAD; `program-missing` without Git.
 */
export async function openBranch(folder: string, ref: string): Promise<BranchStates> {
  const root = findWorkTree(folder);

  if (root === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `--base needs a source in a work tree of Git, and ${folder} is in none`,
      hint: "Run it in the repository, or leave --base out.",
    });
  }
  const { simpleGit } = await import("simple-git");
  const git = simpleGit(root);
  const tip = await commitOf(git, ref);
  const fork = (await ask(git, ["merge-base", "HEAD", tip])).trim();

  if (fork === "") {
    throw new RowgateError("ref-missing", {
      message: `${ref} and HEAD share no commit`,
      hint: "Fetch more of the history: git fetch --unshallow; or name another ref.",
    });
  }
  const path = relative(root, folder).replaceAll("\\", "/");

  return {
    tip,
    fork,
    export: async (commit, { folder: to, index }) => {
      await mkdir(to, { recursive: true });
      const tree = (
        await ask(git, ["rev-parse", "--verify", "--quiet", `${commit}:${path}`])
      ).trim();
      if (tree === "") {
        return false;
      }
      // An index of its own: that of the user stays as it is.
      const own = simpleGit({ baseDir: root, allowEnvironment: ["GIT_INDEX_FILE"] }).env({
        ...inherited(process.env),
        GIT_INDEX_FILE: index,
      });
      await own.raw("read-tree", tree);
      await own.raw("checkout-index", "--all", "--quiet", `--prefix=${join(to, "/")}`);
      return true;
    },
  };
}

async function commitOf(git: SimpleGit, ref: string): Promise<string> {
  // Git would take what begins with a dash for an option of its own.
  const commit = ref.startsWith("-")
    ? ""
    : (await ask(git, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).trim();

  if (commit === "") {
    throw new RowgateError("ref-missing", {
      message: `there is no commit "${ref}" in this repository`,
      hint: "Fetch it first, such as with git fetch origin main, and name it as Git does: origin/main.",
    });
  }
  return commit;
}

/** Empty when Git has no answer. @throws RowgateError `program-missing`. */
async function ask(git: SimpleGit, args: readonly string[]): Promise<string> {
  try {
    return await git.raw([...args]);
  } catch (error) {
    if (error instanceof Error && /ENOENT/u.test(error.message)) {
      throw new RowgateError("program-missing", {
        message: "git is not installed, or not in PATH",
        hint: "Install Git, or leave --base out.",
        cause: error,
      });
    }
    return "";
  }
}
