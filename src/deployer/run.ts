/** The state of one deployment to one target. */
import type { BlockHeader } from "../domain/block.ts";
import type { HistoryRow, PendingBlock } from "../domain/history.ts";
import type { DeployEvent } from "../domain/report.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { DeployRequest } from "./request.ts";
import type { Session } from "./session.ts";

/** An event without its target, which the run adds. */
type RunEvent = DeployEvent extends infer E
  ? E extends DeployEvent
    ? Omit<E, "target">
    : never
  : never;

export class Run {
  readonly request: DeployRequest;
  readonly session: Session;
  readonly clock: Clock;
  /** The history as it was read last, by id. */
  history: ReadonlyMap<string, HistoryRow> = new Map();
  /** Whether the versions table was seen. */
  hasTable = false;
  /** Whether an earlier deployment left its tools in the database. */
  isUnclosed = false;
  /** Whether the next transaction is the first of the deployment. */
  isFirst = true;
  /** Ids of the blocks that a dry run has run and undone, in order; undefined until then. */
  tried: readonly string[] | undefined;
  /** Off once the server said that it has no such setting. */
  watchesClient: boolean;
  readonly #applied: Set<string>;
  #pending: readonly PendingBlock[] | undefined;
  #left: string | undefined;

  constructor(request: DeployRequest, session: Session, applied: Set<string>) {
    this.request = request;
    this.session = session;
    this.clock = request.clock ?? systemClock;
    // PostgreSQL 14 brought the setting; PGlite has no client that could go away.
    this.watchesClient =
      session.serverVersion >= 140_000 && request.target.connection.driver === "pg";
    this.#applied = applied;
  }

  /** Ids of the blocks that this run applied and committed, in order. */
  get applied(): ReadonlySet<string> {
    return this.#applied;
  }

  /** Blocks that are still to do; empty before the first plan. */
  get pending(): readonly PendingBlock[] {
    return this.#pending ?? [];
  }

  get isPlanned(): boolean {
    return this.#pending !== undefined;
  }

  plan(pending: readonly PendingBlock[]): void {
    this.#pending = pending;
  }

  /** These blocks are done; `applied` are those of them that this run, and no other, applied. */
  settle(done: readonly BlockHeader[], applied: readonly string[]): void {
    const ids = new Set(done.map((block) => block.id));
    this.#pending = this.pending.filter(({ block }) => !ids.has(block.id));

    for (const id of applied) {
      this.#applied.add(id);
    }

    if (applied.length > 0) {
      this.tell({ event: "committed", ids: applied });
    }
  }

  /** The block was broken off after so many statements; `left` names what it left besides. */
  breakOff(block: BlockHeader, done: number, left?: string): void {
    this.#left = left;
    this.#pending = this.pending.map((pending) =>
      pending.block.id === block.id && done > 0
        ? { block: pending.block, reason: "resume", done }
        : pending,
    );
  }

  /** How far it came, for a message. */
  count(): string {
    const pending = this.isPlanned
      ? `${blocks(this.pending.length)} pending`
      : "what is pending is not known";

    return `${blocks(this.#applied.size)} applied, ${pending}`;
  }

  /** What state the database is in, for a message. */
  describe(): string {
    const broken = this.pending
      .filter(({ done }) => done > 0)
      .map(
        ({ block, done }) =>
          `block ${block.id} (${block.name}) is half done, after ${done} of its statements`,
      );
    const state = this.#left === undefined ? broken : [...broken, this.#left];

    return [this.count(), ...(state.length === 0 ? ["nothing is half done"] : state)].join(", ");
  }

  tell(event: RunEvent): void {
    this.request.onEvent({ ...event, target: this.request.target.name });
  }
}

function blocks(count: number): string {
  return count === 1 ? "1 block" : `${count} blocks`;
}
