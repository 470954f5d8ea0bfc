/** Which databases a run is about: flag > ROWGATE_* > rowgate.yaml > DATABASE_URL > embedded. */
import { join, resolve } from "node:path";
import { RowgateError } from "../domain/errors.ts";
import type { Target, VersionsTable } from "../domain/target.ts";
import type { Config, TargetConfig } from "./config.ts";
import { parseDatabaseUrl } from "./connection-url.ts";
import { type Environment, expandVariables } from "./expand.ts";
import { nearestName } from "../domain/nearest.ts";
import { DEFAULT_VERSIONS_TABLE, parseVersionsTable } from "./versions-table.ts";

/** Where the embedded PostgreSQL keeps its files, when no database is configured. */
const EMBEDDED_DIRECTORY = ".rowgate/pglite";

/** What the command line says about targets. */
export interface TargetRequest {
  readonly url?: string | undefined;
  /** Names from rowgate.yaml; `all` means every one. Often empty. */
  readonly names?: readonly string[] | undefined;
  readonly versionsTable?: string | undefined;
  /** The table where nothing names one: that of a script; `versions` unless given. */
  readonly fallbackVersions?: VersionsTable | undefined;
}

/** What a request is resolved against. */
export interface Surroundings {
  readonly env: Environment;
  readonly config: Config | undefined;
  /** The working directory, absolute. */
  readonly directory: string;
  /** Reads the file of a `urlFile` key. */
  readonly readFile: (path: string) => Promise<string>;
}

export interface ResolvedTargets {
  /** In the order in which they were named; never empty. */
  readonly targets: readonly Target[];
  /** No database was configured anywhere, so that the one target is the embedded PostgreSQL. */
  readonly embedded: boolean;
}

/**
 * The targets of a run. A URL makes a target named `default`.
 *
 * @throws RowgateError `usage-invalid`, `config-missing` or `config-invalid`, when no target or more
 * than one follows, a name is unknown, or a URL cannot be used.
 */
export async function resolveTargets(
  request: TargetRequest,
  around: Surroundings,
): Promise<ResolvedTargets> {
  const names = request.names ?? [];
  if (request.url !== undefined && names.length > 0) {
    throw new RowgateError("usage-invalid", {
      message: "--url and --target cannot be given together",
      hint: "Leave one of them out.",
    });
  }

  const url = request.url ?? (names.length > 0 ? undefined : nonEmpty(around.env["ROWGATE_URL"]));
  if (url !== undefined) {
    return { targets: [urlTarget(url, request, around)], embedded: false };
  }

  const chosen = chooseTargets(names, around);
  if (chosen.length > 0) {
    const targets = await Promise.all(
      chosen.map(async (name) => configTarget(name, request, around)),
    );
    return { targets, embedded: false };
  }

  const fallback = nonEmpty(around.env["DATABASE_URL"]);
  return fallback === undefined
    ? { targets: [embeddedTarget(request, around)], embedded: true }
    : { targets: [urlTarget(fallback, request, around)], embedded: false };
}

/** The names of the wanted targets; empty when rowgate.yaml has none and none was asked for. */
function chooseTargets(names: readonly string[], around: Surroundings): readonly string[] {
  const known = [...(around.config?.targets.keys() ?? [])];
  const asked = names.length > 0 ? names : listed(around.env["ROWGATE_TARGET"]);
  if (asked.length === 0) {
    return onlyTarget(known);
  }
  if (known.length === 0) {
    throw new RowgateError("config-missing", {
      message: `there is no target "${asked[0]}", because no rowgate.yaml names any`,
      hint: "Add it under targets in rowgate.yaml, or give the database with --url.",
    });
  }

  const unknown = asked.find((name) => name !== "all" && !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    throw new RowgateError("usage-invalid", {
      message: `there is no target "${unknown}" in rowgate.yaml`,
      hint: nearest === undefined ? `Choose from ${known.join(", ")}.` : `Write it as ${nearest}.`,
    });
  }
  return asked.includes("all") ? known : [...new Set(asked)];
}

