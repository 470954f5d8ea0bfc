/**
 * Where a watcher keeps what it knows: a directory. A change of a source and the events that tell of
 * it are written at once, or not at all: the events stand in `state.json` too, until they are in the
 * journal and in the outbox.
 */
import { access, rename } from "node:fs/promises";
import { join } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import type { WatchEvent } from "../../domain/watch.ts";
import {
  type LockHolder,
  lockHolder,
  type ProcessLock,
  takeLock,
} from "../../system/process-lock.ts";
import type { Change, SourceRecord } from "../record.ts";
import { makeDirectory, readIfThere, replaceFile, unwritable } from "./files.ts";
import { appendEvents, readEvents } from "./journal.ts";

/** How often a watcher shows that it lives, for those on other hosts. */
const PULSE_MS = 5000;
/** So many events are kept in memory for whoever looks. */
const REMEMBERED = 1000;

interface Saved {
  /** That of the last event. */
  readonly sequence: number;
  readonly records: Readonly<Record<string, SourceRecord>>;
  /** Events that may not be in the journal yet. */
  readonly unwritten: readonly WatchEvent[];
}

const NOTHING: Saved = { sequence: 0, records: {}, unwritten: [] };

export interface StoreOptions {
  /** Hears of events before they are in the journal; it may hear of one again after a crash. */
  readonly beforeJournal?: ((events: readonly WatchEvent[]) => Promise<void>) | undefined;
}

export class Store {
  readonly directory: string;
  readonly #lock: ProcessLock;
  readonly #beforeJournal: (events: readonly WatchEvent[]) => Promise<void>;
  readonly #listeners = new Set<(event: WatchEvent | undefined) => void>();
  #saved: Saved;
  #events: readonly WatchEvent[];
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(
    directory: string,
    found: { readonly saved: Saved; readonly events: readonly WatchEvent[] },
    options: StoreOptions & { readonly lock: ProcessLock },
  ) {
    this.directory = directory;
    this.#lock = options.lock;
    this.#beforeJournal = options.beforeJournal ?? (async () => undefined);
    this.#saved = found.saved;
    this.#events = found.events.slice(-REMEMBERED);
  }

