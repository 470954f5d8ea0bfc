/**
 * The composition root: with `rowgate-access.ts` the only file that joins the parts. What only one
 * dialect or driver or the reading of trees needs is loaded when it is called for; all else at once,
 * because Node takes longer for many small files than for one.
 */
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Writable } from "node:stream";
import { extensionsOf } from "./bundler/blocks/extensions.ts";
import { readFileIfThere } from "./bundler/files/read-if-there.ts";
import { isScript, readScript, type ScriptBundle } from "./bundler/read-script.ts";
import { writeTextFile, writeTextTo } from "./bundler/script/write-file.ts";
import { findId } from "./bundler/tree/order.ts";
import { writeScript } from "./bundler/write-script.ts";
import { DEFAULTS } from "./config/config.ts";
import { parseDatabaseUrl } from "./config/connection-url.ts";
import { DEFAULT_VERSIONS_TABLE, parseVersionsTable } from "./config/versions-table.ts";
import type { AdoptAccess, AdoptRequest, AdoptResult } from "./deployer/adopt-target.ts";
import { deployFleet } from "./deployer/deploy-fleet.ts";
import { deployTarget } from "./deployer/deploy-target.ts";
import { markTarget, type MarkResult } from "./deployer/mark-target.ts";
import { historyOfTarget, logTarget, planTarget, type TargetPlan } from "./deployer/plan-target.ts";
import type { DeployOptions } from "./deployer/request.ts";
import { verifyTarget, type TargetVerification } from "./deployer/verify-target.ts";
import type { Block } from "./domain/block.ts";
import { NO_RELEASE, type Bundle, type DialectName } from "./domain/bundle.ts";
import { RowgateError } from "./domain/errors.ts";
import type { ComparisonOptions, LogRow } from "./domain/history.ts";
import type { LayoutName } from "./domain/layout.ts";
import type { MarkRequest } from "./domain/mark.ts";
import type { ScriptOptions } from "./domain/ports.ts";
import { redactSecrets } from "./domain/redact.ts";
import type { DeployEvent, TargetReport } from "./domain/report.ts";
import type { Note } from "./domain/source.ts";
import { type BlockStatus, blockStatuses } from "./domain/status.ts";
import type { Target } from "./domain/target.ts";
import { accessTo, checkDialect, connect, loadDialect, withServer } from "./rowgate-access.ts";

/** How a source is read. */
export interface BuildOptions {
  /** `postgres` unless given. */
  readonly dialect?: DialectName | undefined;
  /** How the files are laid out; found by what they are unless given. */
  readonly layout?: LayoutName | undefined;
  /** Put variables where `${name}` stands in files of Flyway, MyBatis and Liquibase; false unless given. */
  readonly placeholders?: boolean | undefined;
  /** The release's name; `none` unless given. */
  readonly release?: string | undefined;
  /** For templates and psql variables; none unless given. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Let PostgreSQL's parser check each statement; true unless given. */
  readonly syntaxCheck?: boolean | undefined;
}

/** How a script is written: form `do`, mode `release` and table `versions` unless given. */
export interface WriteOptions extends Partial<ScriptOptions> {
  /** Hears each note of the blocks. */
  readonly onNote?: ((note: Note) => void) | undefined;
}

/** What a deployment does beyond its defaults, which are those of `rowgate deploy`. */
export interface RunOptions extends Partial<DeployOptions> {
  /** How many targets are deployed to at the same time; 1 unless given. */
  readonly concurrency?: number | undefined;
  /** Begin no further target once one has failed; false unless given. */
  readonly failFast?: boolean | undefined;
  /** Aborting it cancels what runs on the servers and ends the deployment. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what goes on while it runs. */
  readonly onEvent?: ((event: DeployEvent) => void) | undefined;
  /** Hears each note of the blocks that are run, and again for each target. */
  readonly onNote?: ((note: Note) => void) | undefined;
  /** Hears of each target as soon as it is done with; not of those that were never begun. */
  readonly onReport?: ((report: TargetReport) => void) | undefined;
}

