/** The steps that commands share: settings, source and targets. */
import { stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { isScript, type ScriptBundle } from "../../bundler/read-script.ts";
import type { Config } from "../../config/config.ts";
import { parseDatabaseUrl, secretsOf } from "../../config/connection-url.ts";
import { findRelease } from "../../config/find-release.ts";
import { loadConfig } from "../../config/load-config.ts";
import { resolveSettings, type Settings } from "../../config/resolve-settings.ts";
import { resolveTargets } from "../../config/resolve-targets.ts";
import { readUrlFile } from "../../config/url-file.ts";
import type { Bundle, DialectName } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import { type LayoutName, LAYOUTS } from "../../domain/layout.ts";
import type { Note } from "../../domain/source.ts";
import type { Target } from "../../domain/target.ts";
import { findTag, findWorkTree } from "../../repositories/work-tree.ts";
import { openSource } from "../../rowgate.ts";
import { jsonNote } from "../json.ts";
import type { Output } from "../output.ts";
import type { CommandContext } from "../command-context.ts";

/** Where the source is when nothing names it. */
export const DEFAULT_SOURCE = "sql";

export interface Prepared {
  readonly config: Config | undefined;
  readonly settings: Settings;
}

/** A source that was opened. */
export interface OpenedSource {
  /** As it was named. */
  readonly path: string;
  readonly bundle: Bundle;
  /** What a script says of itself; undefined for a tree. */
  readonly about: ScriptBundle["about"] | undefined;
  readonly notes: Notes;
}

export interface SourceFields {
  readonly source: string;
  /** Absent for a script. */
  readonly layout?: LayoutName | undefined;
  readonly release: string;
  readonly checksum: string;
  readonly notes: readonly object[];
}

/** What was noticed in a source; each note is told to the user once. */
export interface Notes {
  readonly told: readonly Note[];
  readonly tell: (note: Note) => void;
}

/** The settings of rowgate.yaml and the environment, and what the command line says instead. */
export async function prepare({ io, output, options }: CommandContext): Promise<Prepared> {
  const { env, directory } = io;
  const urls = [options.url, options.on, env["ROWGATE_URL"], env["DATABASE_URL"]];
  output.hide([
    ...urls.flatMap((url) => secretsOf(url ?? "")),
    env["PGPASSWORD"] ?? "",
    env["MYSQL_PWD"] ?? "",
  ]);

  const config = await loadConfig({ path: options.config, directory, env });
  const settings = resolveSettings({ ...options, variables: options.var }, env, config);
  return { config, settings };
}

/**
 * The bundle of the source that was named or, with nothing named, of `sql/`; undefined when there
 * is neither.
 */
export async function findSource(
  context: CommandContext,
  prepared: Prepared,
): Promise<OpenedSource | undefined> {
  const { settings } = prepared;
  const named = context.source ?? settings.source;
  refuseUrl(named);
  const path = resolve(context.io.directory, named ?? DEFAULT_SOURCE);
  const kind = await kindOf(path);
  if (named === undefined && kind !== "directory") {
    return undefined;
  }

  const shown = relative(context.io.directory, path) || ".";
  context.output.setSourceRoot(kind === "directory" ? path : dirname(path));
  const bundle = await openSource(shown, {
    dialect:
      context.options.dialect ??
      dialectOfServer(context) ??
      (await dialectOfTargets(context, prepared)),
    release: settings.release ?? (await findReleaseOf(path, kind, context.io.directory)),
    variables: settings.variables,
    layout: settings.layout,
    placeholders: settings.placeholders,
    syntaxCheck: context.options.syntaxCheck,
  });

  tellLayout(bundle, shown, context.output);
  const notes = createNotes(context.output);
  return { path: shown, bundle, about: aboutOf(bundle), notes };
}

/** What was recognised, or forced; Rowgate's own layouts are no surprise. */
function tellLayout({ layout }: Bundle, path: string, output: Output): void {
  if (layout !== undefined && layout !== "rowgate" && layout !== "main") {
    output.progress(`${path} is laid out for ${LAYOUTS[layout]} (layout: ${layout})`);
  }
}

/** A database where the source should be. It may hold a password, so that it is not repeated. */
function refuseUrl(source = ""): void {
  const scheme = /^(?:[a-z][a-z0-9+.-]+(?=:\/\/)|pglite(?=:))/i.exec(source)?.[0];

  if (scheme !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: `the source is a ${scheme}: URL, not a directory or a script`,
      hint: "Give the database with --url URL, and name the source before it.",
    });
  }
}

