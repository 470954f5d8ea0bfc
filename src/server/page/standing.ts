/** How a source stands, in one word and one reason. */
import type { Candidate, EnvironmentProgress, Reason, SourceState } from "../../domain/watch.ts";
import type { Tone } from "./tone.ts";

export interface Standing {
  readonly tone: Tone;
  /** Such as `Up to date`. */
  readonly word: string;
  /** Why it does not go on; undefined when nothing is in the way. */
  readonly reason: Reason | undefined;
}

/** What needs a person comes first; then what is in the way; then what goes on. */
export function standingOf(source: SourceState): Standing {
  const { candidate, trouble, paused } = source;
  const { state, reason } = candidate ?? {};

  if (candidate !== undefined && (state === "failed" || state === "held")) {
    return { ...stopped(candidate), reason };
  }
  if (trouble !== undefined) {
    return { tone: "held", word: "Cannot be asked", reason: trouble };
  }
  if (candidate !== undefined && !isUpToDate(candidate)) {
    return { ...goingOn(candidate), reason };
  }
  if (paused !== undefined) {
    return { tone: "waiting", word: "Paused", reason: pauseOf(source) };
  }
  return candidate === undefined
    ? { tone: "idle", word: "Not asked yet", reason: undefined }
    : { tone: "good", word: "Up to date", reason: undefined };
}

/** All environments have the candidate, or need nothing of it. */
export function isUpToDate({ state }: Candidate): boolean {
  return state === "deployed" || state === "covered";
}

/** Some of the targets have the candidate, and some do not because of a failure. */
export function isPartly({ targets, state }: EnvironmentProgress): boolean {
  return state === "failed" && targets.some((target) => target.state === "deployed");
}

function stopped({ state, environments }: Candidate): Omit<Standing, "reason"> {
  if (state === "held") {
    return { tone: "held", word: "Held" };
  }
  return { tone: "failed", word: environments.some(isPartly) ? "Partly failed" : "Failed" };
}

function goingOn({ state, reason }: Candidate): Omit<Standing, "reason"> {
  return state === "waiting"
    ? { tone: "waiting", word: WAITING[reason?.code ?? ""] ?? "Waiting" }
    : (GOING_ON[state] ?? { tone: "busy", word: "Planning" });
}

const GOING_ON: Partial<Record<Candidate["state"], Omit<Standing, "reason">>> = {
  seen: { tone: "busy", word: "New revision" },
  fetched: { tone: "busy", word: "Building" },
  deploying: { tone: "busy", word: "Deploying" },
  rejected: { tone: "idle", word: "Rejected" },
  superseded: { tone: "idle", word: "Superseded" },
};

const WAITING: Readonly<Record<string, string>> = {
  approval: "Waiting for approval",
  window: "Waiting for its window",
  paused: "Paused",
};

function pauseOf({ name, paused }: SourceState): Reason | undefined {
  if (paused === undefined) {
    return undefined;
  }
  const { by, reason } = paused;
  return {
    code: "paused",
    message: reason === "" ? `${by} paused the source` : `${by} paused the source: ${reason}`,
    command: `rowgate watch resume ${name}`,
    until: undefined,
  };
}
