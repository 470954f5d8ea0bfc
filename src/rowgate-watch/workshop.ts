/** Joins repositories, the bundler and the deployer into what a watcher needs of one source. */
import { createHash } from "node:crypto";
import { posix, resolve } from "node:path";
import type { ScriptBundle } from "../bundler/read-script.ts";
import type { Config } from "../config/config.ts";
import { secretsOf } from "../config/connection-url.ts";
import { resolveTargets } from "../config/resolve-targets.ts";
import { readUrlFile } from "../config/url-file.ts";
import { DEFAULT_VERSIONS_TABLE, formatVersionsTable } from "../config/versions-table.ts";
import type { WatchSourceConfig } from "../config/watch-config.ts";
import { conflictError, holderOf } from "../domain/conflict-error.ts";
import type { DialectName } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Conflict } from "../domain/history.ts";
import type { Repository } from "../domain/repository.ts";
import type { TargetReport } from "../domain/report.ts";
import type { Target } from "../domain/target.ts";
import type { Environment } from "../domain/watch.ts";
import { deploy, plan, readBundle } from "../rowgate.ts";
import { openRepository } from "../repositories/open-repository.ts";
import { buildScript, type ScriptRequest } from "../watcher/build-script.ts";
import type { Outlook } from "../watcher/plan.ts";
import type { BuildRequest, Workshop } from "../watcher/ports.ts";

/** What a workshop is made in. */
export interface WorkshopOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  /** Where the repository keeps its cache. */
  readonly cache: string;
  /** Node, its arguments, and the file of Rowgate's command line. */
  readonly program: readonly [command: string, ...args: readonly string[]];
  /** Told of each secret before it is used. */
  readonly hide: (secrets: readonly string[]) => void;
  /** The text without the secrets that were told. */
  readonly redact: (text: string) => string;
  readonly onCacheRebuilt: (reason: string) => void;
}

/**
 * @throws RowgateError `config-invalid` for settings that lead nowhere, or targets of two kinds;
 * `program-missing`; `cache-unwritable`.
 */
export async function createWorkshop(
  source: WatchSourceConfig,
  options: WorkshopOptions,
): Promise<Workshop> {
  const repository = await openRepositoryOf(source, options);
  const dialect = await dialectOf(source, options);

  return {
    repository,
    build: async (request, signal) =>
      cleanly(source, options, async () =>
        buildScript({ ...scriptSettings(source, options), ...request, dialect }, signal),
      ),
    outlooks: async (script, environment, signal) => {
      const targets = await findTargets(environment, source, options);
      const bundle = await readBundle(script);
      return inTurns(targets, environment.concurrency, async (target) =>
        outlookOf(target, bundle, { signal, redact: options.redact }),
      );
    },
    deploy: async (script, environment, run) => {
      const targets = await findTargets(environment, source, options);
      const { lockWait, lockTimeout } = options.config.defaults;
      const bundle = await readBundle(script);
      const reports = await deploy(bundle, targets, {
        lockWaitMs: lockWait,
        lockTimeoutMs: lockTimeout,
        transaction: bundle.about.transaction,
        concurrency: environment.concurrency,
        failFast: true,
        ...run,
      });
      return reports.map((report) => cleanReport(report, source, options));
    },
  };
}

/** What all scripts of a source have in common. */
function scriptSettings(
  source: WatchSourceConfig,
  { program, env, config }: WorkshopOptions,
): Omit<ScriptRequest, keyof BuildRequest | "dialect"> {
  const versions = source.versionsTable ?? config.versionsTable ?? DEFAULT_VERSIONS_TABLE;
  return {
    program,
    env,
    transaction: config.defaults.transaction ?? "release",
    versionsTable: formatVersionsTable(versions),
    layout: source.layout ?? config.layout,
    placeholders: config.placeholders,
    variables: { ...config.variables, ...source.variables },
  };
}

/** One script is for one family of databases. */
async function dialectOf(
  source: WatchSourceConfig,
  options: WorkshopOptions,
): Promise<DialectName> {
  const targets = await Promise.all(
    source.environments.map(async (environment) => findTargets(environment, source, options)),
  );
  const [dialect = "postgres", ...others] = new Set(targets.flat().map((each) => each.dialect));

  if (others.length > 0) {
    throw new RowgateError("config-invalid", {
      message: `the targets of ${source.url} are of ${[dialect, ...others].join(" and ")}`,
      hint: "Give each of the two a source of its own, with a path or a reference of its own.",
    });
  }
  return dialect;
}