/**
 * The version of a package.json around the source, else the tag of its commit; undefined without
 * either, and for a script, which says itself what its release is.
 */
async function findReleaseOf(
  source: string,
  kind: "directory" | "file" | undefined,
  directory: string,
): Promise<string | undefined> {
  if (kind === undefined || (kind === "file" && (await isScript(source)))) {
    return undefined;
  }

  const workTree = findWorkTree(source);
  const version = await findRelease({ source, workTree, directory });
  return version ?? (workTree === undefined ? undefined : findTag(workTree));
}

/**
 * As `findSource`, for a command that needs one.
 *
 * @throws RowgateError `source-missing`, when there is none.
 */
export async function requireSource(
  context: CommandContext,
  prepared: Prepared,
): Promise<OpenedSource> {
  const source = await findSource(context, prepared);
  if (source === undefined) {
    throw new RowgateError("source-missing", {
      message: "no source is named, and there is no directory sql/",
      hint: "Name a directory of SQL files or a script, or set source in rowgate.yaml.",
    });
  }
  return source;
}

/** The family of the server of a proof; undefined for none. */
function dialectOfServer({ io, options }: CommandContext): DialectName | undefined {
  return options.on === undefined ? undefined : parseDatabaseUrl(options.on, io.directory).dialect;
}

/** The family that all targets are of; undefined where that cannot be told, which `findTargets` explains. */
async function dialectOfTargets(
  { io, options }: CommandContext,
  { config }: Prepared,
): Promise<DialectName | undefined> {
  try {
    const { targets } = await resolveTargets(
      { url: options.url, names: options.target, versionsTable: options.versionsTable },
      { env: io.env, config, directory: io.directory, readFile: readUrlFile },
    );
    const [dialect, ...others] = new Set(targets.map((target) => target.dialect));

    return others.length === 0 ? dialect : undefined;
  } catch (error) {
    if (error instanceof RowgateError) {
      return undefined;
    }
    throw error;
  }
}

/** The databases of this run. Says so when none is configured, and tells the notes of the source. */
export async function findTargets(
  { io, output, options }: CommandContext,
  { config }: Prepared,
  source: OpenedSource | undefined,
): Promise<readonly Target[]> {
  const { targets, embedded } = await resolveTargets(
    {
      url: options.url,
      names: options.target,
      versionsTable: options.versionsTable,
      fallbackVersions: source?.about?.versions,
    },
    { env: io.env, config, directory: io.directory, readFile: readUrlFile },
  );

  for (const { connection } of targets) {
    output.hide("url" in connection ? secretsOf(connection.url.reveal()) : []);
    if (embedded && connection.driver === "pglite") {
      const place = relative(io.directory, connection.directory);
      output.progress(`no database configured: using the embedded PostgreSQL in ${place}`);
    }
  }
  source?.bundle.notes.forEach(source.notes.tell);
  return targets;
}

/** A source as JSON shows it. */
export function describeSource({ path, bundle, notes }: OpenedSource): SourceFields {
  const { layout, release, checksum } = bundle;
  return { source: path, layout, release, checksum, notes: notes.told.map(jsonNote) };
}

async function kindOf(path: string): Promise<"directory" | "file" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch {
    return undefined;
  }
}

function aboutOf(bundle: Bundle | ScriptBundle): ScriptBundle["about"] | undefined {
  return "about" in bundle ? bundle.about : undefined;
}

/** None is told yet. */
export function createNotes(output: Output): Notes {
  const told: Note[] = [];
  const known = new Set<string>();

  return {
    told,
    tell: (note) => {
      const key = JSON.stringify(note);
      if (!known.has(key)) {
        known.add(key);
        told.push(note);
        output.note(note);
      }
    },
  };
}
