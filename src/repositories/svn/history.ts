/** Revisions of Subversion, and how they stand to each other. */
import type { DeployedRevision, Relation, Revision } from "../../domain/repository.ts";
import { parseLog, parseProperty, type LogEntry } from "./answers.ts";
import type { SvnClient } from "./client.ts";
import { NothingThere } from "./errors.ts";

/** What a revision was when it was deployed: a repository that was restored may have another by its number. */
export interface SvnIdentity {
  readonly uuid: string;
  readonly date: string;
  readonly author: string;
}

/** What stands at a URL without revision, in one revision of the repository. */
export interface SvnSpot {
  readonly url: string;
  readonly revision: number;
}

/** As many as people would read. */
const MAX_REVISIONS = 1000;

/**
 * The newest revision that changed what is at a URL, or moved it there; undefined in a repository
 * without revisions. In no other older one does the URL lead to the same: what svn calls the last
 * change may be older than the folder around it.
 */
export async function newestEntry(
  client: SvnClient,
  url: string,
  signal: AbortSignal,
): Promise<LogEntry | undefined> {
  return parseLog(await client.ask(["log", "--xml", "--limit", "1", url], signal))[0];
}

/** How a revision stands to the one that was deployed last. */
export async function relate(
  client: SvnClient,
  {
    spot,
    identity,
    deployed,
  }: {
    readonly spot: SvnSpot;
    readonly identity: SvnIdentity;
    readonly deployed: DeployedRevision | undefined;
  },
  signal: AbortSignal,
): Promise<Relation> {
  if (deployed === undefined) {
    return "first";
  }

  const before = parseIdentity(deployed.identity);
  const revision = Number(deployed.revision);

  if (before?.uuid !== identity.uuid || !Number.isInteger(revision)) {
    return "unrelated";
  }
  if (revision === spot.revision) {
    return isSame(before, identity) ? "same" : "rewritten";
  }

  // Numbers only grow, unless the repository was restored from an older copy.
  return revision > spot.revision
    ? "rewritten"
    : relateOlder(client, { spot, before, revision }, signal);
}

/** The revisions after one, oldest first. */
export async function revisionsSince(
  client: SvnClient,
  { spot, base }: { readonly spot: SvnSpot; readonly base: number },
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const range = `${spot.revision}:${base + 1}`;
  const args = ["log", "--xml", "--revision", range, "--limit", String(MAX_REVISIONS), pin(spot)];

  return parseLog(await client.bring(args, signal))
    .map(toRevision)
    .toReversed();
}

export function toRevision({ revision, date, author, message }: LogEntry): Revision {
  const time = new Date(date === "" ? 0 : date);
  const [subject = ""] = message.trim().split(/\r?\n/);

  return { id: String(revision), at: time.toISOString(), author, subject };
}

/** The URL as svn wants it, so that an `@` in it means nothing. */
export function pin({
  url,
  revision,
}: {
  readonly url: string;
  readonly revision: number | "HEAD";
}): string {
  return `${url}@${revision}`;
}

export function formatIdentity({ uuid, date, author }: SvnIdentity): string {
  return JSON.stringify([uuid, date, author]);
}

/** Undefined for what is not the identity of a revision of Subversion. */
function parseIdentity(text: string): SvnIdentity | undefined {
  try {
    const [uuid, date, author]: readonly unknown[] = JSON.parse(text);
    return typeof uuid === "string" && typeof date === "string" && typeof author === "string"
      ? { uuid, date, author }
      : undefined;
  } catch {
    return undefined;
  }
}

function isSame(a: { date: string; author: string }, b: { date: string; author: string }): boolean {
  return a.date === b.date && a.author === b.author;
}

async function relateOlder(
  client: SvnClient,
  {
    spot,
    before,
    revision,
  }: { readonly spot: SvnSpot; readonly before: SvnIdentity; readonly revision: number },
  signal: AbortSignal,
): Promise<Relation> {
  const entry = await entryAt(client, { spot, revision }, signal);

  if (entry !== undefined) {
    return isSame(entry, before) ? "forward" : "rewritten";
  }

  // It was deleted and made anew, unless that revision itself is another one now.
  const args = [
    "propget",
    "--xml",
    "--revprop",
    "--revision",
    String(revision),
    "svn:date",
    pin(spot),
  ];
  const date = parseProperty(await client.ask(args, signal));
  return date === before.date ? "unrelated" : "rewritten";
}

/** A revision in the history of what is there now; undefined when it is not part of it. */
async function entryAt(
  client: SvnClient,
  { spot, revision }: { readonly spot: SvnSpot; readonly revision: number },
  signal: AbortSignal,
): Promise<LogEntry | undefined> {
  try {
    const args = ["log", "--xml", "--revision", String(revision), pin(spot)];
    return parseLog(await client.ask(args, signal))[0];
  } catch (error) {
    if (error instanceof NothingThere) {
      return undefined;
    }
    throw error;
  }
}
