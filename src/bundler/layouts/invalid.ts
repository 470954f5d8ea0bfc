/** The error for files that do not follow their layout. */
import { RowgateError } from "../../domain/errors.ts";
import { baseOf } from "./layout.ts";

export function invalidLayout(
  { path, line = 1 }: { readonly path: string; readonly line?: number | undefined },
  message: string,
  hint: string,
): RowgateError {
  return new RowgateError("layout-invalid", { message, hint, at: { path, line, column: 1 } });
}

/** Migrations that only the tool itself could run would be lost. @throws RowgateError `layout-invalid` */
export function refusePrograms(others: readonly string[], pattern: RegExp, tool: string): void {
  const program = others.find((path) => pattern.test(baseOf(path)));

  if (program !== undefined) {
    throw invalidLayout(
      { path: program },
      `${program} is a migration of ${tool} that is not SQL`,
      "Write it as SQL, or list the SQL files in a main.sql.",
    );
  }
}
