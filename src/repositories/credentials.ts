/** The login for a repository, read anew each time, because passwords and tokens are rotated. */
import { readFile } from "node:fs/promises";
import { RowgateError } from "../domain/errors.ts";
import { Secret } from "../domain/secret.ts";
import { isLoopback, type Address } from "./address.ts";
import type { Environment } from "./environment.ts";
import type { Credentials } from "./settings.ts";

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

/**
 * The name and password to offer; undefined where no password is configured.
 *
 * @throws RowgateError `file-unreadable` or `config-invalid`, when the secret is not there.
 */
export async function readLogin(
  credentials: Credentials,
  address: Address,
  env: Environment,
): Promise<Login | undefined> {
  const password = await readPassword(credentials, env);

  if (password === undefined) {
    return undefined;
  }

  // Hosts that take tokens ignore the name, but want one.
  const username = credentials.username ?? address.username ?? "rowgate";
  return { username, password: new Secret(password) };
}

/**
 * Refuses a password for an address that would send it in the clear.
 *
 * @throws RowgateError `config-invalid`.
 */
export function checkCredentials(credentials: Credentials, address: Address): void {
  const hasPassword = (credentials.passwordEnv ?? credentials.passwordFile) !== undefined;

  if (hasPassword && address.scheme === "http" && !isLoopback(address)) {
    throw new RowgateError("config-invalid", {
      message: `the password for ${address.url} would be sent unencrypted`,
      hint: "Use the repository's https URL.",
    });
  }

  if (/[\p{Cc}]/u.test(credentials.username ?? "") || credentials.username?.startsWith("-")) {
    throw new RowgateError("config-invalid", {
      message: `${JSON.stringify(credentials.username)} is not a user name`,
      hint: "Correct username under credentials.",
    });
  }
}

async function readPassword(
  { passwordFile, passwordEnv }: Credentials,
  env: Environment,
): Promise<string | undefined> {
  if (passwordFile !== undefined) {
    return firstLine(await readSecretFile(passwordFile), `the file ${passwordFile}`);
  }

  return passwordEnv === undefined
    ? undefined
    : firstLine(env[passwordEnv] ?? "", `the variable ${passwordEnv}`);
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new RowgateError("file-unreadable", {
      message: `cannot read ${path}, which holds the password of the repository: ${reason}`,
      hint: "Check passwordFile under credentials, and the rights of the file.",
      cause: error,
    });
  }
}

function firstLine(text: string, place: string): string {
  const line = text.replace(/\r?\n$/, "");

  if (line === "" || /[\r\n\0]/.test(line)) {
    throw new RowgateError("config-invalid", {
      message: `${place} does not hold the password of the repository, as one line`,
      hint: "Put the password or token there, and nothing else.",
    });
  }

  return line;
}
