/** A watcher that has its state in memory, where a test sets it. */
import type {
  LoopHealth,
  Reason,
  SourceState,
  WatchEvent,
  WatchRequest,
  WatchView,
} from "../../../src/domain/watch.ts";
import { before } from "./sample.ts";

export function event(sequence: number, fields: Partial<WatchEvent> = {}): WatchEvent {
  return {
    sequence,
    at: before(60),
    source: "shop",
    code: "probe.changed",
    level: "info",
    message: "main is at 4f1c2e9a7b",
    data: {},
    ...fields,
  };
}

export class MemoryView implements WatchView {
  readonly requests: WatchRequest[] = [];
  readonly woken: string[] = [];
  readonly #listeners = new Set<(event: WatchEvent | undefined) => void>();
  #sources: readonly SourceState[];
  #events: readonly WatchEvent[] = [];
  loopHealth: readonly LoopHealth[];
  standstill: Reason | undefined;

  constructor(sources: readonly SourceState[]) {
    this.#sources = sources;
    this.loopHealth = sources.map(({ name }) => ({
      source: name,
      intervalMs: 30_000,
      quietMs: 900,
      isDeploying: false,
    }));
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  sources(): readonly SourceState[] {
    return this.#sources;
  }

  events(after: number): readonly WatchEvent[] {
    return this.#events.filter(({ sequence }) => sequence > after);
  }

  subscribe(listener: (event: WatchEvent | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async request(request: WatchRequest): Promise<void> {
    this.requests.push(request);
  }

  wake(source: string): boolean {
    this.woken.push(source);
    return this.#sources.some(({ name }) => name === source);
  }

  loops(): readonly LoopHealth[] {
    return this.loopHealth;
  }

  trouble(): Reason | undefined {
    return this.standstill;
  }

  /** The sources are these now, which the events tell; without events it is another change. */
  become(sources: readonly SourceState[], events: readonly WatchEvent[] = []): void {
    this.#sources = sources;
    this.#events = [...this.#events, ...events];
    const told = events.length === 0 ? [undefined] : events;
    told.forEach((each) => this.#listeners.forEach((listener) => listener(each)));
  }
}
