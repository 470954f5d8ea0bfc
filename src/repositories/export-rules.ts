/** What is not written out of a repository, because nobody would notice it before it does harm. */
import { RowgateError } from "../domain/errors.ts";
import type { ExportLimits } from "../domain/repository.ts";

/** How a file of Git LFS begins when its content is somewhere else. */
const LFS_POINTER = "version https://git-lfs.github.com/spec/v1";

/** Longer paths cannot be opened. */
const MAX_PATH_LENGTH = 4000;

/** @throws RowgateError `export-refused`, for a name that would be another place on this machine. */
export function checkName(folder: string, name: string | undefined): void {
  const shown = folder === "" ? "the root" : folder;

  if (name === undefined) {
    throw refused(`a name in ${shown} is not UTF-8`, "Rename it.");
  }
  if (["", ".", "..", ".git"].includes(name.toLowerCase()) || /[\p{Cc}/\\]/u.test(name)) {
    throw refused(`${shown} holds the name ${JSON.stringify(name)}`, "Rename it.");
  }
  if (folder.length + name.length > MAX_PATH_LENGTH) {
    throw refused(`a path below ${folder.slice(0, 60)}… is too long`, "Shorten it.");
  }
}

/** @throws RowgateError `export-refused`, when two paths are one on a disk that ignores case. */
export function checkCollisions(paths: readonly string[]): void {
  const seen = new Map<string, string>();

  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);

    if (other !== undefined) {
      throw refused(`the paths ${other} and ${path} differ only in case`, "Rename one of them.");
    }
    seen.set(folded, path);
  }
}

/** @throws RowgateError `export-refused`, for a link to anything but a place below the root. */
export function checkLink(path: string, target: string): void {
  const parts = target.split("/");
  const up = parts.findIndex((part) => part !== "..");
  const climbs = up === -1 ? parts.length : up;
  // Only at the start is `..` the parent of a real folder: after a link it would be another's.
  const isPlain = !target.startsWith("/") && !parts.slice(climbs).includes("..");

  if (!isPlain || climbs >= path.split("/").length) {
    throw refused(
      `${path} is a link to ${JSON.stringify(target)}, out of the source`,
      "Put a copy of the file in its place.",
    );
  }
}

/** @throws RowgateError `export-refused`. */
export function checkContent(path: string, content: Buffer): void {
  if (content.toString("latin1", 0, LFS_POINTER.length) === LFS_POINTER) {
    throw refused(
      `${path} is a pointer of Git LFS, not the file itself`,
      "Keep it in Git itself: git lfs migrate export --include=PATH.",
    );
  }
}

/** @throws RowgateError `export-refused`. */
export function checkLimits(
  found: { readonly files: number; readonly bytes: number },
  limits: ExportLimits,
): void {
  if (found.files > limits.files) {
    throw refused(
      `the source holds more than ${limits.files} files and folders`,
      "Set path to the folder of the SQL files.",
    );
  }
  if (found.bytes > limits.bytes) {
    throw refused(
      `the source holds more than ${limits.bytes} bytes`,
      "Set path to the folder of the SQL files.",
    );
  }
}

export function refused(message: string, hint: string): RowgateError {
  return new RowgateError("export-refused", { message, hint });
}
