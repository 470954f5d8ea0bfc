/** What libpq's `sslmode` asks for, as settings of Node's TLS. */
import type { ConnectionOptions } from "node:tls";
import { RowgateError } from "../../domain/errors.ts";
import { isLocal } from "../local-host.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Parameters } from "./url.ts";

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

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
  readonly passphrase: string | undefined;
  /** The name that the certificate must have, where `host` is only its address. */
  readonly serverName: string | undefined;
}

const NO_FILES: TlsFiles = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  passphrase: undefined,
  serverName: undefined,
};

/** False: no TLS. */
export type TlsOptions = false | ConnectionOptions;

/**
 * The mode and the texts of its files. Without a mode, remote hosts get `verify-full` and local
 * ones `disable`; a socket never has TLS. `require` with a root certificate means `verify-ca`, as in libpq.
 *
 * @throws RowgateError `usage-invalid` for an unknown mode, `file-unreadable` for a missing file.
 */
export function tlsSettings(given: Parameters, host: string, around: Surroundings): TlsSettings {
  const mode = modeOf(given.sslmode) ?? (isLocal(host) ? "disable" : "verify-full");
  const asked = host.startsWith("/") ? "disable" : mode;
  const home = `${around.home}/.postgresql`;
  const file = (path: string | undefined, standard: string): string | undefined =>
    path === undefined ? around.readFile(`${home}/${standard}`) : readNamed(path, around);

  if (asked === "disable") {
    return { sslMode: asked, tls: NO_FILES };
  }

  const system = given.sslrootcert === "system";
  const ca = system ? undefined : file(given.sslrootcert, "root.crt");
  const verifies = asked === "require" && ca !== undefined;

  return {
    sslMode: verifies ? "verify-ca" : asked,
    tls: {
      ca,
      cert: file(given.sslcert, "postgresql.crt"),
      key: file(given.sslkey, "postgresql.key"),
      passphrase: given.sslpassword,
      serverName: given.hostaddr === undefined ? undefined : given.host,
    },
  };
}

/** What to try, in order; the next one only when the server refuses the one before. Never empty. */
export function tlsAttempts({ sslMode, tls }: TlsSettings): readonly TlsOptions[] {
  if (sslMode === "disable") {
    return [false];
  }

  const encrypted = optionsOf(sslMode, tls);
  const fallback = sslMode === "prefer" ? [false as const] : [];

  return sslMode === "allow" ? [false, encrypted] : [encrypted, ...fallback];
}

function optionsOf(mode: SslMode, files: TlsFiles): ConnectionOptions {
  return {
    ca: files.ca,
    cert: files.cert,
    key: files.key,
    passphrase: files.passphrase,
    ...(files.serverName === undefined ? {} : { servername: files.serverName }),
    rejectUnauthorized: mode === "verify-ca" || mode === "verify-full",
    // Only verify-full compares the host's name with the certificate's.
    ...(mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
  };
}

function modeOf(text: string | undefined): SslMode | undefined {
  // The name that pg gives to what libpq calls require.
  if (text === undefined || text === "no-verify") {
    return text === undefined ? undefined : "require";
  }

  const mode = MODES.find((known) => known === text);

  if (mode === undefined) {
    throw new RowgateError("usage-invalid", {
      message: `sslmode ${text} is unknown`,
      hint: `Use one of ${MODES.join(", ")}.`,
    });
  }

  return mode;
}

function readNamed(path: string, around: Surroundings): string {
  const text = around.readFile(path);

  if (text === undefined) {
    throw new RowgateError("file-unreadable", {
      message: `the certificate file ${path} does not exist`,
      hint: "Correct sslrootcert, sslcert or sslkey.",
    });
  }

  return text;
}
