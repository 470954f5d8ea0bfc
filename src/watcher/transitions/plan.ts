/** What becomes of a record when the databases of an environment were asked. */
import type { RowgateError } from "../../domain/errors.ts";
import type { Environment, Reason, TargetProgress } from "../../domain/watch.ts";
import { gateOf } from "../gate.ts";
import { type Outlook, planHash } from "../plan.ts";
import { describe, failureReason, persistenceOf } from "../reasons.ts";
import {
  type Change,
  type Draft,
  type SourceRecord,
  withCandidate,
  withMemory,
  withProgress,
} from "../record.ts";
import { arrived } from "./finish.ts";
import { short } from "./probe.ts";
import { stopped } from "./stop.ts";

export interface Planned {
  readonly environment: Environment;
  readonly outlooks: readonly Outlook[];
  readonly at: string;
  /** When a target that cannot be asked is asked again. */
  readonly retryAt: string;
  readonly dryRun: boolean;
}

/** Nothing is pending, something forbids it, it waits, or it begins. */
export function planned(record: SourceRecord, facts: Planned): Change {
  const { candidate } = record.state;
  if (candidate?.bundle === undefined) {
    return { record, events: [] };
  }

  const { environment, outlooks, at } = facts;
  const fault = faultOf(record, facts);
  const environments = withProgress(candidate, environment.name, {
    targets: outlooks.map(targetOf),
  });
  const looked = withCandidate(record, { environments }, at);

  if (fault !== undefined) {
    return stopped(looked, { ...fault, at, environment: environment.name });
  }
  return outlooks.every(({ pending }) => pending.length === 0)
    ? nothingToDo(looked, facts)
    : decided(looked, planHash(candidate.bundle.checksum, outlooks), facts);
}

/** A target cannot be asked, its history forbids the bundle, or the bundle has failed on it before. */
function faultOf(
  { state, memory }: SourceRecord,
  { outlooks, retryAt, environment }: Planned,
): { readonly state: "waiting" | "held" | "failed"; readonly reason: Reason } | undefined {
  const { name, candidate } = state;
  const unasked = outlooks.find(({ error }) => error !== undefined);
  const forbidden = outlooks.find(({ conflict }) => conflict !== undefined);

  if (unasked?.error !== undefined) {
    return { ...targetFault(name, unasked.error, { target: unasked.target, retryAt }) };
  }
  if (forbidden?.conflict !== undefined) {
    return targetFault(name, forbidden.conflict, { target: forbidden.target, retryAt });
  }

  const failed = memory.failed.find(
    (each) =>
      each.environment === environment.name &&
      each.checksum === candidate?.bundle?.checksum &&
      outlooks.some(({ target, pending }) => target === each.target && pending.length > 0),
  );
  return failed === undefined
    ? undefined
    : {
        state: "failed",
        reason: failureReason(name, { code: failed.code, message: failed.error }),
      };
}

/** How an error on a target leaves its environment. */
export function targetFault(
  source: string,
  error: RowgateError,
  { target, retryAt }: { readonly target: string; readonly retryAt: string },
): { readonly state: "waiting" | "held"; readonly reason: Reason } {
  const { code, message } = describe(error);
  const persistence = persistenceOf(code);
  const said = { code, message: `${target}: ${message}` };
  return {
    state: persistence === "repeat" ? "waiting" : "held",
    reason: failureReason(source, said, persistence === "stop" ? undefined : retryAt),
  };
}

function nothingToDo(record: SourceRecord, { environment, at }: Planned): Change {
  const change = arrived(record, environment.name, at);
  const revision = record.state.candidate?.revision ?? "";
  const told: Draft = {
    code: "plan.empty",
    level: "info",
    message: `${environment.name} has all of ${short(revision)}`,
    data: { revision, environment: environment.name },
  };
  return { ...change, events: [told, ...change.events] };
}

