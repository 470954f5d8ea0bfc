/** Paths within a repository. */
import { RowgateError } from "../domain/errors.ts";

/**
 * The names that a path consists of; empty for the whole repository. Slashes at the end do not count.
 *
 * @throws RowgateError `config-invalid`, when it is not a plain path downwards.
 */
export function parsePath(path: string): readonly string[] {
  const trimmed = path.replace(/\/+$/, "");
  const names = trimmed === "" || trimmed === "." ? [] : trimmed.split("/");

  if (names.some((name) => ["", ".", ".."].includes(name)) || /[\p{Cc}\\]/u.test(path)) {
    throw new RowgateError("config-invalid", {
      message: `the path ${JSON.stringify(path)} does not lead to a place in the repository`,
      hint: "Give it from the root of the repository, without . and .., such as db/sql.",
    });
  }

  return names;
}
