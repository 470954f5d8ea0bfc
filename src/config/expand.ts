/** Variables of the environment in values of rowgate.yaml. */
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\{)/g;

/**
 * The text with `${NAME}` and `${NAME:-default}` replaced from the environment, and `$$` by `$`.
 * The default also stands in for an empty value, as in a shell. A `$` before anything else stays.
 *
 * @throws RowgateError `config-invalid` at `at`, when a variable is not set or a reference is broken.
 */
export function expandVariables(text: string, env: Environment, at: SourcePosition): string {
  return text.replace(
    REFERENCE,
    (reference: string, name: string | undefined, fallback: string | undefined) => {
      if (reference === "$$") {
        return "$";
      }
      if (name === undefined) {
        throw new RowgateError("config-invalid", {
          message: "a variable is not written as ${NAME} or ${NAME:-default}",
          hint: "Write $$ where a plain dollar sign is meant.",
          at,
        });
      }
      return valueOf({ name, fallback }, env, at);
    },
  );
}

function valueOf(
  reference: { readonly name: string; readonly fallback: string | undefined },
  env: Environment,
  at: SourcePosition,
): string {
  const value = env[reference.name];
  if (reference.fallback !== undefined && (value === undefined || value === "")) {
    return reference.fallback;
  }
  if (value === undefined) {
    throw new RowgateError("config-invalid", {
      message: `the environment variable ${reference.name} is not set`,
      hint: `Set ${reference.name}, or give a default: \${${reference.name}:-value}.`,
      at,
    });
  }
  return value;
}
