/** What a watcher keeps of one source: what everybody may see, and what only it needs. */
import type {
  Candidate,
  Environment,
  EnvironmentProgress,
  SourceState,
  TargetProgress,
  WatchEvent,
} from "../domain/watch.ts";

export interface SourceRecord {
  readonly state: SourceState;
  readonly memory: Memory;
}

/** What must outlive the process, and no person asks for. */
export interface Memory {
  /** The object of the annotated tag that led to the candidate. */
  readonly tag: string | undefined;
  /** What the repository said of itself when the candidate was fetched. */
  readonly identity: string | undefined;
  /** After a start, and when a person asks: the next look at the repository leads to one at the databases. */
  readonly mustLook: boolean;
  /** The candidate is compared with the databases, whatever is known of its content. */
  readonly isThorough: boolean;
  /** The revision that was found everywhere last. */
  readonly ended: string | undefined;
  /** The gate that was passed last: a deployment that broke off goes on without asking again. */
  readonly passed: { readonly environment: string; readonly checksum: string } | undefined;
  /** What is not tried again by itself. */
  readonly failed: readonly FailedTarget[];
  readonly rejected: { readonly checksum: string; readonly by: string } | undefined;
  /** By kind of notification, what was said last: it is said once. */
  readonly notified: Readonly<Record<string, string>>;
  /** When people were told something last; UTC, ISO 8601. */
  readonly toldAt: string | undefined;
}

export interface FailedTarget {
  readonly environment: string;
  readonly target: string;
  readonly checksum: string;
  readonly code: string;
  readonly error: string;
}

/** An event that was not given its number, time and source yet. */
export type Draft = Pick<WatchEvent, "code" | "level" | "message" | "data">;

/** What a transition makes of a record, and what it tells. */
export interface Change {
  readonly record: SourceRecord;
  readonly events: readonly Draft[];
}

/** What rowgate.yaml says of a source, as far as its transitions depend on it. */
export interface SourceSettings {
  readonly name: string;
  /** Free of secrets. */
  readonly address: string;
  readonly ref: string;
  readonly intervalMs: number;
  readonly settleMs: number;
  readonly onRewrite: "compare" | "hold" | "ignore";
  /** After this, people are told again of what waits for them; 0 for never. */
  readonly remindAfterMs: number;
  /** Undefined when each revision has its own. */
  readonly release: string | undefined;
  readonly environments: readonly Environment[];
}

export function newRecord(settings: SourceSettings): SourceRecord {
  const { name, address, ref, environments } = settings;
  return {
    state: {
      name,
      address,
      ref,
      environments,
      reachedAt: undefined,
      probedAt: undefined,
      probeMs: undefined,
      failures: 0,
      trouble: undefined,
      paused: undefined,
      candidate: undefined,
      deployed: {},
      handled: undefined,
    },
    memory: {
      tag: undefined,
      identity: undefined,
      mustLook: true,
      isThorough: false,
      ended: undefined,
      passed: undefined,
      failed: [],
      rejected: undefined,
      notified: {},
      toldAt: undefined,
    },
  };
}

/**
 * What a process goes on from that finds the record of another. Nothing is believed that a database
 * can tell: the candidate is fetched, built and compared again.
 */
export function resumed(record: SourceRecord, settings: SourceSettings): SourceRecord {
  const { name, address, ref, environments } = settings;
  const names = new Set(environments.map((environment) => environment.name));
  const { candidate, deployed } = record.state;
  const kept = candidate === undefined ? undefined : resumedCandidate(candidate);

  return {
    state: {
      ...record.state,
      name,
      address,
      ref,
      environments,
      trouble: undefined,
      failures: 0,
      candidate: kept,
      deployed: Object.fromEntries(Object.entries(deployed).filter(([key]) => names.has(key))),
    },
    memory: { ...record.memory, mustLook: true },
  };
}

/** States in which nothing more happens to a candidate by itself, whatever time it is. */
export function hasEnded({ state }: Candidate): boolean {
  return (
    state === "deployed" || state === "covered" || state === "superseded" || state === "rejected"
  );
}

/** A candidate of a source that was just seen. */
export function newCandidate(
  tip: { readonly revision: string; readonly name: string },
  trigger: Candidate["trigger"],
  at: string,
): Candidate {
  return {
    ...tip,
    state: "seen",
    seenAt: at,
    changedAt: at,
    trigger,
    reason: undefined,
    relation: undefined,
    author: undefined,
    subject: undefined,
    committedAt: undefined,
    content: undefined,
    bundle: undefined,
    environments: [],
  };
}

export function newProgress(environment: Environment): EnvironmentProgress {
  return {
    name: environment.name,
    state: "pending",
    reason: undefined,
    plan: undefined,
    plannedAt: undefined,
    approvedBy: undefined,
    targets: environment.targets.map(newTarget),
  };
}

/** The record with other fields of its candidate; the same record when it has none. */
export function withCandidate(
  record: SourceRecord,
  fields: Partial<Candidate>,
  at: string,
): SourceRecord {
  const { candidate } = record.state;
  return candidate === undefined
    ? record
    : withState(record, { candidate: { ...candidate, ...fields, changedAt: at } });
}

export function withState(record: SourceRecord, fields: Partial<SourceState>): SourceRecord {
  return { ...record, state: { ...record.state, ...fields } };
}

export function withMemory(record: SourceRecord, fields: Partial<Memory>): SourceRecord {
  return { ...record, memory: { ...record.memory, ...fields } };
}

/** The environments of a candidate, with other fields of one of them. */
export function withProgress(
  candidate: Candidate,
  name: string,
  fields: Partial<EnvironmentProgress>,
): readonly EnvironmentProgress[] {
  return candidate.environments.map((each) => (each.name === name ? { ...each, ...fields } : each));
}

function resumedCandidate(candidate: Candidate): Candidate {
  return hasEnded(candidate) ? candidate : { ...candidate, state: "seen", reason: undefined };
}

function newTarget(name: string): TargetProgress {
  return { name, state: "pending", pending: 0, applied: 0, error: undefined };
}