/** What is adopted, and what is asked before: by default what the one tool has applied whose table is there. */
export interface AdoptOptions extends Partial<AdoptRequest> {
  /** The directory of the source, to compare the checksums of tools that keep them. */
  readonly source?: string | undefined;
  /** Asked before anything is written, unless there is nothing to write; yes unless given. */
  readonly confirm?: AdoptAccess["confirm"] | undefined;
}

export interface TargetStatus {
  /** The server and the database, free of secrets. */
  readonly server: string;
  /** In the order of the bundle, and what only the history has last. */
  readonly blocks: readonly BlockStatus[];
}

export interface TargetLog {
  /** The server and the database, free of secrets. */
  readonly server: string;
  /** Newest first; empty for a database that was never deployed to. */
  readonly rows: readonly LogRow[];
}

/**
 * The bundle of a tree of SQL files, or of one file. Its blocks are found, ordered and hashed;
 * `compile` reads and checks them.
 *
 * @throws RowgateError for the first fault found in the tree.
 */
export async function buildBundle(source: string, options: BuildOptions = {}): Promise<Bundle> {
  const dialect = options.dialect ?? "postgres";
  const { readTree } = await import("./bundler/read-tree.ts");
  return readTree(source, {
    dialect,
    layout: options.layout,
    placeholders: options.placeholders,
    release: options.release ?? NO_RELEASE,
    variables: options.variables ?? {},
    syntaxCheck: options.syntaxCheck ?? true,
  });
}

/**
 * The bundle that a script holds.
 *
 * @throws RowgateError `script-altered`, when it is cut off or was edited; `file-unreadable`.
 */
export async function readBundle(file: string): Promise<ScriptBundle> {
  return readScript(file);
}

/**
 * The bundle of whatever stands at a path: `readBundle` for a script, `buildBundle` for all else.
 *
 * @throws RowgateError `source-missing`, when nothing is there; else as those two do.
 */
export async function openSource(
  path: string,
  options: BuildOptions = {},
): Promise<Bundle | ScriptBundle> {
  return (await isScriptFile(path)) ? readBundle(path) : buildBundle(path, options);
}

/**
 * Writes the script of a bundle to a file, or to a stream that stays open. A file is there whole or
 * not at all: what it held before stays until the script is complete.
 *
 * @throws RowgateError for the first fault found in the blocks; `script-form`, when they have no
 * place in such a script; `file-unreadable`, when the file cannot be written.
 */
export async function writeBundle(
  bundle: Bundle,
  output: string | Writable,
  options: WriteOptions = {},
): Promise<void> {
  const dialect = await loadDialect(bundle.dialect);
  const { onNote, ...given } = options;
  const chunks = writeScript(tellNotes(bundle, onNote), dialect, {
    versions: DEFAULT_VERSIONS_TABLE,
    form: "do",
    transaction: "release",
    outOfOrder: false,
    ...given,
  });

  await (typeof output === "string" ? writeTextFile(output, chunks) : writeTextTo(output, chunks));
}

/**
 * A target for a URL: `postgres://…`, `mysql://…`, `mariadb://…` or `pglite:DIRECTORY`. Its name is
 * `default` and its versions table `versions`, unless given.
 *
 * @throws RowgateError `usage-invalid`, when the URL cannot be used.
 */
export function createTarget(
  url: string,
  options: { readonly name?: string; readonly versionsTable?: string } = {},
): Target {
  const { name = "default", versionsTable } = options;
  return {
    name,
    ...parseDatabaseUrl(url, process.cwd()),
    versions:
      versionsTable === undefined ? DEFAULT_VERSIONS_TABLE : parseVersionsTable(versionsTable),
  };
}

/**
 * What a deployment of the bundle would do, without writing anything. Conflicts are part of the
 * answer, not errors.
 *
 * @throws RowgateError when the target cannot be reached or read; `block-unknown`, when the bundle
 * has no block `options.to`; leading zeros of a number do not count.
 */
export async function plan(
  bundle: Bundle,
  target: Target,
  options: Partial<ComparisonOptions> = {},
): Promise<TargetPlan> {
  const access = await accessTo(target, bundle);
  const to = idIn(bundle, options.to);
  return planTarget({ ...access, bundle }, { outOfOrder: false, ...options, to });
}

