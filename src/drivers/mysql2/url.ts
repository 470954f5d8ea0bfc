/** Database URLs of MySQL and MariaDB. No message repeats a URL: it may hold a password. */
import { RowgateError } from "../../domain/errors.ts";

/** Connection parameters by the names of the clients' options; values are never empty. */
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>;

export type ParameterName = (typeof PARAMETERS)[number];

const PARAMETERS = [
  "host",
  "port",
  "user",
  "password",
  "database",
  "socket",
  "connect-timeout",
  "ssl-mode",
  "ssl-ca",
  "ssl-cert",
  "ssl-key",
] as const;

/** Accepted because other clients' URLs have them; they change nothing here. */
const IGNORED: ReadonlySet<string> = new Set([
  "charset",
  "collation",
  "connection-limit",
  "encoding",
  "multistatements",
  "parsetime",
  "pool",
  "serverversion",
]);

const EXAMPLE = "Write it as mysql://user@host:3306/database.";
const ENCODE = "Percent-encode special characters in the password: @ is %40, / is %2F, ? is %3F.";

const URL_PARTS =
  /^(?:mysql|mariadb):\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?(?<rest>#.*)?$/is;

/**
 * The parameters of a `mysql://` or `mariadb://` URL; parts that are not there are absent.
 *
 * @throws RowgateError `usage-invalid` for another form of connection string, several hosts, an
 * unknown parameter, or a part that cannot be decoded.
 */
export function parseMysqlUrl(url: string): Parameters {
  const parts = URL_PARTS.exec(url)?.groups;

  if (parts === undefined) {
    throw invalid("the database URL does not begin with mysql:// or mariadb://", EXAMPLE);
  }
  if (parts["rest"] !== undefined || /[@/]/.test(parts["database"] ?? "")) {
    throw invalid("the database URL cannot be read", ENCODE);
  }

  return {
    ...authorityOf(parts["authority"] ?? ""),
    ...named("database", parts["database"]),
    ...Object.assign({}, ...(parts["query"] ?? "").split("&").filter(Boolean).map(parameterOf)),
  };
}

/** The parameter that a name means: `-` and `_` are one, and case does not count. */
export function parameterNamed(name: string): ParameterName | undefined {
  const canonical = canonicalName(name);

  return PARAMETERS.find((known) => known === canonical);
}

function canonicalName(name: string): string {
  const text = name.toLowerCase().replaceAll("_", "-");

  return text === "sslmode" ? "ssl-mode" : text;
}

function authorityOf(authority: string): Parameters {
  // The last one, as browsers do: a password with a bare @ is common.
  const split = authority.lastIndexOf("@");
  const [user, ...password] = split < 0 ? [] : authority.slice(0, split).split(":");
  const hosts = authority.slice(split + 1);

  if (hosts.includes(",")) {
    throw invalid(
      "the database URL names several hosts",
      "Name one host; list several databases as targets in rowgate.yaml.",
    );
  }

  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hosts) ?? [];

  if (host === undefined) {
    throw invalid("the port in the database URL is not a number", ENCODE);
  }

  return {
    ...named("user", user),
    ...named("password", password.join(":")),
    ...named("host", host.replace(/^\[(.*)\]$/, "$1")),
    ...named("port", port),
  };
}

function parameterOf(text: string): Parameters {
  const split = text.indexOf("=");
  const name = decode(split < 0 ? text : text.slice(0, split));
  const value = split < 0 ? "" : text.slice(split + 1);
  const parameter = parameterNamed(name);

  if (parameter !== undefined) {
    return named(parameter, value);
  }
  if (/^(?:use)?ssl$/i.test(name) && /^(?:true|1)$/i.test(value)) {
    return { "ssl-mode": "VERIFY_IDENTITY" };
  }
  if (!IGNORED.has(canonicalName(name))) {
    throw invalid(
      `the database URL has an unknown parameter: ${name}`,
      "Take it out of the URL that Rowgate gets.",
    );
  }

  return {};
}

function named(name: ParameterName, value: string | undefined): Parameters {
  return value === undefined || value === "" ? {} : { [name]: decode(value) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new RowgateError("usage-invalid", {
      message: "the database URL has a % that begins no escape",
      hint: "Write a % as %25.",
      // Node's message does not repeat the text.
      cause: error,
    });
  }
}

function invalid(message: string, hint: string): RowgateError {
  return new RowgateError("usage-invalid", { message, hint });
}
