/** What MySQL's `ssl-mode` asks for, as settings of mysql2. */
import type { SslOptions } from "mysql2";
import { RowgateError } from "../../domain/errors.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Parameters } from "./url.ts";

const MODES = ["DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"] as const;

export type SslMode = (typeof MODES)[number];

export interface TlsSettings {
  readonly sslMode: SslMode;
  readonly tls: TlsFiles;
}

/** Texts of the files, not their names. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** False: no TLS. */
export type TlsOptions = false | SslOptions;

/**
 * The mode and the texts of its files. Without a mode, remote hosts get `VERIFY_IDENTITY` and local
 * ones `DISABLED`; a socket never has TLS. A remote host that is only to be preferred is required:
 * whoever stands in between could say that it has none.
 *
 * @throws RowgateError `usage-invalid` for an unknown mode, `file-unreadable` for a missing file.
 */
export function tlsSettings(
  given: Parameters,
  place: { readonly local: boolean; readonly socket: boolean },
  around: Surroundings,
): TlsSettings {
  const mode = modeOf(given["ssl-mode"]) ?? (place.local ? "DISABLED" : "VERIFY_IDENTITY");
  const remote = mode === "PREFERRED" && !place.local ? "REQUIRED" : mode;
  const sslMode = place.socket ? "DISABLED" : remote;
  const file = (name: "ssl-ca" | "ssl-cert" | "ssl-key"): string | undefined =>
    sslMode === "DISABLED" ? undefined : readNamed(given[name], name, around);

  return { sslMode, tls: { ca: file("ssl-ca"), cert: file("ssl-cert"), key: file("ssl-key") } };
}

/** What to try, in order; the next one only when the server has no TLS. Never empty. */
export function tlsAttempts({ sslMode, tls }: TlsSettings): readonly TlsOptions[] {
  if (sslMode === "DISABLED") {
    return [false];
  }

  return [optionsOf(sslMode, tls), ...(sslMode === "PREFERRED" ? [false as const] : [])];
}

/** Whether the server had to prove who it is before it hears a password. */
export function isVerified({ sslMode }: TlsSettings): boolean {
  return sslMode === "VERIFY_CA" || sslMode === "VERIFY_IDENTITY";
}

function optionsOf(sslMode: SslMode, { ca, cert, key }: TlsFiles): SslOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: sslMode === "VERIFY_CA" || sslMode === "VERIFY_IDENTITY",
    verifyIdentity: sslMode === "VERIFY_IDENTITY",
  };
}

function modeOf(text: string | undefined): SslMode | undefined {
  if (text === undefined) {
    return undefined;
  }

  const wanted = text.toUpperCase().replaceAll("-", "_");
  const mode = MODES.find((known) => known === wanted);

  if (mode === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `ssl-mode ${text} is unknown`,
      hint: `Use one of ${MODES.join(", ")}.`,
    });
  }

  return mode;
}

function readNamed(
  path: string | undefined,
  name: string,
  around: Surroundings,
): string | undefined {
  if (path === undefined) {
    return undefined;
  }

  const text = around.readFile(path);

  if (text === undefined) {
    throw new RowgateError("file-unreadable", {
      message: `the certificate file ${path} does not exist`,
      hint: `Correct ${name}.`,
    });
  }

  return text;
}
