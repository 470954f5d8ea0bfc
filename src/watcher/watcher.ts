/** All sources of one store, and what people ask of them. */
import { RowgateError } from "../domain/errors.ts";
import type {
  LoopHealth,
  Reason,
  SourceState,
  WatchEvent,
  WatchRequest,
  WatchView,
} from "../domain/watch.ts";
import type { Clock, Log } from "./ports.ts";
import type { RunSignals, SourceWatcher } from "./source-watcher.ts";
import { readRequests, removeRequest, writeRequest } from "./store/requests.ts";
import type { Store } from "./store/store.ts";

/** How often requests are looked for. */
const LOOK_MS = 500;

export interface WatcherWorld {
  readonly store: Store;
  /** In the order of rowgate.yaml. */
  readonly sources: readonly SourceWatcher[];
  readonly clock: Clock;
  readonly log: Log;
}

export class Watcher implements WatchView {
  readonly #world: WatcherWorld;
  readonly #sources: ReadonlyMap<string, SourceWatcher>;

  constructor(world: WatcherWorld) {
    this.#world = world;
    this.#sources = new Map(world.sources.map((source) => [source.name, source]));
  }

  /** Until it is stopped, or with sources that end, until all have ended; one that fails ends all. */
  async run({ signal, leaving }: RunSignals): Promise<void> {
    const ended = new AbortController();
    const stop = AbortSignal.any([signal, ended.signal]);
    await this.#takeRequests();
    const requests = this.#listen(stop);

    try {
      await Promise.all(this.#world.sources.map((each) => each.run({ signal: stop, leaving })));
    } finally {
      ended.abort();
      await requests;
    }
  }

  sources(): readonly SourceState[] {
    return this.#world.sources.map(({ state }) => state);
  }

  events(after: number): readonly WatchEvent[] {
    return this.#world.store.events(after);
  }

  subscribe(listener: (event: WatchEvent | undefined) => void): () => void {
    return this.#world.store.subscribe(listener);
  }

  async request(request: WatchRequest): Promise<void> {
    await writeRequest(this.#world.store.directory, request);
    await this.#takeRequests();
  }

  wake(source: string): boolean {
    this.#sources.get(source)?.look("hook");
    return this.#sources.has(source);
  }

  loops(): readonly LoopHealth[] {
    return this.#world.sources.map(({ health }) => health);
  }

  trouble(): Reason | undefined {
    return this.#world.sources.map(({ storeTrouble }) => storeTrouble).find(Boolean);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#world.clock.sleep(LOOK_MS, signal);
      await this.#takeRequests();
    }
  }

  /** What cannot be kept now stays where it is, and is taken again. */
  async #takeRequests(): Promise<void> {
    const { store } = this.#world;
    try {
      for (const request of await readRequests(store.directory)) {
        await this.#take(request);
        await removeRequest(store.directory, request.id);
      }
    } catch (error) {
      if (!(error instanceof RowgateError)) {
        throw error;
      }
      this.#tell("store.error", error.message, "");
    }
  }

  async #take(request: WatchRequest): Promise<void> {
    const source = this.#sources.get(request.source);
    if (source === undefined) {
      this.#tell("request.refused", `there is no source ${request.source}`, request.source);
      return;
    }
    await source.request(request);
  }

  #tell(code: string, message: string, source: string): void {
    const { clock, log } = this.#world;
    const at = new Date(clock.wall()).toISOString();
    log({ sequence: 0, at, source, code, level: "warn", message, data: {} });
  }
}
