/** A file and all that it includes, as one sequence of statements. */
import { RowgateError } from "../../domain/errors.ts";
import type { FilePlace } from "../files/read-text.ts";
import type { Session } from "./session.ts";
import type { IncludeItem, WalkedPiece } from "./walked.ts";

/**
 * The statements of a file in order, includes put in their places, read as they are asked for. The
 * data of a COPY can only be read before the next piece is asked for.
 *
 * @throws RowgateError `include-cycle`, and what `Rules.walkFile` throws.
 */
export function expandFile(place: FilePlace, session: Session): AsyncGenerator<WalkedPiece> {
  return expand([...session.open, place], session);
}

async function* expand(open: readonly FilePlace[], session: Session): AsyncGenerator<WalkedPiece> {
  const current = open.at(-1);

  if (current === undefined) {
    return;
  }
  for await (const item of session.tree.rules.walkFile(current, session)) {
    if (item.kind === "include") {
      checkCycle(open, item);
      yield* expand([...open, item.place], session);
    } else {
      yield item;
    }
  }
}

/** @throws RowgateError `include-cycle` when a command includes a file that is open. */
export function checkCycle(open: readonly FilePlace[], { place, at }: IncludeItem): void {
  if (open.some(({ file }) => file === place.file)) {
    throw new RowgateError("include-cycle", {
      message: `files include each other: ${[...open, place].map(({ path }) => path).join(" -> ")}`,
      hint: "Remove one of these includes.",
      at,
    });
  }
}
