/** The composition root of the watcher: its store, and its sources. */
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { WatchConfig, WatchSourceConfig } from "../config/watch-config.ts";
import { RowgateError } from "../domain/errors.ts";
import type { SourceState, WatchEvent, WatchRequest } from "../domain/watch.ts";
import { systemClock } from "../watcher/clock.ts";
import {
  deliverNotices,
  flushNotices,
  type NotifierWorld,
  putNotices,
} from "../watcher/notify/notifier.ts";
import type { SourceSettings } from "../watcher/record.ts";
import { SourceWatcher } from "../watcher/source-watcher.ts";
import { readEvents } from "../watcher/store/journal.ts";
import { writeRequest } from "../watcher/store/requests.ts";
import { readStore, Store, takenOver } from "../watcher/store/store.ts";
import { Watcher } from "../watcher/watcher.ts";
import { Workplace } from "../watcher/workplace.ts";
import { createNotifier } from "./notify.ts";
import { said } from "./said.ts";
import { serve } from "./serve.ts";
import type { WatchOptions } from "./watch-options.ts";
import { createWorkshop } from "./workshop.ts";

/** How each source was left. */
export interface WatchEnd {
  /** In the order of rowgate.yaml. */
  readonly sources: readonly {
    readonly name: string;
    /** What `rowgate watch --once` ends with. */
    readonly exitCode: number;
  }[];
}

/**
 * Watches all sources of rowgate.yaml until it is stopped or, with `once` and `dryRun`, until nothing
 * moves by itself.
 *
 * @throws RowgateError `config-missing`, when nothing is to be watched; `watcher-running`;
 * `store-unwritable`; as `createWorkshop` does; `usage-invalid`, when it cannot listen for HTTP.
 */
export async function watch(options: WatchOptions): Promise<WatchEnd> {
  const settings = watchOf(options.config);
  const directory = storeOf(options.config);
  const place = options.dryRun ? await scratchOf(directory) : directory;
  const notifier = createNotifier(settings, place, options);
  const store = await Store.open(place, {
    beforeJournal: async (events) => putNotices(events, notifier),
  });

  try {
    return await watchStore(store, notifier, options);
  } finally {
    await store.close();
    await (options.dryRun ? rm(place, { recursive: true, force: true }) : undefined);
  }
}

async function watchStore(
  store: Store,
  notifier: NotifierWorld,
  options: WatchOptions,
): Promise<WatchEnd> {
  const { log, once, dryRun } = options;
  const settings = watchOf(options.config);
  const signal = AbortSignal.any([options.signal, store.lost]);
  store.subscribe((event) => (event === undefined ? undefined : log(event)));
  const sources = await createSources(settings, store, options);
  const watcher = new Watcher({ store, sources, clock: systemClock, log });
  const ended = new AbortController();
  const isService = !once && !dryRun;
  const server = isService ? await serve(watcher, settings, options) : undefined;
  const notices = isService
    ? deliverNotices(notifier, AbortSignal.any([signal, ended.signal]))
    : undefined;

  try {
    await watcher.run({ signal, leaving: options.leaving });
    refuseLoss(store);
    await (isService || dryRun ? undefined : flushNotices(notifier, signal));
    return { sources: sources.map(({ name, exitCode }) => ({ name, exitCode })) };
  } finally {
    ended.abort();
    await Promise.all([notices, server?.close()]);
  }
}

function refuseLoss({ lost, directory }: Store): void {
  if (lost.aborted) {
    throw takenOver(directory);
  }
}

/** What a watcher knows, for whoever only looks. */
export interface WatchSnapshot {
  readonly isRunning: boolean;
  readonly states: readonly SourceState[];
  /** All that are kept, oldest first. */
  readonly events: readonly WatchEvent[];
}

/** Nothing for a store that is not there. */
export async function readWatch(directory: string): Promise<WatchSnapshot> {
  const { records, holder } = await readStore(directory);
  return {
    isRunning: holder !== undefined,
    states: Object.values(records).map(({ state }) => state),
    events: await readEvents(directory),
  };
}

/** Leaves a request for the watcher of a store, and returns it with its id. */
export async function sendRequest(
  directory: string,
  request: Omit<WatchRequest, "id">,
): Promise<WatchRequest> {
  // Those that come first are taken first.
  const id = `${Date.now().toString(36)}-${randomUUID()}`;
  await writeRequest(directory, { id, ...request });
  return { id, ...request };
}

/** The directory that a watcher of this configuration keeps its state in. */
export function storeOf(config: Config): string {
  return resolve(config.directory, watchOf(config).store);
}

/** @throws RowgateError `config-missing`. */
export function watchOf({ watch: settings }: Config): WatchConfig {
  if (settings === undefined) {
    throw new RowgateError("config-missing", {
      message: "rowgate.yaml has no key watch, which says what to watch",
      hint: "Add it; docs/watching.md has an example.",
    });
  }
  return settings;
}

/** A dry run knows what was deployed, and leaves nothing behind. */
async function scratchOf(directory: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "rowgate-dry-run-"));
  await cp(join(directory, "state.json"), join(scratch, "state.json")).catch(() => undefined);
  return scratch;
}

async function createSources(
  settings: WatchConfig,
  store: Store,
  options: WatchOptions,
): Promise<readonly SourceWatcher[]> {
  return Promise.all(
    [...settings.sources].map(async ([name, source]) =>
      createSource({ name, source }, store, options),
    ),
  );
}

async function createSource(
  { name, source }: { readonly name: string; readonly source: WatchSourceConfig },
  store: Store,
  options: WatchOptions,
): Promise<SourceWatcher> {
  const { log, once, dryRun } = options;
  const workplace = new Workplace(join(store.directory, "work", name));
  await workplace.keepOnly(undefined);
  const workshop = await createWorkshop(source, {
    ...options,
    cache: join(store.directory, "cache", name),
    onCacheRebuilt: (reason) =>
      log(
        said({
          code: "cache.rebuilt",
          level: "warn",
          source: name,
          message: `the cache of the repository was made anew: ${options.redact(reason)}`,
        }),
      ),
  });

  return new SourceWatcher({
    settings: {
      ...settingsOf(name, source, workshop.repository.address),
      remindAfterMs: watchOf(options.config).remindAfterMs,
    },
    workshop,
    workplace,
    store,
    clock: systemClock,
    log,
    once: once || dryRun,
    dryRun,
  });
}

function settingsOf(
  name: string,
  source: WatchSourceConfig,
  address: string,
): Omit<SourceSettings, "remindAfterMs"> {
  const { ref, intervalMs, settleMs, onRewrite, release, environments } = source;
  const kept = { intervalMs, settleMs, onRewrite, release, environments };
  return { name, address, ref: ref ?? "HEAD", ...kept };
}
