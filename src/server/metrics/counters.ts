/** Counts and durations that the events of a watcher tell. */
import type { Counter, Histogram, Registry } from "prom-client";
import type { WatchEvent, WatchView } from "../../domain/watch.ts";
import type { Prometheus } from "./changes.ts";

export type HookResult = "accepted" | "repeated" | "rejected" | "limited" | "unknown";

export interface EventCounters {
  count(event: WatchEvent): void;
  countHook(result: HookResult): void;
}

const SHORT_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];
const LONG_S = [5, 15, 30, 60, 300, 900, 3600, 14_400, 86_400, 604_800];

export function countEvents(
  prometheus: Prometheus,
  registry: Registry,
  view: WatchView,
): EventCounters {
  const counters = createCounters(prometheus, registry);
  const takers = createTakers(counters, view);

  return {
    countHook: (result) => counters.hooks.inc({ result }),
    count: (event) => takers[event.code]?.(event),
  };
}

/** What is done with an event, by its code. */
type Takers = Readonly<Record<string, (event: WatchEvent) => void>>;

function createTakers(counters: Counters, view: WatchView): Takers {
  const countRewrite = ({ source }: WatchEvent): void => counters.rewrites.inc({ watch: source });
  const observeTarget = ({ source, data }: WatchEvent): void => {
    observe(counters.target, source, data["ms"]);
    observe(counters.lockWait, source, data["waitedMs"]);
    for (const ms of Array.isArray(data["blocksMs"]) ? data["blocksMs"] : []) {
      observe(counters.block, source, ms);
    }
  };

  return {
    "candidate.superseded": ({ source }) => counters.superseded.inc({ watch: source }),
    "source.rewritten": countRewrite,
    "source.rewound": countRewrite,
    "source.unrelated": countRewrite,
    "bundle.built": ({ source, data }) => observe(counters.build, source, data["ms"]),
    "target.ok": observeTarget,
    "target.failed": observeTarget,
    "lock.retry": ({ source }) => counters.retries.inc({ watch: source }),
    "deploy.end": ({ source, data }) =>
      counters.runs.inc({ watch: source, result: resultOf(data) }),
    "gate.approved": (event) => observe(counters.approval, event.source, approvalWait(view, event)),
    "candidate.deployed": (event) => observe(counters.lead, event.source, leadTime(view, event)),
  };
}

interface Counters {
  readonly superseded: Counter<"watch">;
  readonly rewrites: Counter<"watch">;
  readonly runs: Counter<"watch" | "result">;
  readonly retries: Counter<"watch">;
  readonly hooks: Counter<"result">;
  readonly build: Histogram<"watch">;
  readonly target: Histogram<"watch">;
  readonly block: Histogram<"watch">;
  readonly lockWait: Histogram<"watch">;
  readonly approval: Histogram<"watch">;
  readonly lead: Histogram<"watch">;
}

function createCounters(prometheus: Prometheus, registry: Registry): Counters {
  const counter = <T extends string>(name: string, help: string, labels: readonly T[]) =>
    new prometheus.Counter({ name, help, labelNames: labels, registers: [registry] });
  const histogram = (name: string, help: string, buckets: number[]): Histogram<"watch"> =>
    new prometheus.Histogram({ name, help, buckets, labelNames: ["watch"], registers: [registry] });

  return {
    superseded: counter(
      "rowgate_watch_superseded_total",
      "Revisions whose place a newer one took.",
      ["watch"],
    ),
    rewrites: counter(
      "rowgate_watch_rewrites_total",
      "Revisions that do not follow the deployed one.",
      ["watch"],
    ),
    runs: counter("rowgate_deploy_runs_total", "Deployments to an environment, by their end.", [
      "watch",
      "result",
    ]),
    retries: counter("rowgate_lock_retries_total", "Tries again, for want of a lock.", ["watch"]),
    hooks: counter("rowgate_hook_requests_total", "Webhooks, by what became of them.", ["result"]),
    build: histogram("rowgate_bundle_build_seconds", "Exporting and building a revision.", SHORT_S),
    target: histogram("rowgate_deploy_target_seconds", "One target of a deployment.", SHORT_S),
    block: histogram("rowgate_deploy_block_seconds", "One block of a deployment.", SHORT_S),
    lockWait: histogram("rowgate_lock_wait_seconds", "Waiting for others on a target.", SHORT_S),
    approval: histogram("rowgate_approval_wait_seconds", "From a plan to its approval.", LONG_S),
    lead: histogram(
      "rowgate_watch_lead_time_seconds",
      "From a commit to deployed everywhere.",
      LONG_S,
    ),
  };
}

function observe(histogram: Histogram<"watch">, watch: string, ms: unknown): void {
  if (typeof ms === "number" && Number.isFinite(ms)) {
    histogram.observe({ watch }, Math.max(0, ms) / 1000);
  }
}

function resultOf({ done, failed }: WatchEvent["data"]): "ok" | "partial" | "failed" {
  if (failed === 0) {
    return "ok";
  }
  return done === 0 ? "failed" : "partial";
}

/** In milliseconds; undefined when the source has another candidate by now. */
function leadTime(view: WatchView, { source, at, data }: WatchEvent): number | undefined {
  const { candidate } = view.sources().find(({ name }) => name === source) ?? {};
  return candidate?.committedAt === undefined || candidate.revision !== data["revision"]
    ? undefined
    : Date.parse(at) - Date.parse(candidate.committedAt);
}

function approvalWait(view: WatchView, { source, at, data }: WatchEvent): number | undefined {
  const { candidate } = view.sources().find(({ name }) => name === source) ?? {};
  const plannedAt = candidate?.environments.find(
    ({ name }) => name === data["environment"],
  )?.plannedAt;
  return plannedAt === undefined ? undefined : Date.parse(at) - Date.parse(plannedAt);
}
