/** The files at the path of a source in one revision. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ExportPlace } from "../../domain/repository.ts";
import { checkCollisions, checkLimits, checkName, refused } from "../export-rules.ts";
import { writing } from "../writing.ts";
import { parseList, type ListEntry } from "./answers.ts";
import type { SvnClient } from "./client.ts";
import { pin, type SvnSpot } from "./history.ts";

/** Everything below a spot, or the file that it is; in the order of the repository. */
export async function listFiles(
  client: SvnClient,
  spot: SvnSpot,
  signal: AbortSignal,
): Promise<readonly ListEntry[]> {
  return parseList(await client.bring(["list", "--xml", "--recursive", pin(spot)], signal));
}

/**
 * What stands there, as one value. A file is known by the revision that changed it last, with its
 * time: where a repository was restored, the same number may be another revision.
 */
export function contentOf(uuid: string, entries: readonly ListEntry[]): string {
  const files = entries
    .map(({ path, kind, size, revision, date }) =>
      kind === "file" ? [path, size, revision, date] : [path],
    )
    .map((fields) => JSON.stringify(fields))
    .toSorted();

  return createHash("sha256")
    .update([uuid, ...files].join("\n"))
    .digest("hex");
}

/** @throws RowgateError `export-refused`, before anything is written unless it is a link. */
export async function exportFiles(
  client: SvnClient,
  {
    spot,
    kind,
    place,
  }: { readonly spot: SvnSpot; readonly kind: "dir" | "file"; readonly place: ExportPlace },
  signal: AbortSignal,
): Promise<void> {
  const { directory, limits } = place;
  const entries = await listFiles(client, spot, signal);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  checkLimits({ files: entries.length, bytes }, limits);
  entries.forEach(({ path }) => checkPath(path));
  checkCollisions(entries.map(({ path }) => path));

  const target = kind === "dir" ? directory : join(directory, entries[0]?.path ?? "");
  // svn would fetch externals from wherever they are, with this repository's password.
  const safety = ["--ignore-externals", "--ignore-keywords", "--native-eol", "LF"];
  const args = ["export", "--quiet", "--force", ...safety, "--revision", String(spot.revision)];
  await writing(directory, () => client.bring([...args, pin(spot), `${target}@`], signal));
  await refuseLinks(directory);
}

function checkPath(path: string): void {
  path.split("/").forEach((name, depth, names) => {
    checkName(names.slice(0, depth).join("/"), name);
  });
}

/** svn writes a file with `svn:special` as a link to wherever it says. */
async function refuseLinks(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const link = entries.find((entry) => !entry.isFile() && !entry.isDirectory());

  if (link !== undefined) {
    throw refused(
      `${relative(directory, join(link.path, link.name))} is a link`,
      "Put a copy of the file in its place.",
    );
  }
}
