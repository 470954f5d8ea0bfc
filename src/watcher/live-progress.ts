/** How far a deployment has come while it runs: shown, but not kept, for the databases know it. */
import type { DeployEvent } from "../domain/report.ts";
import type { SourceState, TargetProgress } from "../domain/watch.ts";
import type { Draft } from "./record.ts";

/** What a deployment took on one target, in milliseconds. */
export interface Course {
  /** Of each block that was committed, in order. */
  readonly blocksMs: readonly number[];
  /** For other deployments, and between tries. */
  readonly waitedMs: number;
}

interface OpenCourse extends Course {
  /** Of blocks that ran and are not committed yet. */
  readonly ranMs: readonly number[];
  /** Since when it waits for another deployment; undefined when it does not. */
  readonly waitingSince: number | undefined;
}

const BEGUN: OpenCourse = { blocksMs: [], waitedMs: 0, ranMs: [], waitingSince: undefined };

export class LiveProgress {
  readonly #courses = new Map<string, OpenCourse>();
  #environment: string | undefined;

  /** `now` is in milliseconds since some moment. */
  take(event: DeployEvent, environment: string, now: number): void {
    this.#environment = environment;
    const before = this.#courses.get(event.target) ?? BEGUN;
    this.#courses.set(event.target, followed(before, event, now));
  }

  clear(): void {
    this.#courses.clear();
    this.#environment = undefined;
  }

  courseOf(target: string): Course {
    const { blocksMs, waitedMs } = this.#courses.get(target) ?? BEGUN;
    return { blocksMs, waitedMs };
  }

  /** The state with the targets that are being deployed to. */
  over(state: SourceState): SourceState {
    const { candidate } = state;
    if (candidate === undefined || this.#environment === undefined) {
      return state;
    }

    const environments = candidate.environments.map((each) =>
      each.name === this.#environment
        ? Object.assign({}, each, {
            targets: each.targets.map((target) => this.#overTarget(target)),
          })
        : each,
    );
    return { ...state, candidate: { ...candidate, environments } };
  }

  #overTarget(target: TargetProgress): TargetProgress {
    const course = this.#courses.get(target.name);
    return course === undefined
      ? target
      : { ...target, state: "deploying", applied: course.blocksMs.length };
  }
}

function followed(before: OpenCourse, event: DeployEvent, now: number): OpenCourse {
  const { blocksMs, ranMs, waitingSince } = before;
  const waitedMs = before.waitedMs + (waitingSince === undefined ? 0 : now - waitingSince);
  const course = { ...before, waitedMs, waitingSince: undefined };

  switch (event.event) {
    case "waiting":
      return { ...course, ranMs: [], waitingSince: now };
    case "retrying":
      return { ...course, ranMs: [], waitedMs: waitedMs + event.delayMs };
    case "applied":
      return { ...course, ranMs: [...ranMs, event.durationMs] };
    case "committed":
      return { ...course, ranMs: [], blocksMs: [...blocksMs, ...ranMs] };
    case "connected":
    case "started":
    case "notice":
      break;
  }
  return course;
}

/** The event for what a deployment says; undefined for what only moves its progress. */
export function liveEvent(event: DeployEvent, environment: string): Draft | undefined {
  if (event.event === "waiting") {
    return {
      code: "lock.wait",
      level: "info",
      message: `${event.target}: waiting for another deployment: ${event.holder}`,
      data: { environment, target: event.target, blockers: event.holder },
    };
  }
  return event.event === "retrying"
    ? {
        code: "lock.retry",
        level: "info",
        message: `${event.target}: trying again: ${event.reason}`,
        data: { environment, target: event.target, reason: event.reason, ms: event.delayMs },
      }
    : undefined;
}
