/** Errors about transaction control, which are told together. */
import { RowgateError } from "../../domain/errors.ts";

/** One error for the faults of several files: who has to decide about one decides about all. */
export function joinControlErrors(
  faults: readonly [RowgateError, ...RowgateError[]],
): RowgateError {
  const [first, ...others] = faults;
  const places = others.slice(0, 5).map(({ at }) => `${at?.path}:${at?.line}`);
  const dots = others.length > places.length ? ", …" : "";
  const files = others.length === 1 ? "1 more file" : `${others.length} more files`;

  return others.length === 0
    ? first
    : new RowgateError(first.code, {
        message: `${first.message}; so it is in ${files}: ${places.join(", ")}${dots}`,
        hint: first.hint,
        at: first.at,
      });
}
