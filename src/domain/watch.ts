/** What a watcher knows of its sources, as plain data: kept on disk, shown by commands and the page. */
import type { Relation } from "./repository.ts";
import type { Window } from "./window.ts";

/** How a revision gets into an environment. `window`: by itself, but only while it is open. */
export type GateMode = "auto" | "approve";

/** Where the revisions of a source go, and under which conditions. */
export interface Environment {
  readonly name: string;
  /** Names of targets; never empty. */
  readonly targets: readonly string[];
  readonly mode: GateMode;
  /** Deployments begin only while it is open; undefined when they always may. */
  readonly window: Window | undefined;
  /** Targets at the same time. */
  readonly concurrency: number;
  /** After this a plan that waits for an approval is made anew. */
  readonly approvalAgeMs: number;
}

/**
 * Where a revision stands.
 *
 * - `seen`: the reference points to it, and may still move. `fetched`, `built`: on its way.
 * - `waiting`: for an approval, a window, a pause to end, or the environment before it.
 * - `deploying`; `deployed`: in all environments. `covered`: nothing in it is to be deployed.
 * - `held`: a person must do something. `failed`: it cannot be built, or its SQL failed.
 * - `superseded`: a newer one took its place. `rejected`: a person refused it.
 */
export type CandidateState =
  | "seen"
  | "fetched"
  | "built"
  | "waiting"
  | "deploying"
  | "deployed"
  | "covered"
  | "held"
  | "failed"
  | "superseded"
  | "rejected";

/** Why something stands still, and what ends it. */
export interface Reason {
  /** Stable; such as `approval`, `window`, `paused`, `unverified`, or the code of a RowgateError. */
  readonly code: string;
  /** One sentence, lower case, without a full stop. */
  readonly message: string;
  /** The command that ends it; undefined when it ends by itself. */
  readonly command: string | undefined;
  /** When it ends by itself, UTC; undefined when that is not known. */
  readonly until: string | undefined;
}

/** A revision on its way to the environments of its source. */
export interface Candidate {
  readonly revision: string;
  /** What the reference led to, such as a tag. */
  readonly name: string;
  readonly state: CandidateState;
  /** UTC, ISO 8601. */
  readonly seenAt: string;
  readonly changedAt: string;
  /** What made the watcher look. */
  readonly trigger: "poll" | "hook" | "manual" | "start";
  readonly reason: Reason | undefined;
  /** Known once it is fetched. */
  readonly relation: Relation | undefined;
  readonly author: string | undefined;
  readonly subject: string | undefined;
  readonly committedAt: string | undefined;
  /** The repository's own value of what stands at the path; known once it is fetched. */
  readonly content: string | undefined;
  /** The checksum of its bundle, and how many blocks it has; known once it is built. */
  readonly bundle:
    | { readonly checksum: string; readonly release: string; readonly blocks: number }
    | undefined;
  /** In the order of promotion; those that were not reached yet are `pending`. */
  readonly environments: readonly EnvironmentProgress[];
}

/** How far a candidate has come in one environment. */
export interface EnvironmentProgress {
  readonly name: string;
  readonly state: "pending" | "waiting" | "deploying" | "deployed" | "held" | "failed";
  readonly reason: Reason | undefined;
  /** SHA-256 over the bundle, and what each target has and lacks: an approval is for this plan alone. */
  readonly plan: string | undefined;
  /** UTC, ISO 8601. */
  readonly plannedAt: string | undefined;
  readonly approvedBy: string | undefined;
  readonly targets: readonly TargetProgress[];
}

export interface TargetProgress {
  readonly name: string;
  readonly state: "pending" | "deploying" | "deployed" | "failed" | "held";
  /** Blocks that were to be applied, and that this run applied. */
  readonly pending: number;
  readonly applied: number;
  /** The error, as one line; undefined when nothing failed. */
  readonly error: string | undefined;
}

/** What an environment has. */
export interface Deployed {
  readonly revision: string;
  readonly identity: string;
  readonly content: string;
  readonly checksum: string;
  readonly release: string;
  /** Since when it has the bundle; UTC, ISO 8601. */
  readonly at: string;
  readonly subject: string;
}

/** One source and all that is known of it. */
export interface SourceState {
  readonly name: string;
  readonly address: string;
  readonly ref: string;
  /** In the order of promotion. */
  readonly environments: readonly Environment[];
  /** The repository could be asked at this time, last. */
  readonly reachedAt: string | undefined;
  readonly probedAt: string | undefined;
  /** How long the repository took for its last answer. */
  readonly probeMs: number | undefined;
  /** In a row; 0 after a success. */
  readonly failures: number;
  /** Why the repository cannot be asked; undefined when it can. */
  readonly trouble: Reason | undefined;
  readonly paused:
    | { readonly by: string; readonly reason: string; readonly at: string }
    | undefined;
  readonly candidate: Candidate | undefined;
  /** By the name of the environment; absent where nothing was deployed yet. */
  readonly deployed: Readonly<Record<string, Deployed>>;
  /** The id of the request that was handled last. */
  readonly handled: string | undefined;
}

/** What a person asks of a watcher. */
export interface WatchRequest {
  readonly id: string;
  readonly source: string;
  readonly action: "sync" | "pause" | "resume" | "approve" | "reject" | "retry";
  readonly by: string;
  readonly reason: string | undefined;
  /** For `approve` and `reject`: the plan that was seen; undefined for the one that waits. */
  readonly plan: string | undefined;
}

/** One line of the watcher's log and history; `code` is stable. */
export interface WatchEvent {
  readonly sequence: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly source: string;
  /** Such as `probe.changed`, `hold.set`, `deploy.end`. */
  readonly code: string;
  readonly level: "debug" | "info" | "warn" | "error";
  /** One sentence. */
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How the loop of one source gets on. */
export interface LoopHealth {
  readonly source: string;
  readonly intervalMs: number;
  /** Since it ended a step or a rest last, on a clock that never jumps. */
  readonly quietMs: number;
  /** Then it may be quiet for as long as the databases take. */
  readonly isDeploying: boolean;
}

/** A watcher, as commands and the page see it. */
export interface WatchView {
  /** In the order of rowgate.yaml. */
  sources(): readonly SourceState[];
  /** Those with a greater sequence, oldest first; at most 1,000, the newest. */
  events(after: number): readonly WatchEvent[];
  /** Hears each event once it is kept, and of each other change; returns what ends it. */
  subscribe(listener: (event: WatchEvent | undefined) => void): () => void;
  /** Hands a request in; the source's `handled` becomes its id once it was dealt with. */
  request(request: WatchRequest): Promise<void>;
  /** What a webhook does: the source is asked now. False when there is no such source. */
  wake(source: string): boolean;
  /** One for each source. */
  loops(): readonly LoopHealth[];
  /** Why nothing can be kept, so that nothing is done; undefined when all is well. */
  trouble(): Reason | undefined;
}