/**
 * Deploys the bundle to each target, and returns one report for each, in their order. What fails on
 * a target is in its report, not thrown.
 *
 * @throws RowgateError `usage-invalid`, before anything is done, when the bundle is for databases of
 * another kind than one of the targets, or goes back.
 */
export async function deploy(
  bundle: Bundle,
  targets: readonly Target[],
  options: RunOptions = {},
): Promise<readonly TargetReport[]> {
  checkForward(bundle);
  return run(bundle, targets, options);
}

/**
 * The bundle that goes back, from the bundle of a tree: to the block `to`, which stays, or behind all
 * of them when it is undefined. Its blocks are the undo texts, the newest first.
 *
 * @throws RowgateError `block-unknown`, when there is no such block; `usage-invalid` for the bundle of
 * a script, and for a block that runs again and again; for faults in the undo texts.
 */
export async function undoBundle(bundle: Bundle, to?: string): Promise<Bundle> {
  if (bundle.undoTo === undefined) {
    throw new RowgateError("usage-invalid", {
      message: "a script has nothing that takes its blocks back",
      hint: "Take the bundle of its source.",
    });
  }
  return bundle.undoTo(idIn(bundle, to));
}

/**
 * Takes back what the targets have of the blocks, by a bundle that goes back: one of `undoTo`, or a
 * script that was written from such a one. Reports and errors are those of `deploy`; `applied` are the
 * blocks that were taken back.
 *
 * @throws RowgateError `usage-invalid`, before anything is done, as `deploy` does, or when the bundle
 * does not go back.
 */
export async function undo(
  bundle: Bundle,
  targets: readonly Target[],
  options: Omit<RunOptions, "to" | "outOfOrder"> = {},
): Promise<readonly TargetReport[]> {
  if (bundle.undo === undefined) {
    throw new RowgateError("usage-invalid", {
      message: "the bundle does not go back",
      hint: "Write the script that does with `rowgate bundle --undo`.",
    });
  }
  return run(bundle, targets, options);
}

async function run(
  bundle: Bundle,
  targets: readonly Target[],
  options: RunOptions,
): Promise<readonly TargetReport[]> {
  const { concurrency = DEFAULTS.concurrency, failFast = false, ...given } = options;
  const signal = given.signal ?? new AbortController().signal;

  for (const target of targets) {
    checkDialect(target, bundle);
  }

  const compiled = rememberBlocks(bundle);
  const to = idIn(bundle, given.to);
  const deployOne = async (target: Target): Promise<TargetReport> => {
    const access = await accessTo(target, bundle);
    const report = await deployTarget({
      ...access,
      connect: async (settings) =>
        connect(settings, { key: bundle.checksum, find: async () => extensionsIn(compiled) }),
      bundle: tellNotes(compiled, given.onNote),
      options: deployOptions({ ...given, to }),
      signal,
      onEvent: given.onEvent ?? ((): void => undefined),
    });
    given.onReport?.(report);
    return report;
  };

  return deployFleet(targets, deployOne, { concurrency, failFast, signal });
}

/**
 * How the blocks of a bundle and the rows of a target's history stand to each other. Without a
 * bundle, the history alone.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function status(target: Target, bundle?: Bundle): Promise<TargetStatus> {
  checkForward(bundle);
  const { access, server } = withServer(await accessTo(target, bundle));
  const history = await historyOfTarget(access);
  return {
    server: server(),
    blocks: blockStatuses(bundle?.blocks, history),
  };
}

/**
 * The newest `limit` events of a target's log.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function readLog(target: Target, limit = 50): Promise<TargetLog> {
  const { access, server } = withServer(await accessTo(target, undefined));
  const rows = await logTarget(access, limit);
  return { server: server(), rows };
}

/**
 * Whether the assertions hold for the blocks that the target has, without writing anything. Those
 * that fail are part of the answer, not errors.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function verify(bundle: Bundle, target: Target): Promise<TargetVerification> {
  checkForward(bundle);
  return verifyTarget({ ...(await accessTo(target, bundle)), bundle });
}

/**
 * Writes into the history of a target what a person knows better than the database: that a block, or
 * the statement at which it was broken off, is applied or pending.
 *
 * @throws RowgateError when the target cannot be reached or written, when a live session runs the
 * block, or when there is no such block or statement.
 */
