/** What becomes of a record when a person asks for something. */
import type { EnvironmentProgress, WatchRequest } from "../../domain/watch.ts";
import { rejectedReason } from "../reasons.ts";
import {
  type Change,
  type Draft,
  type SourceRecord,
  withCandidate,
  withMemory,
  withProgress,
  withState,
} from "../record.ts";
import { short } from "./probe.ts";

/** The request is dealt with, or refused: `handled` has its id in either case. */
export function requested(record: SourceRecord, request: WatchRequest, at: string): Change {
  if (record.state.handled === request.id) {
    return { record, events: [] };
  }
  const change = ACTIONS[request.action](record, request, at);
  const data = { request: request.id, by: request.by, action: request.action };

  return {
    record: withState(change.record, { handled: request.id }),
    events: change.events.map(({ code, level, message, data: more }) => ({
      code,
      level,
      message,
      data: { ...data, ...more },
    })),
  };
}

type Action = (record: SourceRecord, request: WatchRequest, at: string) => Change;

const ACTIONS: Readonly<Record<WatchRequest["action"], Action>> = {
  sync: (record, { by }) => ({
    record: withMemory(record, { mustLook: true }),
    events: [done("sync", `${by} asked for a look at the repository and the databases`)],
  }),
  pause: (record, { by, reason = "" }, at) => ({
    record: withState(record, { paused: { by, reason, at } }),
    events: [done("pause", `${by} paused the source${reason === "" ? "" : `: ${reason}`}`)],
  }),
  resume: (record, { by }) =>
    record.state.paused === undefined
      ? refused(record, "the source is not paused")
      : {
          record: withState(record, { paused: undefined }),
          events: [done("resume", `${by} resumed the source`)],
        },
  approve,
  reject,
  retry,
};

function approve(record: SourceRecord, request: WatchRequest, at: string): Change {
  const { candidate } = record.state;
  const waiting = waitingFor(record);
  if (candidate === undefined || waiting === undefined) {
    return refused(record, "nothing waits for an approval");
  }
  if (!isMeant(request.plan, waiting)) {
    return refused(
      record,
      `the plan ${request.plan?.slice(0, 12) ?? ""} is not the one that waits, which is ${waiting.plan?.slice(0, 12) ?? ""}`,
    );
  }

  const environments = withProgress(candidate, waiting.name, { approvedBy: request.by });
  return {
    record: withCandidate(record, { environments }, at),
    events: [
      {
        code: "gate.approved",
        level: "info",
        message: `${request.by} approved ${short(candidate.revision)} for ${waiting.name}`,
        data: {
          revision: candidate.revision,
          environment: waiting.name,
          hash: waiting.plan,
          comment: request.reason,
        },
      },
    ],
  };
}

function reject(record: SourceRecord, request: WatchRequest, at: string): Change {
  const { candidate, name } = record.state;
  const waiting = waitingFor(record);
  if (candidate?.bundle === undefined || waiting === undefined) {
    return refused(record, "nothing waits for an approval");
  }
  if (!isMeant(request.plan, waiting)) {
    return refused(record, "the plan that waits is another by now");
  }

  const reason = rejectedReason(name, request.by, request.reason);
  const environments = withProgress(candidate, waiting.name, { state: "held", reason });
  return {
    record: withMemory(withCandidate(record, { state: "rejected", reason, environments }, at), {
      rejected: { checksum: candidate.bundle.checksum, by: request.by },
    }),
    events: [
      {
        code: "candidate.rejected",
        level: "warn",
        message: `${request.by} rejected ${short(candidate.revision)} for ${waiting.name}`,
        data: {
          revision: candidate.revision,
          environment: waiting.name,
          comment: request.reason,
          outcome: "rejected",
        },
      },
    ],
  };
}

/** From the beginning: what failed, was held or rejected is tried again once the repository was asked. */
function retry(record: SourceRecord, { by }: WatchRequest): Change {
  return {
    record: withMemory(record, { mustLook: true, failed: [], rejected: undefined }),
    events: [done("retry", `${by} asked for another try`)],
  };
}

/** The environment whose plan can be approved. */
function waitingFor({ state }: SourceRecord): EnvironmentProgress | undefined {
  return state.candidate?.environments.find(
    (each) =>
      each.state === "waiting" &&
      each.plan !== undefined &&
      each.approvedBy === undefined &&
      state.environments.some(({ name, mode }) => name === each.name && mode === "approve"),
  );
}

/** A plan may be named by its beginning, of 8 digits at least. */
function isMeant(plan: string | undefined, waiting: EnvironmentProgress): boolean {
  return plan === undefined || (plan.length >= 8 && waiting.plan?.startsWith(plan) === true);
}

function done(action: string, message: string): Draft {
  return { code: `request.${action}`, level: "info", message, data: {} };
}

function refused(record: SourceRecord, message: string): Change {
  return { record, events: [{ code: "request.refused", level: "warn", message, data: {} }] };
}
