/** Commits, and how they stand to each other. */
import type { Relation, Revision } from "../../domain/repository.ts";
import { GitExit, type GitCache } from "./cache.ts";

/** As many as people would read. */
const MAX_REVISIONS = 1000;

/** For `git log`: one line, as `parseRevision` reads it. */
export const REVISION_FORMAT = ["%H", "%ct", "%an <%ae>", "%s"].join("%x00");

/** How a commit stands to an older one that is not it; both are here. */
export async function relate(
  cache: GitCache,
  { older, newer }: { readonly older: string; readonly newer: string },
  signal: AbortSignal,
): Promise<Relation> {
  const base = await mergeBase(cache, [older, newer], signal);

  switch (base) {
    case undefined:
      return "unrelated";
    case older:
      return "forward";
    case newer:
      return "rewound";
    default:
      return "rewritten";
  }
}

/** The commits since one, oldest first; only the commit itself when there is none. */
export async function revisionsSince(
  cache: GitCache,
  { base, commit }: { readonly base: string | undefined; readonly commit: string },
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const count = base === undefined ? 1 : MAX_REVISIONS;
  const text = await cache.text(
    [
      "log",
      "--topo-order",
      "--reverse",
      `--max-count=${count}`,
      `--format=${REVISION_FORMAT}`,
      commit,
      ...(base === undefined ? [] : [`^${base}`]),
    ],
    { signal },
  );

  return text.split("\n").filter(Boolean).map(parseRevision);
}

/** The root folder of a commit. */
export async function rootOf(
  cache: GitCache,
  commit: string,
  signal: AbortSignal,
): Promise<string> {
  const text = await cache.text(["log", "-1", "--format=%T", commit], { signal });

  return text.trim();
}

/** Reads one line of `git log` in the format of this file. */
export function parseRevision(line: string): Revision {
  const [id = "", seconds, author = "", subject = ""] = line.split("\0");

  return { id, at: toIso(Number(seconds)), author, subject };
}

/** A commit may claim any time at all. */
function toIso(seconds: number): string {
  const date = new Date(seconds * 1000);

  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

async function mergeBase(
  cache: GitCache,
  commits: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await cache.text(["merge-base", ...commits], { signal })).trim();
  } catch (error) {
    if (error instanceof GitExit && error.exitCode === 1) {
      return undefined;
    }
    throw error;
  }
}
