/** Where an include of a client leads: a file that exists and lies inside the tree. */
import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { isInside } from "../files/inside.ts";
import type { FilePlace } from "../files/read-text.ts";

export interface IncludeRequest {
  /** As the command names it, variables put in. */
  readonly path: string;
  /** `file`: relative to the including file. `root`: relative to where psql would be started. */
  readonly from: "file" | "root";
  /** The command. */
  readonly at: SourcePosition;
  /** What to do when there is no such file, beyond correcting the path. */
  readonly otherwise?: string;
}

/**
 * The file that a command includes. psql starts `\i` at its current directory, which a tree cannot
 * know: the root of the source is tried, then its parents, so that a tree works from each of them.
 *
 * @throws RowgateError `include-outside` when the file lies outside `root`, by its own path or by a
 * symbolic link; `include-missing` when there is none.
 */
export function resolveInclude(root: string, request: IncludeRequest): FilePlace {
  const found = startsOf(root, request)
    .map((start) => realFile(resolve(start, request.path)))
    .filter((file) => file !== undefined);
  const inside = found.find((file) => isInside(root, file));

  if (inside !== undefined) {
    return { file: inside, path: relative(root, inside).replaceAll(sep, "/") };
  }
  if (found.length > 0) {
    throw new RowgateError("include-outside", {
      message: `${request.path} lies outside the source`,
      hint: "Move the file into the source, or name a directory that holds both as the source.",
      at: request.at,
    });
  }
  throw missing(root, request);
}

function missing(root: string, request: IncludeRequest): RowgateError {
  const where =
    request.from === "file"
      ? `beside ${request.at.path}`
      : "in the root of the source or a directory above it";
  const start = request.from === "file" ? join(root, dirname(request.at.path)) : root;

  return isInside(root, resolve(start, request.path)) || request.from === "root"
    ? new RowgateError("include-missing", {
        message: `${request.path} does not exist ${where}`,
        hint: `Correct the path${request.otherwise ?? ""}.`,
        at: request.at,
      })
    : new RowgateError("include-outside", {
        message: `${request.path} leads out of the source`,
        hint: "Move the file into the source, or name a directory that holds both as the source.",
        at: request.at,
      });
}

function startsOf(root: string, request: IncludeRequest): readonly string[] {
  if (isAbsolute(request.path)) {
    return [root];
  }
  if (request.from === "file") {
    return [join(root, dirname(request.at.path))];
  }

  const starts = [root];

  for (let start = root; dirname(start) !== start; start = dirname(start)) {
    starts.push(dirname(start));
  }
  return starts;
}

function realFile(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
