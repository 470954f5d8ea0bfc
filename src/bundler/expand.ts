/** A file and all that it includes, as one sequence of statements. */
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";
import type { Session } from "./session.ts";
import type { FilePlace } from "./source-text.ts";
import { walkFile } from "./walk.ts";
import type { WalkedPiece } from "./walked.ts";

interface OpenFile {
  readonly place: FilePlace;
  /** The command that includes it; undefined for the first file. */
  readonly at: SourcePosition | undefined;
}

/**
 * The statements of a file in order, includes put in their places, read as they are asked for. The
 * data of a COPY can only be read before the next piece is asked for.
 *
 * @throws RowgateError `include-cycle`, and what `walkFile` throws.
 */
export function expandFile(place: FilePlace, session: Session): AsyncGenerator<WalkedPiece> {
  return expand([{ place, at: undefined }], session);
}

/** The same for a file that main.sql includes at `at`. */
export function expandInclude(
  including: FilePlace,
  { place, at }: { readonly place: FilePlace; readonly at: SourcePosition },
  session: Session,
): AsyncGenerator<WalkedPiece> {
  checkCycle([{ place: including, at: undefined }], { place, at });
  return expand(
    [
      { place: including, at: undefined },
      { place, at },
    ],
    session,
  );
}

async function* expand(open: readonly OpenFile[], session: Session): AsyncGenerator<WalkedPiece> {
  const current = open.at(-1);

  if (current === undefined) {
    return;
  }
  for await (const item of walkFile(current.place, session)) {
    if (item.kind === "include") {
      checkCycle(open, item);
      yield* expand([...open, item], session);
    } else {
      yield item;
    }
  }
}

function checkCycle(
  open: readonly OpenFile[],
  { place, at }: { readonly place: FilePlace; readonly at: SourcePosition },
): void {
  if (open.some((file) => file.place.file === place.file)) {
    const paths = [...open.map((file) => file.place.path), place.path];

    throw new RowgateError("include-cycle", {
      message: `files include each other: ${paths.join(" -> ")}`,
      hint: "Remove one of these includes.",
      at,
    });
  }
}