  /**
   * Opens a store, and makes it when it is not there.
   *
   * @throws RowgateError `watcher-running`, when another process has it; `store-unwritable`.
   */
  static async open(directory: string, options: StoreOptions = {}): Promise<Store> {
    await makeDirectory(directory);
    const lock = await lockStore(directory);

    try {
      const saved = (await readSaved(directory)) ?? (await putAside(directory));
      const events = await readEvents(directory);
      const last = events.at(-1)?.sequence ?? 0;
      const store = new Store(
        directory,
        { saved: { ...saved, sequence: Math.max(saved.sequence, last) }, events },
        { ...options, lock },
      );
      await store.#publish(saved.unwritten.filter(({ sequence }) => sequence > last));
      return store;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Aborted when another watcher has taken the store over, which took this one for dead. */
  get lost(): AbortSignal {
    return this.#lock.lost;
  }

  record(source: string): SourceRecord | undefined {
    return this.#saved.records[source];
  }

  /** Those with a greater sequence, oldest first; at most 1,000, the newest. */
  events(after: number): readonly WatchEvent[] {
    return this.#events.filter(({ sequence }) => sequence > after);
  }

  /** Hears each event once it is kept, and `undefined` for what is announced. */
  subscribe(listener: (event: WatchEvent | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells whoever listens that a source is not as it was. */
  announce(): void {
    this.#listeners.forEach((listener) => listener(undefined));
  }

  /**
   * Keeps a change, one after the other. What has no number yet is numbered.
   *
   * @throws RowgateError `store-unwritable`, or `watcher-running` when another watcher has taken the
   * store over: then nothing has changed.
   */
  async commit(source: string, change: Change, at: string): Promise<void> {
    const work = this.#tail.then(() => this.#write(source, change, at));
    this.#tail = work.catch(() => undefined);
    return work;
  }

  /** Waits for what is being written, and gives the store free. Never throws. */
  async close(): Promise<void> {
    await this.#tail;
    await this.#lock.release();
  }

  async #write(source: string, { record, events }: Change, at: string): Promise<void> {
    await this.#refuseLoss();
    const { sequence, records, unwritten } = this.#saved;
    const kept = events.filter(({ level }) => level !== "debug");
    const numbered = kept.map(({ code, level, message, data }, index): WatchEvent => ({
      sequence: sequence + index + 1,
      at,
      source,
      code,
      level,
      message,
      data,
    }));
    const saved: Saved = {
      sequence: sequence + numbered.length,
      records: { ...records, [source]: record },
      unwritten: [...unwritten, ...numbered],
    };

    await replaceFile(stateFile(this.directory), JSON.stringify(saved), numbered.length > 0);
    this.#saved = saved;
    await this.#publish(saved.unwritten);
  }

  async #refuseLoss(): Promise<void> {
    try {
      if (!(await this.#lock.isHeld())) {
        // A directory that was removed is nobody's.
        await access(this.directory);
        throw takenOver(this.directory);
      }
    } catch (error) {
      throw error instanceof RowgateError ? error : unwritable(this.directory, error);
    }
  }

  /** What cannot be written now is in `state.json`, and comes with the next change. */
  async #publish(events: readonly WatchEvent[]): Promise<void> {
    try {
      await this.#beforeJournal(events);
      await appendEvents(this.directory, events);
    } catch (error) {
      if (error instanceof RowgateError && error.code === "store-unwritable") {
        return;
      }
      throw error;
    }

    this.#saved = { ...this.#saved, unwritten: [] };
    this.#events = [...this.#events, ...events].slice(-REMEMBERED);
    for (const listener of this.#listeners) {
      events.forEach((event) => listener(event));
    }
  }
}

/** What a store says to whoever only looks, with or without a watcher at work. */
export interface Snapshot {
  readonly records: Readonly<Record<string, SourceRecord>>;
  /** Undefined when no watcher is seen to run. */
  readonly holder: LockHolder | undefined;
}

/** Nothing for a directory that is not there. */
export async function readStore(directory: string): Promise<Snapshot> {
  const { records } = (await readSaved(directory)) ?? NOTHING;
  return { records, holder: await lockHolder(lockFile(directory), PULSE_MS) };
}

function stateFile(directory: string): string {
  return join(directory, "state.json");
}

function lockFile(directory: string): string {
  return join(directory, "lock");
}

async function lockStore(directory: string): Promise<ProcessLock> {
  const path = lockFile(directory);
  try {
    return await takeLock(path, { held: (holder) => running(path, holder), pulseMs: PULSE_MS });
  } catch (error) {
    throw error instanceof RowgateError ? error : unwritable(path, error);
  }
}

function running(path: string, holder: LockHolder | undefined): RowgateError {
  const who =
    holder === undefined ? "an unknown process" : `process ${holder.pid} on ${holder.host}`;
  return new RowgateError("watcher-running", {
    message: `another watcher has this store: ${who}, says ${path}`,
    hint: "Ask that one by `rowgate watch sync`, or stop it first.",
  });
}

/** Another watcher works on, and must not be written over. */
export function takenOver(directory: string): RowgateError {
  return new RowgateError("watcher-running", {
    message: `another watcher has taken over ${directory}, because this one had stood still`,
    hint: "Let only one of them run.",
  });
}

/** Undefined when the file cannot be understood. */
async function readSaved(directory: string): Promise<Saved | undefined> {
  const text = await readIfThere(stateFile(directory));
  if (text === undefined) {
    return NOTHING;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isSaved(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The databases are the truth: a state that nobody can read is kept for a person, and made anew. */
async function putAside(directory: string): Promise<Saved> {
  const path = stateFile(directory);
  try {
    await rename(path, `${path}.broken`);
  } catch (error) {
    throw unwritable(path, error);
  }
  return NOTHING;
}

function isSaved(value: unknown): value is Saved {
  return (
    typeof value === "object" &&
    value !== null &&
    "sequence" in value &&
    typeof value.sequence === "number" &&
    "records" in value &&
    typeof value.records === "object" &&
    value.records !== null &&
    "unwritten" in value &&
    Array.isArray(value.unwritten)
  );
}
