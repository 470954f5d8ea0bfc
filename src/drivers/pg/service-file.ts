/** Connection service files, as libpq reads them. */
import { RowgateError } from "../../domain/errors.ts";
import { isParameter, type Parameters } from "./url.ts";
import type { Surroundings } from "../surroundings.ts";

/**
 * The parameters of a service: from PGSERVICEFILE or `~/.pg_service.conf`, else from
 * `pg_service.conf` in PGSYSCONFDIR.
 *
 * @throws RowgateError `config-missing` when no file has the service, `config-invalid` for a line
 * that is no parameter.
 */
export function findService(name: string, around: Surroundings): Parameters {
  const own = around.env["PGSERVICEFILE"] ?? `${around.home}/.pg_service.conf`;
  const shared = `${around.env["PGSYSCONFDIR"] ?? "/etc/postgresql-common"}/pg_service.conf`;

  for (const path of [own, shared]) {
    const service = parseService(around.readFile(path) ?? "", name, path);

    if (service !== undefined) {
      return service;
    }
  }

  throw new RowgateError("config-missing", {
    message: `the connection service ${name} is in neither ${own} nor ${shared}`,
    hint: `Add a section [${name}] to the file, or name the file in PGSERVICEFILE.`,
  });
}

function parseService(text: string, name: string, path: string): Parameters | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const start = lines.indexOf(`[${name}]`);

  if (start < 0) {
    return undefined;
  }

  const end = lines.findIndex((line, at) => at > start && line.startsWith("["));
  const entries = lines
    .map((line, at) => ({ line, number: at + 1 }))
    .slice(start + 1, end < 0 ? undefined : end)
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, number }) => parameterOf(line, { path, number }));

  return Object.fromEntries(entries);
}

function parameterOf(
  line: string,
  { path, number }: { readonly path: string; readonly number: number },
): readonly [string, string] {
  const split = line.indexOf("=");
  const name = line.slice(0, Math.max(split, 0)).trim();

  if (!isParameter(name) || name === "service") {
    throw new RowgateError("config-invalid", {
      message: `${path}:${number} is no connection parameter of libpq`,
      hint: "Write it as name=value.",
    });
  }

  return [name, line.slice(split + 1).trim()];
}