/** Without a choice there must be nothing to choose. */
function onlyTarget(known: readonly string[]): readonly string[] {
  if (known.length < 2) {
    return known;
  }
  if (known.includes("default")) {
    return ["default"];
  }
  throw new RowgateError("usage-invalid", {
    message: `rowgate.yaml has ${known.length} targets and none is named`,
    hint: `Name one with --target, such as --target ${known[0]}, or all with --target all.`,
  });
}

async function configTarget(
  name: string,
  request: TargetRequest,
  around: Surroundings,
): Promise<Target> {
  const { config } = around;
  const target = config?.targets.get(name);
  if (config === undefined || target === undefined) {
    throw new RowgateError("usage-invalid", { message: `there is no target "${name}"` });
  }

  const key =
    target.url === undefined ? (target.urlEnv === undefined ? "urlFile" : "urlEnv") : "url";
  try {
    const url = (await urlOf(target, [name, key], around)).trim();
    const database = parseDatabaseUrl(url, config.directory);
    checkDialect(target, database.dialect);
    return { name, ...database, versions: versionsOf(request, around, target.versionsTable) };
  } catch (error) {
    throw located(error, { config, name, key });
  }
}

async function urlOf(
  target: TargetConfig,
  [name, key]: readonly [string, string],
  { env, config, directory, readFile }: Surroundings,
): Promise<string> {
  const at = config?.at(["targets", name, key]) ?? { path: "", line: 1, column: 1 };
  const expand = (text: string | undefined): string => expandVariables(text ?? "", env, at);

  if (target.url !== undefined) {
    return expand(target.url);
  }
  if (target.urlFile !== undefined) {
    return readFile(resolve(config?.directory ?? directory, expand(target.urlFile)));
  }

  const variable = expand(target.urlEnv);
  const value = nonEmpty(env[variable]);
  if (value === undefined) {
    throw new RowgateError("config-missing", {
      message: `the environment variable ${variable} is not set, which has the URL of target "${name}"`,
      hint: `Set ${variable}.`,
      at,
    });
  }
  return value;
}

function checkDialect(target: TargetConfig, dialect: string): void {
  if (target.dialect !== undefined && target.dialect !== dialect) {
    throw new RowgateError("config-invalid", {
      message: `the URL is one of ${dialect}, but the dialect is set to ${target.dialect}`,
      hint: "Leave the key dialect out, or give the right URL.",
    });
  }
}

/** The same failure with its place in rowgate.yaml, where it has none yet. */
function located(
  error: unknown,
  where: { readonly config: Config; readonly name: string; readonly key: string },
): unknown {
  if (!(error instanceof RowgateError) || error.at !== undefined) {
    return error;
  }
  return new RowgateError(error.code === "usage-invalid" ? "config-invalid" : error.code, {
    message: `target "${where.name}": ${error.message}`,
    hint: error.hint,
    at: where.config.at(["targets", where.name, where.key]),
    cause: error.cause ?? error,
  });
}

function urlTarget(url: string, request: TargetRequest, around: Surroundings): Target {
  return {
    name: "default",
    ...parseDatabaseUrl(url, around.directory),
    versions: versionsOf(request, around, undefined),
  };
}

function embeddedTarget(request: TargetRequest, around: Surroundings): Target {
  const base = around.config?.directory ?? around.directory;
  return {
    name: "embedded",
    dialect: "postgres",
    connection: { driver: "pglite", directory: join(base, EMBEDDED_DIRECTORY) },
    versions: versionsOf(request, around, undefined),
  };
}

function versionsOf(
  request: TargetRequest,
  { env, config }: Surroundings,
  own: VersionsTable | undefined,
): VersionsTable {
  const text = request.versionsTable ?? nonEmpty(env["ROWGATE_VERSIONS_TABLE"]);
  return text === undefined
    ? (own ?? config?.versionsTable ?? request.fallbackVersions ?? DEFAULT_VERSIONS_TABLE)
    : parseVersionsTable(text);
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

/** A variable that is set to nothing counts as not set. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
