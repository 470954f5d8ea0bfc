/** Directives that stand too late: they would be comments like any other. */
import { RowgateError } from "../../domain/errors.ts";

export function lateDirective(path: string, line: number): RowgateError {
  return new RowgateError("directive-unknown", {
    message: "a rowgate directive behind the first statement has no effect",
    hint: "Move it to the comments at the top of the file.",
    at: { path, line, column: 1 },
  });
}
