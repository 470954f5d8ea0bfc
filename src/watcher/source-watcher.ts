/** One source: what is to be done next is asked of its record, done, and kept, for ever. */
import { RowgateError } from "../domain/errors.ts";
import type { DeployEvent } from "../domain/report.ts";
import type { LoopHealth, Reason, SourceState, WatchEvent, WatchRequest } from "../domain/watch.ts";
import { backoff, jitter } from "./backoff.ts";
import { liveEvent, LiveProgress } from "./live-progress.ts";
import { nextStep, type Step, type Timers } from "./next-step.ts";
import { withNotices } from "./notify/notices.ts";
import type { Clock, Log, Workshop } from "./ports.ts";
import {
  describe,
  exitCodeOf,
  failureReason,
  type Persistence,
  persistenceOf,
  repositoryReason,
} from "./reasons.ts";
import {
  type Change,
  newRecord,
  resumed,
  type SourceRecord,
  type SourceSettings,
} from "./record.ts";
import { withOwnSignal } from "../system/own-signal.ts";
import { performStep, type SourceAtWork } from "./steps.ts";
import type { Store } from "./store/store.ts";
import { probeFailed } from "./transitions/probe.ts";
import { reminded } from "./transitions/remind.ts";
import { requested } from "./transitions/request.ts";
import { stopped } from "./transitions/stop.ts";
import type { Workplace } from "./workplace.ts";

/** A jump of the clock is noticed after so long, when something waits for a time of day. */
const LONGEST_REST_MS = 60_000;
/** A tip that never stands still is taken after so long. */
const LONGEST_SETTLE_MS = 60_000;

/** A person decides about these; what else stops a revision is mended by a new one. */
const HELD = new Set(["bug", "export-refused"]);

export interface SourceWorld {
  readonly settings: SourceSettings;
  readonly workshop: Workshop;
  readonly workplace: Workplace;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** End when nothing moves by itself, and try nothing twice. */
  readonly once: boolean;
  readonly dryRun: boolean;
}

/** How a watcher is stopped. */
export interface RunSignals {
  /** Aborting it cancels what runs. */
  readonly signal: AbortSignal;
  /** Aborting it begins nothing more. */
  readonly leaving: AbortSignal;
}

