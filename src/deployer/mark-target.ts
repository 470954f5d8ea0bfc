/** Writes into a history what a person knows better than the database. */
import type { Bundle } from "../domain/bundle.ts";
import { NO_RELEASE } from "../domain/bundle.ts";
import { DatabaseError } from "../domain/errors.ts";
import { markingOf, type Marking, type MarkRequest } from "../domain/mark.ts";
import { withConnection } from "./connection.ts";
import { explain } from "./explain.ts";
import { readHistory } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";

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
  const { bundle, dialect, target } = access;

  return withConnection(access, async (connection) => {
    const query = (sql: string): ReturnType<typeof connection.query> => connection.query(sql);
    const history = (await readHistory(target.versions, { query, dialect })) ?? [];
    const marking = markingOf(
      request,
      history.find(({ id }) => id === request.id),
      bundle?.blocks.find(({ id }) => id === request.id),
    );

    if (marking !== undefined) {
      const detail = detailOf(request);
      const text = dialect.markText(target.versions, {
        marking,
        release: bundle?.release ?? NO_RELEASE,
        detail,
      });
      await connection.query(text).catch((error: unknown) => {
        throw error instanceof DatabaseError
          ? explain(error, { dialect, versions: target.versions })
          : error;
      });
    }
    return { server: connection.description, marking };
  });
}

function detailOf({ as, statement, reason }: MarkRequest): string {
  const what = statement === undefined ? "the block" : `statement ${statement}`;
  const why = reason === undefined ? "" : `: ${reason}`;

  return `${what} was marked as ${as}${why}`;
}
