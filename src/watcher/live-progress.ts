/** How far a deployment has come while it runs: shown, but not kept, for the databases know it. */
import type { DeployEvent } from "../domain/report.ts";
import type { SourceState, TargetProgress } from "../domain/watch.ts";
import type { Draft } from "./record.ts";

export class LiveProgress {
  readonly #applied = new Map<string, number>();
  #environment: string | undefined;

  take(event: DeployEvent, environment: string): void {
    this.#environment = environment;
    if (event.event === "connected") {
      this.#applied.set(event.target, 0);
    } else if (event.event === "committed") {
      const before = this.#applied.get(event.target) ?? 0;
      this.#applied.set(event.target, before + event.ids.length);
    }
  }

  clear(): void {
    this.#applied.clear();
    this.#environment = undefined;
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
    const applied = this.#applied.get(target.name);
    return applied === undefined ? target : { ...target, state: "deploying", applied };
  }
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