export class SourceWatcher {
  readonly #world: SourceWorld;
  readonly #live = new LiveProgress();
  #record: SourceRecord;
  #timers: Timers = { probeAt: -Infinity, settledAt: -Infinity, retryAt: undefined };
  /** What the next look at the repository is made for. */
  #trigger: "poll" | "hook" | "manual" | "start" = "start";
  /** When the first of the revisions was seen that have not settled. */
  #burstAt: number | undefined;
  /** Tries in a row that were interrupted. */
  #tries = 0;
  /** Why nothing can be kept. */
  #storeTrouble: Reason | undefined;
  /** When the loop ended a step or a rest last. */
  #movedAt: number;
  #wake: () => void = () => undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(world: SourceWorld) {
    const { store, settings } = world;
    const found = store.record(settings.name);
    this.#world = world;
    this.#movedAt = world.clock.steady();
    this.#record = found === undefined ? newRecord(settings) : resumed(found, settings);
  }

  get name(): string {
    return this.#world.settings.name;
  }

  /** What is known of the source, with what a deployment has done so far. */
  get state(): SourceState {
    return this.#live.over(this.#record.state);
  }

  get health(): LoopHealth {
    const { clock, settings } = this.#world;
    return {
      source: settings.name,
      intervalMs: settings.intervalMs,
      quietMs: clock.steady() - this.#movedAt,
      isDeploying: this.#record.state.candidate?.state === "deploying",
    };
  }

  /** Why nothing can be kept, so that nothing is done; undefined when all is well. */
  get storeTrouble(): Reason | undefined {
    return this.#storeTrouble;
  }

  /** The exit status that `rowgate watch --once` has for this source. */
  get exitCode(): number {
    const { trouble, candidate } = this.#record.state;
    return exitCodeOf(trouble ?? candidate?.reason);
  }

  /**
   * Goes on until it is stopped or, with `once`, until nothing moves by itself.
   *
   * @throws RowgateError `store-unwritable`, with `once`.
   */
  async run({ signal, leaving }: RunSignals): Promise<void> {
    const { clock, settings, dryRun, once } = this.#world;
    const either = AbortSignal.any([signal, leaving]);

    while (!either.aborted) {
      const now = { wall: clock.wall(), steady: clock.steady() };
      const step = nextStep(this.#record, { settings, timers: this.#timers, now, dryRun });

      if (step.kind !== "rest") {
        await this.#perform(step, signal);
      } else if (once) {
        return;
      } else {
        await this.#sleep(step.until - now.steady, either);
      }
      this.#movedAt = clock.steady();
    }
  }

  /** The repository is asked at once. */
  look(trigger: "hook" | "manual"): void {
    this.#trigger = trigger;
    this.#timers = { ...this.#timers, probeAt: -Infinity };
    this.#wake();
  }

  /** @throws RowgateError `store-unwritable`: then the request is still to be dealt with. */
  async request(request: WatchRequest): Promise<void> {
    await this.#apply((record) => requested(record, request, this.#at()));

    if (request.action === "sync" || request.action === "retry") {
      this.look("manual");
    }
    this.#wake();
  }

  /** Makes one change after the other, each of what the one before has left, and keeps it. */
  async #apply(transition: (record: SourceRecord) => Change): Promise<void> {
    const work = this.#tail.then(() => this.#change(transition));
    this.#tail = work.catch(() => undefined);
    return work;
  }

  async #change(transition: (record: SourceRecord) => Change): Promise<void> {
    const change = withNotices(transition(this.#record), this.#at());
    await this.#world.store.commit(this.name, change, this.#at());
    this.#record = change.record;
    this.#storeTrouble = undefined;
    this.#world.store.announce();
    change.events.filter(({ level }) => level === "debug").forEach((event) => this.#tell(event));
  }

  async #perform(step: Exclude<Step, { kind: "rest" }>, signal: AbortSignal): Promise<void> {
    try {
      await withOwnSignal(signal, async (own) => this.#attempt(step, own.signal));
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!isStoreFailure(error)) {
        throw error;
      }
      await this.#storeFailed(error, signal);
    }
  }

  /** What fails is kept, which may fail too. */
  async #attempt(step: Exclude<Step, { kind: "rest" }>, signal: AbortSignal): Promise<void> {
    try {
      await this.#take(step, signal);
    } catch (error) {
      if (signal.aborted || isStoreFailure(error)) {
        throw error;
      }
      await this.#failed(error, step);
    }
  }

  async #take(step: Exclude<Step, { kind: "rest" }>, signal: AbortSignal): Promise<void> {
    if (step.kind === "remind") {
      return this.#apply((record) => reminded(record, this.#at()));
    }
    return step.kind === "probe" ? this.#probe(signal) : this.#advance(step, signal);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    const { clock, settings, once } = this.#world;
    const before = this.#record.state.candidate?.revision;
    const trigger = this.#trigger;
    await performStep(this.#atWork(), { kind: "probe", trigger }, signal);
    this.#trigger = "poll";

    const now = clock.steady();
    const isNew = this.#record.state.candidate?.revision !== before;
    const isAsked = once || trigger === "manual" || trigger === "start";
    const settledAt = isAsked ? -Infinity : isNew ? this.#settling(now) : this.#timers.settledAt;
    const nextAt = now + jitter(settings.intervalMs, clock.random());
    this.#timers = {
      retryAt: isNew ? undefined : this.#timers.retryAt,
      settledAt,
      probeAt: settledAt > now ? Math.min(nextAt, settledAt) : nextAt,
    };
  }

  /** A burst of revisions is one deployment, but it must come to an end. */
  #settling(now: number): number {
    const { settleMs } = this.#world.settings;
    const burstAt = this.#burstAt ?? now;
    this.#burstAt = burstAt;
    return Math.min(now + settleMs, burstAt + Math.max(settleMs, LONGEST_SETTLE_MS));
  }

  async #advance(
    step: Exclude<Step, { kind: "rest" | "probe" | "remind" }>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#burstAt = undefined;
    try {
      await performStep(this.#atWork(), step, signal);
    } finally {
      this.#live.clear();
    }
    await this.#world.workplace.keepOnly(this.#record.state.candidate);

    const persistence = this.#interruption();
    this.#tries = persistence === undefined ? 0 : this.#tries + 1;
    this.#timers = {
      ...this.#timers,
      retryAt:
        persistence === undefined
          ? undefined
          : this.#world.clock.steady() + this.#backoff(this.#tries, persistence),
    };
  }

  /** How what keeps the candidate is to be tried again; undefined when it is not. */
  #interruption(): Persistence | undefined {
    const code = this.#record.state.candidate?.reason?.code;
    const persistence = code === undefined ? "stop" : persistenceOf(code);
    return persistence === "stop" ? undefined : persistence;
  }

  /** The question could not be asked, or the revision leads to nothing. */
  async #failed(error: unknown, step: Step): Promise<void> {
    const said = describe(error);
    const persistence = persistenceOf(said.code);
    this.#tellBug(error);

    if (step.kind === "probe" || persistence !== "stop") {
      const delay = this.#backoff(this.#record.state.failures + 1, persistence);
      const reason = repositoryReason(this.name, said, this.#at(delay));
      this.#timers = { ...this.#timers, probeAt: this.#world.clock.steady() + delay };
      await this.#apply((record) => probeFailed(record, { reason, at: this.#at() }));
    } else {
      const state = HELD.has(said.code) ? "held" : "failed";
      const reason = failureReason(this.name, said);
      await this.#apply((record) => stopped(record, { state, reason, at: this.#at() }));
    }
  }

  /** Nothing can be kept, so nothing may be done. */
  async #storeFailed(error: RowgateError, signal: AbortSignal): Promise<void> {
    if (this.#world.once) {
      throw error;
    }
    this.#tries += 1;
    const delay = this.#backoff(this.#tries, "repeat");
    this.#storeTrouble = failureReason(this.name, describe(error), this.#at(delay));
    const data = { reason: error.code, until: this.#at(delay) };
    this.#tell({ code: "store.error", level: "error", message: error.message, data });
    await this.#world.clock.sleep(delay, signal);
  }

  /** Until the next try, in milliseconds. */
  #backoff(failures: number, persistence: Persistence): number {
    return backoff(failures, {
      baseMs: this.#world.settings.intervalMs,
      isSlow: persistence !== "repeat",
      chance: this.#world.clock.random(),
    });
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await withOwnSignal(signal, async (own) => {
      this.#wake = () => own.abort();
      await this.#world.clock.sleep(Math.max(0, Math.min(ms, LONGEST_REST_MS)), own.signal);
    });
    this.#wake = () => undefined;
  }

  #atWork(): SourceAtWork {
    return {
      ...this.#world,
      state: this.#record.state,
      tag: this.#record.memory.tag,
      at: () => this.#at(),
      retryAt: () => this.#at(this.#backoff(this.#tries + 1, "repeat")),
      hear: (event, environment) => this.#hear(event, environment),
      courseOf: (target) => this.#live.courseOf(target),
      apply: async (transition) => this.#apply(transition),
    };
  }

  #hear(event: DeployEvent, environment: string): void {
    this.#live.take(event, environment, this.#world.clock.steady());
    const draft = liveEvent(event, environment);
    if (draft === undefined) {
      this.#world.store.announce();
    } else {
      // The deployment does not wait for it, and goes on without it when it cannot be kept.
      this.#apply((record) => ({ record, events: [draft] })).catch(() => undefined);
    }
  }

  /** The time of day, UTC, ISO 8601. */
  #at(laterMs = 0): string {
    return new Date(this.#world.clock.wall() + laterMs).toISOString();
  }

  #tell(event: Pick<WatchEvent, "code" | "level" | "message" | "data">): void {
    this.#world.log({ sequence: 0, at: this.#at(), source: this.name, ...event });
  }

  #tellBug(error: unknown): void {
    if (!(error instanceof RowgateError)) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.#tell({
        code: "bug",
        level: "error",
        message: describe(error).message,
        data: { stack },
      });
    }
  }
}

function isStoreFailure(error: unknown): error is RowgateError {
  return error instanceof RowgateError && error.code === "store-unwritable";
}
