/** The user's own line for errors that have a place but no excerpt yet. */
import { realpathSync } from "node:fs";
import { join } from "node:path";

import { RowgateError, type ErrorCode } from "../../domain/errors.ts";
import { isInside } from "./inside.ts";
import { moveError } from "./move-error.ts";
import { readText } from "./read-text.ts";

/** Errors that concern a line, not a file as a whole. */
const LINE_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "client-command",
  "copy-unsupported",
  "directive-unknown",
  "include-cycle",
  "include-missing",
  "include-outside",
  "layout-invalid",
  "psql-command",
  "script-form",
  "syntax-invalid",
  "template-failed",
  "transaction-control",
  "verify-invalid",
]);

const LONGEST_EXCERPT = 400;

/** Runs `work`; its errors get the line of the file below `root` that they are about. */
export async function withExcerpts<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(root, error);
  }
}

/** The same error with its excerpt, where it has a place and the file can be read. */
function explained(root: string, error: unknown): unknown {
  if (
    !(error instanceof RowgateError) ||
    error.at === undefined ||
    error.excerpt !== undefined ||
    !LINE_ERRORS.has(error.code)
  ) {
    return error;
  }

  return moveError(error, { excerpt: lineOf(root, error.at.path, error.at.line) });
}

/** Undefined when the file cannot be read: the error at hand matters more. */
function lineOf(root: string, path: string, line: number): string | undefined {
  let skipped = 0;
  let rest = "";

  try {
    const file = realpathSync(join(root, path));

    // What a link to the outside leads to is nobody's business.
    if (!isInside(root, file)) {
      return undefined;
    }
    for (const chunk of readText({ file, path })) {
      const lines = (rest + chunk).split("\n");

      if (skipped + lines.length > line) {
        rest = lines[line - skipped - 1] ?? "";
        break;
      }
      skipped += lines.length - 1;
      rest = lines.at(-1) ?? "";
    }
  } catch {
    return undefined;
  }
  return rest.replace(/\r$/u, "").slice(0, LONGEST_EXCERPT);
}
