/** Writes into a history what a person knows better than the database. */
import type { Bundle } from "../domain/bundle.ts";
import { markingOf, type Marking, type MarkRequest } from "../domain/mark.ts";
import { withConnection } from "./connection.ts";
import type { TargetAccess } from "./request.ts";
import { writeMarks } from "./write-marks.ts";

export interface MarkResult {
  /** `Connection.description`. */
  readonly server: string;
  /** What was changed; undefined when the history said it already. */
  readonly marking: Marking | undefined;
}

/**
 * Marks a block, or one of its statements. `bundle` is the source, where there is one.
 *
 * @throws RowgateError when the target cannot be reached or written, and what `markingOf` throws.
 */
export async function markTarget(
  access: TargetAccess & { readonly bundle: Bundle | undefined },
  request: MarkRequest,
): Promise<MarkResult> {
  const { bundle } = access;
  const block = bundle?.blocks.find(({ id }) => id === request.id);

  return withConnection(access, async (connection) => {
    const [mark] = await writeMarks(
      connection,
      { ...access, release: bundle?.release },
      (history) => {
        const row = history.find(({ id }) => id === request.id);
        const marking = markingOf(request, row, block);
        return marking === undefined ? [] : [{ marking, detail: detailOf(request) }];
      },
    );

    return { server: connection.description, marking: mark?.marking };
  });
}

function detailOf({ as, statement, reason }: MarkRequest): string {
  const what = statement === undefined ? "the block" : `statement ${statement}`;
  const why = reason === undefined ? "" : `: ${reason}`;

  return `${what} was marked as ${as}${why}`;
}
