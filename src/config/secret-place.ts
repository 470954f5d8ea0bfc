/** Secrets that rowgate.yaml names, but does not hold. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { RowgateError } from "../domain/errors.ts";
import type { Config } from "./config.ts";
import type { Environment } from "./expand.ts";
import type { SecretPlace } from "./watch-config.ts";

/**
 * What finds the secret, each time anew, because files of secrets are rotated.
 *
 * @throws RowgateError `config-missing` for a variable that is not set, `file-unreadable` for a file
 * that cannot be read or is empty; when it is called.
 */
export function secretLookup(
  place: SecretPlace,
  { directory }: Pick<Config, "directory">,
  env: Environment,
): () => Promise<string> {
  return async () =>
    place.env === undefined
      ? fileSecret(resolve(directory, place.file ?? ""), place.file ?? "")
      : variableSecret(place.env, env);
}

function variableSecret(name: string, env: Environment): string {
  const value = env[name] ?? "";
  if (value === "") {
    throw new RowgateError("config-missing", {
      message: `the environment variable ${name} is not set, which has a secret of the watcher`,
      hint: `Set ${name}.`,
    });
  }
  return value;
}

async function fileSecret(path: string, name: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw unreadable(`cannot read ${name}, which has a secret of the watcher: ${code}`, error);
  });
  if (text.trim() === "") {
    throw unreadable(`${name}, which should have a secret of the watcher, is empty`, undefined);
  }
  return text.trim();
}

function unreadable(message: string, cause: unknown): RowgateError {
  return new RowgateError("file-unreadable", {
    message,
    hint: "Check the path, and the rights of the file.",
    cause,
  });
}
