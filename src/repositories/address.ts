/** Addresses of repositories: only what cannot be taken for an option, a command or another protocol. */
import { RowgateError } from "../domain/errors.ts";

export type Scheme = "https" | "http" | "ssh" | "file" | "svn" | "svn+ssh";

export interface Address {
  readonly scheme: Scheme;
  /** As it was given, without a slash at its end; free of secrets. */
  readonly url: string;
  /** With its port, as in the URL; empty for `file`. */
  readonly host: string;
  /** Undefined when the URL names none. */
  readonly username: string | undefined;
}

/** `[user@]host:path`, as ssh's own programs write it. */
const SSH_SHORT = /^(?:([a-z0-9_][\w.-]*)@)?([a-z0-9][a-z0-9.-]*):(?![/-]{2})(?!-)[^\s:]+$/i;

/** The authority of a URL and what follows it; `URL` of Node accepts more and changes some of it. */
const URL_FORM =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:(?<user>[^@/?#:]*)@)?(?<host>[a-z0-9_][a-z0-9_.-]*(?::\d+)?|\[[0-9a-f:.]+\](?::\d+)?)?(?<path>\/.*)?$/i;

/** @throws RowgateError `config-invalid`. */
export function parseGitAddress(url: string): Address {
  const short = SSH_SHORT.exec(url);

  if (short !== null && !url.includes("://")) {
    return { scheme: "ssh", url, host: short[2] ?? "", username: short[1] };
  }

  const address = parseUrl(url, ["https", "http", "ssh", "file"]);
  if (address.scheme === "http" && !isLoopback(address)) {
    throw invalid(
      `${address.url} is not encrypted, so that anybody on the way could change what is deployed`,
      "Use the repository's https URL.",
    );
  }
  if (address.scheme !== "file" && address.url.split("/").length < 4) {
    throw notRepository(url, address.scheme);
  }

  return address;
}

/** @throws RowgateError `config-invalid`. */
export function parseSvnAddress(url: string): Address {
  return parseUrl(url, ["https", "http", "svn", "svn+ssh", "file"]);
}

/** What is sent to it stays on this machine. */
export function isLoopback({ host }: Address): boolean {
  const name = host.replace(/:\d+$/, "");

  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function parseUrl(url: string, schemes: readonly Scheme[]): Address {
  refusePassword(url);
  const { scheme, user, host = "", path = "" } = URL_FORM.exec(url)?.groups ?? {};
  const known = schemes.find((each) => each === scheme?.toLowerCase());

  if (known === undefined) {
    throw invalid(
      `${printable(url)} is not a URL of ${schemes.join(", ")}`,
      `Write it as ${schemes[0]}://host/path.`,
    );
  }
  if (!isWhole({ url, host, path, scheme: known, user })) {
    throw notRepository(url, known);
  }

  return { scheme: known, url: url.replace(/(?<=[^/])\/+$/, ""), host, username: decode(user) };
}

/** Everybody who lists processes or reads a log would see it. */
function refusePassword(url: string): void {
  if (/:[^/@]*@/.test(url.replace(/^[^/]*:\/+/, ""))) {
    throw invalid(
      "the URL of a repository holds a password",
      "Take it out of the URL, and name a passwordFile or passwordEnv under credentials.",
    );
  }
}

interface UrlParts {
  readonly url: string;
  readonly scheme: Scheme;
  readonly host: string;
  readonly path: string;
  readonly user: string | undefined;
}

function isWhole({ url, scheme, host, path, user }: UrlParts): boolean {
  const isLocal = scheme === "file";

  return (
    isPrintable(url) &&
    !/[\s?#]/.test(url) &&
    (isLocal ? /^\/[^/]/.test(path) && (host === "" || host === "localhost") : host !== "") &&
    !(user ?? "").startsWith("-")
  );
}

function decode(user: string | undefined): string | undefined {
  try {
    return user === undefined || user === "" ? undefined : decodeURIComponent(user);
  } catch {
    return user;
  }
}

function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

/** What stands before an `@` may be a password in the wrong place. */
function printable(url: string): string {
  return JSON.stringify(url.replace(/^.*@/s, "…@").slice(0, 200)).slice(1, -1);
}

function notRepository(url: string, scheme: Scheme): RowgateError {
  return invalid(
    `${printable(url)} is not the URL of a repository`,
    `Write it as ${scheme}://${scheme === "file" ? "" : "host"}/path.`,
  );
}

function invalid(message: string, hint: string): RowgateError {
  return new RowgateError("config-invalid", { message, hint });
}