async function openRepositoryOf(
  source: WatchSourceConfig,
  { config, cache, env, onCacheRebuilt }: WorkshopOptions,
): Promise<Repository> {
  const { kind, url, ref, path, credentials, verify } = source;
  const file = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : resolve(config.directory, name);

  return openRepository(
    {
      kind,
      url,
      ref,
      path,
      credentials: credentials && {
        ...credentials,
        passwordFile: file(credentials.passwordFile),
        sshKeyFile: file(credentials.sshKeyFile),
        knownHostsFile: file(credentials.knownHostsFile),
        caFile: file(credentials.caFile),
      },
      verify: verify && {
        mode: verify.mode,
        allowedSignersFile: file(verify.allowedSignersFile),
        gpgHome: file(verify.gpgHome),
      },
    },
    cache,
    { env, onCacheRebuilt },
  );
}

/** Found anew each time, because passwords and addresses in files and their rights change. */
async function findTargets(
  environment: Environment,
  { versionsTable }: WatchSourceConfig,
  { config, env, directory, hide }: WorkshopOptions,
): Promise<readonly Target[]> {
  const { targets } = await resolveTargets(
    { names: environment.targets, fallbackVersions: versionsTable },
    { env, config, directory, readFile: readUrlFile },
  );
  for (const { connection } of targets) {
    hide("url" in connection ? secretsOf(connection.url.reveal()) : []);
  }
  return targets;
}

async function outlookOf(
  target: Target,
  bundle: ScriptBundle,
  { signal, redact }: { readonly signal: AbortSignal; readonly redact: (text: string) => string },
): Promise<Outlook> {
  const nothing = { target: target.name, head: "", pending: [], conflict: undefined };
  try {
    const { comparison, history } = await untilAborted(plan(bundle, target), signal);
    const { pending, conflicts } = comparison;
    refuseBusy(conflicts);
    const isIdle = pending.every(({ reason }) => reason === "always");
    const context = { versions: target.versions, release: bundle.release, drops: [] };

    return {
      target: target.name,
      head: headOf(history),
      // What always runs is no reason to deploy.
      pending: isIdle
        ? []
        : pending.map(({ block, reason, done }) => ({ id: block.id, reason, done })),
      conflict:
        conflicts.length === 0 ? undefined : clean(conflictError(conflicts, context), redact),
      error: undefined,
    };
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    return { ...nothing, error: clean(error, redact) };
  }
}

/** What another deployment is at work on is no conflict, but nothing can be planned meanwhile. */
function refuseBusy(conflicts: readonly Conflict[]): void {
  const holder = conflicts.length === 0 ? undefined : holderOf(conflicts);
  if (holder !== undefined) {
    throw new RowgateError("lock-busy", {
      message: `another deployment is at work, in ${holder}`,
      hint: "Wait until it has ended.",
    });
  }
}

/** The same rows, the same value. */
function headOf(
  history: readonly { readonly id: string; readonly checksum: string; readonly state: string }[],
): string {
  const rows = history.map(({ id, checksum, state }) => [id, checksum, state]);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

function cancelled(): RowgateError {
  return new RowgateError("cancelled", { message: "cancelled; nothing was changed" });
}

/** Reading can simply be left: the server ends it when the process goes. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((settle, reject) => {
    const abort = (): void => reject(cancelled());
    signal.addEventListener("abort", abort, { once: true });
    work.then(settle, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function inTurns<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const { default: PQueue } = await import("p-queue");
  return new PQueue({ concurrency }).addAll(items.map((item) => async () => work(item)));
}

async function cleanly<T>(
  source: WatchSourceConfig,
  { redact }: WorkshopOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RowgateError ? clean(placed(error, source), redact) : error;
  }
}

function cleanReport(
  report: TargetReport,
  source: WatchSourceConfig,
  { redact }: WorkshopOptions,
): TargetReport {
  return report.error === undefined
    ? report
    : { ...report, error: clean(placed(report.error, source), redact) };
}

/** With the place in the repository, where the error has the one in the tree. */
function placed(error: RowgateError, { path }: WatchSourceConfig): RowgateError {
  const { at } = error;
  return at === undefined || path === undefined
    ? error
    : remade(error, { at: { ...at, path: posix.join(path, at.path) } });
}

function clean(error: RowgateError, redact: (text: string) => string): RowgateError {
  return remade(error, {
    message: redact(error.message),
    hint: error.hint === undefined ? undefined : redact(error.hint),
  });
}

function remade(error: RowgateError, fields: Partial<RowgateError>): RowgateError {
  const { message, hint, at, excerpt, server, cause } = error;
  return new RowgateError(error.code, { message, hint, at, excerpt, server, cause, ...fields });
}
