/** Sources, revisions and answers for tests of the watcher's transitions. */
import { RowgateError } from "../../../src/domain/errors.ts";
import type { Fetched, Relation, Unverified } from "../../../src/domain/repository.ts";
import type { Outcome, TargetReport } from "../../../src/domain/report.ts";
import type { Candidate, Environment, WatchRequest } from "../../../src/domain/watch.ts";
import { parseWindow } from "../../../src/domain/window.ts";
import type { Outlook } from "../../../src/watcher/plan.ts";
import {
  type Change,
  newRecord,
  type SourceRecord,
  type SourceSettings,
} from "../../../src/watcher/record.ts";
import { built } from "../../../src/watcher/transitions/build.ts";
import { deployEnded } from "../../../src/watcher/transitions/deploy.ts";
import { fetched } from "../../../src/watcher/transitions/fetch.ts";
import { planned } from "../../../src/watcher/transitions/plan.ts";
import { probed } from "../../../src/watcher/transitions/probe.ts";
import { reminded } from "../../../src/watcher/transitions/remind.ts";
import { requested } from "../../../src/watcher/transitions/request.ts";

export const AT = "2026-11-25T12:00:00.000Z";
const courseOf = () => ({ blocksMs: [], waitedMs: 0 });
export const LATER = "2026-11-25T12:05:00.000Z";

export function environment(name: string, more: Partial<Environment> = {}): Environment {
  return {
    name,
    targets: [name],
    mode: "auto",
    window: undefined,
    concurrency: 1,
    approvalAgeMs: 3_600_000,
    ...more,
  };
}

export const DEV = environment("dev");
export const PROD = environment("prod", { mode: "approve", targets: ["eu", "us"] });
/** Open on Wednesdays in the morning; AT is a Wednesday, at noon. */
export const MORNINGS = environment("nights", { window: parseWindow("Wed 06:00-09:00 UTC") });

export function settings(...environments: readonly Environment[]): SourceSettings {
  return {
    name: "shop",
    address: "file:///shop.git",
    ref: "main",
    intervalMs: 30_000,
    settleMs: 10_000,
    onRewrite: "compare",
    remindAfterMs: 86_400_000,
    release: undefined,
    environments: environments.length === 0 ? [DEV] : environments,
  };
}

/** A record that goes from change to change. */
export class Story {
  readonly settings: SourceSettings;
  record: SourceRecord;
  /** Codes of the events of the last change. */
  told: readonly string[] = [];
  readonly all: string[] = [];

  constructor(of: SourceSettings = settings(), record: SourceRecord = newRecord(of)) {
    this.settings = of;
    this.record = record;
  }

  get candidate(): Candidate | undefined {
    return this.record.state.candidate;
  }

  /** The candidate's state, and that of each environment. */
  get states(): string {
    const { candidate } = this;
    const environments = (candidate?.environments ?? []).map(
      ({ name, state }) => `${name} ${state}`,
    );
    return [candidate?.state ?? "none", ...environments].join(", ");
  }

  take(change: Change): this {
    this.record = change.record;
    this.told = change.events.map(({ code }) => code);
    this.all.push(...this.told);
    return this;
  }

  probe(revision: string, trigger: Candidate["trigger"] = "poll"): this {
    return this.take(
      probed(this.record, { tip: { revision, name: "main" }, trigger, durationMs: 35, at: AT }),
    );
  }

  remind(): this {
    return this.take(reminded(this.record, AT));
  }

  fetch(
    content = "text",
    more: { relation?: Relation; unverified?: readonly Unverified[] } = {},
  ): this {
    const { relation = "forward", unverified = [] } = more;
    const here = fetchedOf(this.candidate?.revision ?? "", content, relation);
    return this.take(fetched(this.record, this.settings, { fetched: here, unverified, at: AT }));
  }

  build(checksum = "c1"): this {
    const bundle = { checksum, release: "r", blocks: 2 };
    return this.take(built(this.record, this.settings, { bundle, durationMs: 1, at: AT }));
  }

  plan(name: string, outlooks: readonly Outlook[], at = AT): this {
    const found = this.settings.environments.find((each) => each.name === name);
    if (found === undefined) {
      throw new Error(`no environment ${name}`);
    }
    return this.take(
      planned(this.record, { environment: found, outlooks, at, retryAt: LATER, dryRun: false }),
    );
  }

  end(name: string, reports: readonly TargetReport[]): this {
    return this.take(
      deployEnded(this.record, { environment: name, reports, courseOf, at: AT, retryAt: LATER }),
    );
  }

  ask(action: WatchRequest["action"], more: Partial<WatchRequest> = {}): this {
    const id = `${action}-${this.all.length}`;
    const request = { id, source: "shop", action, by: "ann", reason: undefined, plan: undefined };
    return this.take(requested(this.record, { ...request, ...more }, AT));
  }

  /** Up to a built script. */
  ready(revision = "r1", checksum = "c1"): this {
    return this.probe(revision).fetch(`text of ${checksum}`).build(checksum);
  }
}

export function fetchedOf(revision: string, content: string, relation: Relation): Fetched {
  const about = { id: revision, at: AT, author: "Ann", subject: `Change ${revision}` };
  return { revision: about, relation, since: [about], base: undefined, content, identity: "i" };
}

export function lacks(target: string, ...ids: readonly string[]): Outlook {
  const pending = ids.map((id) => ({ id, reason: "new", done: 0 }));
  return { target, head: `head of ${target}`, pending, conflict: undefined, error: undefined };
}

export function unreachable(
  target: string,
  code: "database-unreachable" | "login-refused",
): Outlook {
  return { ...lacks(target), error: new RowgateError(code, { message: "no way" }) };
}

export function conflicting(target: string): Outlook {
  return { ...lacks(target), conflict: new RowgateError("block-edited", { message: "edited" }) };
}

export function report(name: string, outcome: Outcome, code?: RowgateError["code"]): TargetReport {
  return {
    name,
    outcome,
    applied: outcome === "deployed" ? ["1"] : [],
    pending: [],
    durationMs: 1,
    error: code === undefined ? undefined : new RowgateError(code, { message: `it is ${code}` }),
  };
}
