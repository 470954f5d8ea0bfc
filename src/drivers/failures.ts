/** What goes wrong on any connection, whichever client package it is made of. */
import { RowgateError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";

/** What messages may say of a session; free of secrets. */
export interface SessionName {
  /** `host:port`, the path of a socket, or the embedded database with its directory. */
  readonly address: string;
  /** To be taken out of texts that others wrote. */
  readonly secrets: readonly string[];
}

/** The session is over: the server, the network or somebody ended it. */
export function lostError(error: unknown, session: SessionName): RowgateError {
  scrub(error, session.secrets);

  return new RowgateError("connection-lost", {
    message: `the connection to ${session.address} was lost: ${textOf(error)}`,
    hint: "Run the same command again; what was committed is recorded and is not run twice.",
    cause: error,
  });
}

/** The code of an error of Node or of the server; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The message of an error, or its code when it has no message; never undefined. */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);

  return text === "" ? codeOf(error) : text;
}

/** Takes the secrets out of an error in place: loggers print its properties, and those of causes. */
export function scrub(error: unknown, secrets: readonly string[]): void {
  if (!(error instanceof Error)) {
    return;
  }

  for (const name of ["message", "stack", ...Object.keys(error)]) {
    const value: unknown = Reflect.get(error, name);

    if (typeof value === "string") {
      Reflect.set(error, name, redactSecrets(value, secrets));
    }
  }
}
