/** A source whose repository and databases do as a test says, on a clock that the test holds. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RowgateError } from "../../../src/domain/errors.ts";
import type { WatchEvent } from "../../../src/domain/watch.ts";
import type { Outlook } from "../../../src/watcher/plan.ts";
import type { Clock, Workshop } from "../../../src/watcher/ports.ts";
import type { SourceSettings } from "../../../src/watcher/record.ts";
import { SourceWatcher } from "../../../src/watcher/source-watcher.ts";
import { Store, type StoreOptions } from "../../../src/watcher/store/store.ts";
import { Workplace } from "../../../src/watcher/workplace.ts";
import { fetchedOf, lacks, report, settings } from "./samples.ts";

/** Time passes only when somebody sleeps; it starts on Wednesday, 2026-11-25, at noon. */
export class ScriptedClock implements Clock {
  /** What the steady clock shows, from 0. */
  time = 0;
  /** How far the wall clock was put forward. */
  jumped = 0;
  /** Called when the watcher sleeps, before time passes. */
  onSleep: (ms: number) => void = () => undefined;

  wall(): number {
    return Date.UTC(2026, 10, 25, 12) + this.time + this.jumped;
  }

  steady(): number {
    return this.time;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.onSleep(ms);
    this.time += signal.aborted ? 0 : ms;
    await Promise.resolve();
  }

  random(): number {
    return 0.5;
  }
}

export class ScriptedWorld {
  readonly clock = new ScriptedClock();
  readonly settings: SourceSettings;
  /** What was done: the step, and at which second. */
  readonly done: string[] = [];
  readonly log: WatchEvent[] = [];
  readonly #directory: string;
  readonly #leaving = new AbortController();
  store: Store;
  /** What the reference points to now. */
  tip = "r1";
  /** Thrown by the next probes, as long as it is there. */
  probeError: RowgateError | Error | undefined;
  /** Of the target `dev`. */
  outlook: Outlook = lacks("dev", "1");

  private constructor(directory: string, store: Store, of: SourceSettings) {
    this.#directory = directory;
    this.store = store;
    this.settings = of;
  }

  static async create(of: SourceSettings = settings()): Promise<ScriptedWorld> {
    const directory = await mkdtemp(join(tmpdir(), "rowgate-watch-"));
    return new ScriptedWorld(directory, await Store.open(directory), of);
  }

  get directory(): string {
    return this.#directory;
  }

  source(mode: { readonly once?: boolean; readonly dryRun?: boolean } = {}): SourceWatcher {
    return new SourceWatcher({
      settings: this.settings,
      workshop: this.#workshop(),
      workplace: new Workplace(join(this.#directory, "work")),
      store: this.store,
      clock: this.clock,
      log: (event) => this.log.push(event),
      once: mode.once ?? false,
      dryRun: mode.dryRun ?? false,
    });
  }

  /** As after a restart of the process. */
  async reopen(options: StoreOptions): Promise<void> {
    await this.store.close();
    this.store = await Store.open(this.#directory, options);
  }

  /** Runs a source until the clock shows so many seconds; `at` does things at whole seconds. */
  async runUntil(
    source: SourceWatcher,
    seconds: number,
    at: (second: number) => void = () => undefined,
  ): Promise<void> {
    const leaving = new AbortController();
    let told = Math.floor(this.clock.time / 1000) - 1;
    this.clock.onSleep = () => {
      const now = Math.floor(this.clock.time / 1000);
      for (; told < now; told += 1) {
        at(told + 1);
      }
      if (now >= seconds) {
        leaving.abort();
      }
    };
    await source.run({ signal: this.#leaving.signal, leaving: leaving.signal });
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #note(step: string): void {
    this.done.push(`${step} ${Math.round(this.clock.time / 1000)}`);
  }

  #workshop(): Workshop {
    return {
      repository: {
        kind: "git",
        address: "file:///shop.git",
        probe: async () => {
          this.#note("probe");
          if (this.probeError !== undefined) {
            throw this.probeError;
          }
          return { revision: this.tip, name: "main" };
        },
        fetch: async ({ revision }) => {
          this.#note("fetch");
          return fetchedOf(revision, `text of ${revision}`, "forward");
        },
        verify: async () => [],
        export: async () => undefined,
      },
      build: async () => ({ checksum: `c of ${this.tip}`, release: "r", blocks: 1 }),
      outlooks: async () => {
        this.#note("plan");
        return [this.outlook];
      },
      deploy: async () => {
        this.#note("deploy");
        this.outlook = lacks("dev");
        return [report("dev", "deployed")];
      },
    };
  }
}
