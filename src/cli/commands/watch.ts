/** `rowgate watch`: repositories → databases, for as long as it runs. */
import { loadConfig } from "../../config/load-config.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, RowgateError } from "../../domain/errors.ts";
import type { WatchEvent } from "../../domain/watch.ts";
import { watch as watchSources, watchOf } from "../../rowgate-watch.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { jsonLog, prettyLog } from "../watch-log.ts";

export async function watch(context: CommandContext): Promise<CommandResult> {
  const { options, io, output } = context;
  const config = await watchConfig(context);
  const { once = false, dryRun = false } = options;
  const { sources } = await watchSources({
    config,
    env: io.env,
    directory: io.directory,
    program: io.program,
    once,
    dryRun,
    log: await createLog(context, config),
    hide: (secrets) => output.hide(secrets),
    redact: (text) => output.redact(text),
    signal: io.signal,
  });

  return { targets: [], exitCode: once || dryRun ? statusOf(sources) : EXIT.ok };
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
