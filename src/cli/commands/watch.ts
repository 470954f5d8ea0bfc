/** `rowgate watch`: repositories → databases, for as long as it runs. */
import { loadConfig } from "../../config/load-config.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, RowgateError } from "../../domain/errors.ts";
import type { WatchEvent } from "../../domain/watch.ts";
import { watch as watchSources, type WatchEnd, watchOf } from "../../rowgate-watch/watch.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { readVersion } from "../program.ts";
import { jsonLog, prettyLog } from "../watch-log.ts";

export async function watch(context: CommandContext): Promise<CommandResult> {
  const { once = false, dryRun = false } = context.options;
  let config = await watchConfig(context);

  for (;;) {
    const leaving = new AbortController();
    let next: Config | undefined;
    const onHangup = async (): Promise<void> => {
      next = await newConfig(context);
      if (next !== undefined) {
        leaving.abort();
      }
    };
    const unsubscribe = context.io.onHangup(() => void onHangup());
    const { sources } = await watchUntil(context, config, leaving.signal);
    unsubscribe();

    if (next === undefined || context.io.signal.aborted) {
      return { targets: [], exitCode: once || dryRun ? statusOf(sources) : EXIT.ok };
    }
    config = next;
  }
}

async function watchUntil(
  context: CommandContext,
  config: Config,
  leaving: AbortSignal,
): Promise<WatchEnd> {
  const { options, io, output } = context;
  return watchSources({
    config,
    env: io.env,
    directory: io.directory,
    program: io.program,
    version: readVersion(),
    once: options.once ?? false,
    dryRun: options.dryRun ?? false,
    log: await createLog(context, config),
    hide: (secrets) => output.hide(secrets),
    redact: (text) => output.redact(text),
    signal: io.signal,
    leaving,
  });
}

/** The settings as they are now; undefined, with a word about it, when they are wrong: the old ones stay. */
async function newConfig(context: CommandContext): Promise<Config | undefined> {
  try {
    return await watchConfig(context);
  } catch (error) {
    context.output.error(error);
    return undefined;
  }
}

/** The settings, which must be there. */
export async function watchConfig({ options, io }: CommandContext): Promise<Config> {
  const { env, directory } = io;
  const config = await loadConfig({ path: options.config, directory, env });
  if (config === undefined) {
    throw new RowgateError("config-missing", {
      message: "there is no rowgate.yaml, which says what to watch",
      hint: "Write one with a key watch, or name it with --config; docs/watching.md has an example.",
    });
  }
  watchOf(config);
  return config;
}

/** Several sources that failed in different ways have the status of a fleet. */
function statusOf(sources: readonly { readonly exitCode: number }[]): number {
  const codes = new Set(sources.map(({ exitCode }) => exitCode).filter((code) => code !== EXIT.ok));
  const failures = [...codes].filter((code) => code !== EXIT.pending);
  const [first = codes.size === 0 ? EXIT.ok : EXIT.pending] = failures;
  return failures.length > 1 ? EXIT.fleet : first;
}

async function createLog(
  { options, io, output }: CommandContext,
  config: Config,
): Promise<(event: WatchEvent) => void> {
  const isWatched = io.stderr.isTTY === true;
  const format = options.logFormat ?? watchOf(config).logFormat ?? (isWatched ? "pretty" : "json");
  const write = (line: string): void => output.progress(line);
  return format === "json" ? jsonLog(write) : prettyLog(write, output.colors);
}
