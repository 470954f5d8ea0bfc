/** Errors with a better place than they were thrown with. */
import { RowgateError, type Failure } from "../../domain/errors.ts";

/** The same error with another place, excerpt, or both. */
export function moveError(
  error: RowgateError,
  place: Pick<Failure, "at" | "excerpt">,
): RowgateError {
  return new RowgateError(error.code, {
    message: error.message,
    hint: error.hint,
    at: error.at,
    excerpt: error.excerpt,
    server: error.server,
    cause: error.cause,
    ...place,
  });
}
