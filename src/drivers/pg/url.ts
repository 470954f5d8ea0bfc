/** Database URLs as libpq reads them. No message repeats a URL: it may hold a password. */
import { RowgateError } from "../../domain/errors.ts";

/** The connection parameters that a URL names, by libpq's names; values are decoded, never empty. */
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>;

export type ParameterName = (typeof PARAMETERS)[number];

/** Those after `user` that change nothing here are accepted, because other clients' URLs have them. */
const PARAMETERS = [
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "passfile",
  "service",
  "application_name",
  "connect_timeout",
  "options",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "sslnegotiation",
  "channel_binding",
  "client_encoding",
  "fallback_application_name",
  "gssencmode",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "krbsrvname",
  "sslcompression",
  "sslsni",
  "target_session_attrs",
  "tcp_user_timeout",
] as const;

const EXAMPLE = "Write it as postgresql://user@host:5432/database.";
const ENCODE = "Percent-encode special characters in the password: @ is %40, / is %2F, ? is %3F.";

const URL_PARTS =
  /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?(?<rest>#.*)?$/is;

/**
 * The parameters of a `postgres://` or `postgresql://` URL; parts that are not there are absent.
 *
 * @throws RowgateError `usage-invalid` for another form of connection string, several hosts, an
 * unknown parameter, or a part that cannot be decoded.
 */
export function parsePgUrl(url: string): Parameters {
  const parts = URL_PARTS.exec(url)?.groups;

  if (parts === undefined) {
    throw wrongForm(url);
  }
  if (parts["rest"] !== undefined || parts["database"]?.includes("@") === true) {
    throw invalid("the database URL cannot be read", ENCODE);
  }

  return {
    ...authorityOf(parts["authority"] ?? ""),
    ...named("dbname", parts["database"]),
    ...Object.assign({}, ...(parts["query"] ?? "").split("&").filter(Boolean).map(parameterOf)),
  };
}

/** Whether libpq knows a connection parameter of this name. */
export function isParameter(name: string): name is ParameterName {
  return PARAMETERS.some((known) => known === name);
}

function authorityOf(authority: string): Parameters {
  // The last one, as browsers do: a password with a bare @ is common.
  const split = authority.lastIndexOf("@");
  const [user, ...password] = split < 0 ? [] : authority.slice(0, split).split(":");
  const hosts = authority.slice(split + 1);

  if (hosts.includes(",")) {
    throw severalHosts();
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

  // What JDBC, Heroku and pg write for it.
  if (name === "ssl" && /^(?:true|1)$/i.test(value)) {
    return { sslmode: "require" };
  }
  if (!isParameter(name)) {
    throw invalid(
      `the database URL has a parameter that libpq does not know: ${name}`,
      "Take it out of the URL that Rowgate gets.",
    );
  }
  if (/^(?:host|hostaddr|port)$/.test(name) && decode(value).includes(",")) {
    throw severalHosts();
  }

  return named(name, value);
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

function wrongForm(text: string): RowgateError {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(text)?.[0];

  if (scheme !== undefined) {
    return invalid(`the database URL has the scheme ${scheme}, which is not PostgreSQL's`, EXAMPLE);
  }

  return text.includes("=")
    ? invalid("a connection string of key=value pairs is not supported", EXAMPLE)
    : invalid("the database URL does not begin with postgresql://", EXAMPLE);
}

function severalHosts(): RowgateError {
  return invalid(
    "the database URL names several hosts",
    "Name one host; list several databases as targets in rowgate.yaml.",
  );
}

function invalid(message: string, hint: string): RowgateError {
  return new RowgateError("usage-invalid", { message, hint });
}
