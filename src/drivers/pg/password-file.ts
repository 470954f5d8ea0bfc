/** The password file, as libpq reads it. */
import type { Surroundings } from "../surroundings.ts";

interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first line that fits, from `passfile` or `~/.pgpass`; undefined when there is
 * none. A file that others may read is not used, as in libpq.
 */
export function findPassword(
  login: Login,
  passfile: string | undefined,
  around: Surroundings,
): string | undefined {
  const path = passfile ?? `${around.home}/.pgpass`;
  const text = ((around.modeOf(path) ?? 0) & 0o077) === 0 ? around.readFile(path) : undefined;
  const wanted = [
    login.host.startsWith("/") ? "localhost" : login.host,
    String(login.port),
    login.database,
    login.user,
  ];

  return text
    ?.split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map(fieldsOf)
    .find((fields) =>
      wanted.every((value, at) => fields[at] === "*" || unescape(fields[at]) === value),
    )
    ?.slice(4)
    .map(unescape)
    .at(0);
}

/** A `:` or `\` in a field is written with a `\` before it. */
function fieldsOf(line: string): readonly string[] {
  const fields =
    /^((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):(.*)$/.exec(line);

  return fields?.slice(1) ?? [];
}

function unescape(field: string | undefined): string | undefined {
  return field?.replace(/\\(.)/g, "$1");
}