export async function mark(
  target: Target,
  request: MarkRequest,
  bundle?: Bundle,
): Promise<MarkResult> {
  checkForward(bundle);
  const access = await accessTo(target, bundle);
  const id = (bundle === undefined ? undefined : idIn(bundle, request.id)) ?? request.id;

  return markTarget({ ...access, bundle }, { ...request, id });
}

/**
 * Finds out which blocks were applied to a database before Rowgate came, from the table of another
 * tool or with `to` from what a person knows, and writes a row in state `adopted` for each. Nothing
 * else is changed. What does not fit is part of the answer.
 *
 * @throws RowgateError when the target cannot be reached, read or written; `tool-missing`,
 * `tool-unclear`, `tool-foreign`; `block-unknown` for `to`; `block-missing`, when no row fits.
 */
export async function adopt(
  bundle: Bundle,
  target: Target,
  options: AdoptOptions = {},
): Promise<AdoptResult> {
  checkForward(bundle);
  const { source, confirm = async () => true, ...request } = options;
  const access = await accessTo(target, bundle);
  const { adoptTarget } = await import("./deployer/adopt-target.ts");

  return adoptTarget(
    {
      ...access,
      bundle,
      confirm,
      readFile: async ({ name }) =>
        source === undefined ? undefined : readFileIfThere(join(source, name)),
    },
    { dryRun: false, ...request, to: idIn(bundle, request.to) },
  );
}

function deployOptions(given: Partial<DeployOptions>): DeployOptions {
  return {
    lockWaitMs: given.lockWaitMs ?? DEFAULTS.lockWait,
    lockTimeoutMs: given.lockTimeoutMs ?? DEFAULTS.lockTimeout,
    statementTimeoutMs: given.statementTimeoutMs,
    transaction: given.transaction ?? "release",
    to: given.to,
    outOfOrder: given.outOfOrder ?? false,
    dryRun: given.dryRun ?? false,
  };
}

/** The id of the block that a person means: `0007` is block 7. An unknown one stays as it is. */
function idIn(bundle: Bundle, wanted: string | undefined): string | undefined {
  if (wanted === undefined) {
    return undefined;
  }
  return findId(new Set(bundle.blocks.map(({ id }) => id)), wanted) ?? wanted;
}

async function isScriptFile(path: string): Promise<boolean> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new RowgateError("source-missing", {
      message: `there is no source ${redactSecrets(path, [])}`,
      hint: `Name a directory of SQL files, or a script such as ${basename(path)}.sql.`,
      cause: error,
    });
  });
  if (entry.isDirectory()) {
    return false;
  }
  return isScript(path);
}

/** What a bundle that goes back knows of blocks is how to take them away, not what they are. */
function checkForward(bundle: Bundle | undefined): void {
  if (bundle?.undo !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: "the bundle goes back: it takes blocks back, and can do nothing else",
      hint: "Run it with `rowgate undo`, or name the source.",
    });
  }
}

async function extensionsIn(bundle: Bundle): Promise<readonly string[]> {
  return extensionsOf(await bundle.compile(bundle.blocks));
}

/** The same bundle, which tells the notes of each block that is compiled. */
function tellNotes(bundle: Bundle, onNote: (note: Note) => void = () => undefined): Bundle {
  return {
    ...bundle,
    compile: async (headers) => {
      const compiled = await bundle.compile(headers);
      compiled.flatMap((block) => block.notes).forEach(onNote);
      return compiled;
    },
  };
}

/** The same bundle, which compiles each block only once, however many targets want it. */
function rememberBlocks(bundle: Bundle): Bundle {
  const known = new Map<string, Block>();

  return {
    ...bundle,
    compile: async (headers) => {
      const unknown = headers.filter((header) => !known.has(header.id));
      for (const block of await bundle.compile(unknown)) {
        known.set(block.id, block);
      }
      return headers.flatMap((header) => known.get(header.id) ?? []);
    },
  };
}