/** An approval is for the plan that was seen: it is void for another. */
function decided(record: SourceRecord, plan: string, facts: Planned): Change {
  const { environment, at, outlooks } = facts;
  const { candidate } = record.state;
  const progress = candidate?.environments.find(({ name }) => name === environment.name);
  if (candidate === undefined || progress === undefined) {
    return { record, events: [] };
  }

  const isSame = progress.plan === plan && !hasExpired(environment, progress.plannedAt, at);
  const environments = withProgress(candidate, environment.name, {
    plan,
    plannedAt: isSame ? progress.plannedAt : at,
    approvedBy: isSame ? progress.approvedBy : undefined,
  });
  const told = isSame ? [] : planReady(record, plan, facts);
  const isVoid = !isSame && progress.approvedBy !== undefined;
  const change = entered(withCandidate(record, { environments }, at), facts);

  return {
    ...change,
    events: [
      ...told,
      ...(isVoid ? [voided(candidate.revision, environment.name, outlooks)] : []),
      ...change.events,
    ],
  };
}

/** Through the gate, or up to it. */
function entered(record: SourceRecord, { environment, at, dryRun }: Planned): Change {
  const { candidate, name } = record.state;
  const reason = dryRun ? DRY_RUN : gateOf(record, environment, Date.parse(at));
  if (candidate?.bundle === undefined) {
    return { record, events: [] };
  }

  if (reason !== undefined) {
    const isNew = candidate.reason?.code !== reason.code || candidate.state !== "waiting";
    const environments = withProgress(candidate, environment.name, { state: "waiting", reason });
    return {
      record: withCandidate(record, { state: "waiting", reason, environments }, at),
      events: isNew ? [gateWaiting(candidate.revision, environment.name, reason)] : [],
    };
  }

  const { checksum } = candidate.bundle;
  const environments = withProgress(candidate, environment.name, {
    state: "deploying",
    reason: undefined,
  });
  return {
    record: withMemory(
      withCandidate(record, { state: "deploying", reason: undefined, environments }, at),
      { passed: { environment: environment.name, checksum } },
    ),
    events: [deployStart(name, candidate.revision, environment)],
  };
}

const DRY_RUN: Reason = {
  code: "dry-run",
  message: "a dry run deploys nothing",
  command: undefined,
  until: undefined,
};

function targetOf({ target, pending, error, conflict }: Outlook): TargetProgress {
  const fault = error ?? conflict;
  return {
    name: target,
    state: fault !== undefined ? "held" : pending.length === 0 ? "deployed" : "pending",
    pending: pending.length,
    applied: 0,
    error: fault === undefined ? undefined : describe(fault).message,
  };
}

function hasExpired(environment: Environment, plannedAt: string | undefined, at: string): boolean {
  return (
    environment.mode === "approve" &&
    Date.parse(at) >= Date.parse(plannedAt ?? "") + environment.approvalAgeMs
  );
}

function planReady(record: SourceRecord, plan: string, facts: Planned): readonly Draft[] {
  const { environment, outlooks } = facts;
  const behind = outlooks.filter(({ pending }) => pending.length > 0);
  const blocks = Math.max(...behind.map(({ pending }) => pending.length));

  return [
    {
      code: "plan.ready",
      level: "info",
      message: `${environment.name} lacks ${blocks} blocks on ${behind.length} of ${outlooks.length} targets`,
      data: {
        revision: record.state.candidate?.revision,
        environment: environment.name,
        hash: plan,
        targets: outlooks.map(({ target, pending }) => ({
          target,
          pending: pending.map(({ id }) => id),
        })),
      },
    },
  ];
}

function voided(revision: string, environment: string, outlooks: readonly Outlook[]): Draft {
  return {
    code: "gate.void",
    level: "warn",
    message: `the approval for ${environment} is void, because what its targets have and lack has changed`,
    data: { revision, environment, targets: outlooks.map(({ target }) => target) },
  };
}

function gateWaiting(revision: string, environment: string, reason: Reason): Draft {
  return {
    code: "gate.waiting",
    level: "info",
    message: `${environment} ${reason.message}`,
    data: {
      revision,
      environment,
      reason: reason.code,
      command: reason.command,
      until: reason.until,
      outcome: "waiting",
    },
  };
}

function deployStart(source: string, revision: string, environment: Environment): Draft {
  return {
    code: "deploy.start",
    level: "info",
    message: `deploying ${short(revision)} of ${source} to ${environment.name}`,
    data: { revision, environment: environment.name, targets: environment.targets },
  };
}
