/** Why there is nothing at the URL of a source. */
import { RowgateError } from "../../domain/errors.ts";
import { parseInfo, parseLog, type LogEntry, type SvnInfo } from "./answers.ts";
import type { SvnClient } from "./client.ts";
import { NothingThere } from "./errors.ts";
import { pin } from "./history.ts";

/** How far back a move is looked for, in revisions. */
const MAX_REVISIONS = 500;

/** The error for a URL that leads nowhere, with what became of it where that can be told. */
export async function explainMissing(
  client: SvnClient,
  url: string,
  signal: AbortSignal,
): Promise<RowgateError> {
  const above = await nearestAbove(client, url, signal);

  if (above === undefined) {
    return new RowgateError("repository-missing", {
      message: `there is no repository at ${url}`,
      hint: "Check the URL.",
    });
  }

  const path = decodeURIComponent(url.slice(above.root.length));
  const fate = await findFate(client, { root: above.root, path }, signal);
  return new RowgateError("path-missing", {
    message: `the path ${path} is not in the repository${fate}`,
    hint: "Correct url or path, or put the source there; it is looked for again by itself.",
  });
}

/** What is at the first of the folders above a URL that is there. */
async function nearestAbove(
  client: SvnClient,
  url: string,
  signal: AbortSignal,
): Promise<SvnInfo | undefined> {
  const parent = url.replace(/\/[^/]*$/, "");

  // A scheme, an empty name, and a host.
  if (parent.split("/").length < 3 || parent.endsWith("/")) {
    return undefined;
  }

  try {
    return parseInfo(
      await client.ask(["info", "--xml", pin({ url: parent, revision: "HEAD" })], signal),
    );
  } catch (error) {
    if (isNothing(error)) {
      return nearestAbove(client, parent, signal);
    }
    throw error;
  }
}

function isNothing(error: unknown): boolean {
  return (
    error instanceof NothingThere ||
    (error instanceof RowgateError && error.code === "repository-missing")
  );
}

/** What happened to a path, as the end of a sentence; empty when nobody may tell. */
async function findFate(
  client: SvnClient,
  { root, path }: { readonly root: string; readonly path: string },
  signal: AbortSignal,
): Promise<string> {
  const args = ["log", "--xml", "--verbose", "--limit", String(MAX_REVISIONS)];
  const entries = await readLog(client, [...args, pin({ url: root, revision: "HEAD" })], signal);

  for (const entry of entries) {
    const gone = entry.paths.find(
      (each) => each.action === "D" && (each.path === path || path.startsWith(`${each.path}/`)),
    );
    if (gone !== undefined) {
      return describeFate(entry, { path, gone: gone.path });
    }
  }

  return "";
}

function describeFate(
  entry: LogEntry,
  { path, gone }: { readonly path: string; readonly gone: string },
): string {
  const copy = entry.paths.find((each) => each.from === gone);

  return copy === undefined
    ? `: revision ${entry.revision} removed it`
    : `: revision ${entry.revision} moved it to ${copy.path}${path.slice(gone.length)}`;
}

/** Not everybody who may read a folder may read the whole repository. */
async function readLog(
  client: SvnClient,
  args: readonly string[],
  signal: AbortSignal,
): Promise<readonly LogEntry[]> {
  try {
    return parseLog(await client.bring(args, signal));
  } catch (error) {
    if (error instanceof NothingThere || error instanceof RowgateError) {
      return [];
    }
    throw error;
  }
}
