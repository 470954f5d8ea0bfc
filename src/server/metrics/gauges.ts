/** How things are at the moment Prometheus asks. */
import type { Gauge, Registry } from "prom-client";
import type { CandidateState, SourceState, TargetProgress, WatchView } from "../../domain/watch.ts";
import { type Changes, isBehind, type Prometheus } from "./changes.ts";

export interface GaugeOptions {
  readonly view: WatchView;
  readonly changes: Changes;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Without labels of single targets: there may be thousands. */
export function addGauges(
  prometheus: Prometheus,
  registry: Registry,
  { view, changes, version, now }: GaugeOptions,
): void {
  const add = <T extends string>(
    name: string,
    description: { readonly help: string; readonly labels: readonly T[] },
    set: (gauge: Gauge<T>, source: SourceState) => void,
  ): void => {
    const gauge = new prometheus.Gauge({
      name,
      help: description.help,
      labelNames: description.labels,
      registers: [registry],
      collect() {
        gauge.reset();
        view.sources().forEach((source) => set(gauge, source));
      },
    });
  };

  addProcess(prometheus, registry, version);
  addSources(add);
  addCandidates(add, ({ name }) => {
    const since = changes.behindSince(name);
    return since === undefined ? 0 : Math.max(0, now() - since) / 1000;
  });
}

type Add = <T extends string>(
  name: string,
  description: { readonly help: string; readonly labels: readonly T[] },
  set: (gauge: Gauge<T>, source: SourceState) => void,
) => void;

function addProcess(prometheus: Prometheus, registry: Registry, version: string): void {
  const registers = [registry];
  new prometheus.Gauge({
    name: "rowgate_build_info",
    help: "Which Rowgate this is.",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
  new prometheus.Gauge({
    name: "rowgate_watch_leader",
    help: "1: this process is the one that watches.",
    registers,
  }).set(1);

  const memory: Gauge = new prometheus.Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of this process.",
    registers,
    collect: () => memory.set(process.memoryUsage.rss()),
  });
}

function addSources(add: Add): void {
  add(
    "rowgate_watch_last_success_timestamp_seconds",
    { help: "When the repository was reached last.", labels: ["watch"] },
    (gauge, { name, reachedAt }) =>
      gauge.set({ watch: name }, reachedAt === undefined ? 0 : Date.parse(reachedAt) / 1000),
  );
  add(
    "rowgate_watch_consecutive_failures",
    { help: "Questions to the repository in a row that failed.", labels: ["watch"] },
    (gauge, { name, failures }) => gauge.set({ watch: name }, failures),
  );
  add(
    "rowgate_watch_condition",
    { help: "1: it is so, for this reason.", labels: ["watch", "type", "reason"] },
    (gauge, source) => {
      for (const { type, holds, reason } of conditionsOf(source)) {
        gauge.set({ watch: source.name, type, reason: holds ? reason : "" }, holds ? 1 : 0);
      }
    },
  );
}

function addCandidates(add: Add, undeployedAge: (source: SourceState) => number): void {
  add(
    "rowgate_watch_candidate_state",
    { help: "1: the newest revision is in this state.", labels: ["watch", "state"] },
    (gauge, { name, candidate }) =>
      STATES.forEach((state) =>
        gauge.set({ watch: name, state }, candidate?.state === state ? 1 : 0),
      ),
  );
  add(
    "rowgate_watch_undeployed_age_seconds",
    { help: "Age of the oldest revision that is not deployed everywhere.", labels: ["watch"] },
    (gauge, source) => gauge.set({ watch: source.name }, undeployedAge(source)),
  );
  add(
    "rowgate_deploy_targets",
    { help: "Targets of the newest revision, by their state.", labels: ["watch", "state"] },
    (gauge, source) =>
      TARGET_STATES.forEach((state) =>
        gauge.set({ watch: source.name, state }, targetsIn(source, state)),
      ),
  );
  add(
    "rowgate_targets_behind",
    { help: "Targets that do not have the newest revision.", labels: ["watch"] },
    (gauge, source) => gauge.set({ watch: source.name }, targetsBehind(source)),
  );
}

const STATES: readonly CandidateState[] = [
  "seen",
  "fetched",
  "built",
  "waiting",
  "deploying",
  "deployed",
  "covered",
  "held",
  "failed",
  "superseded",
  "rejected",
];

const TARGET_STATES: readonly TargetProgress["state"][] = [
  "pending",
  "deploying",
  "deployed",
  "failed",
  "held",
];

interface Condition {
  readonly type: string;
  readonly holds: boolean;
  readonly reason: string;
}

function conditionsOf({
  trouble,
  paused,
  candidate,
  reachedAt,
}: SourceState): readonly Condition[] {
  const isReachable = reachedAt !== undefined && trouble === undefined;
  const isIn = (type: string, state: CandidateState): Condition => ({
    type,
    holds: candidate?.state === state,
    reason: candidate?.reason?.code ?? "",
  });

  return [
    { type: "SourceReachable", holds: isReachable, reason: "" },
    { type: "SourceTrouble", holds: trouble !== undefined, reason: trouble?.code ?? "" },
    { type: "Paused", holds: paused !== undefined, reason: "" },
    isIn("Waiting", "waiting"),
    isIn("Deploying", "deploying"),
    isIn("Held", "held"),
    isIn("Failed", "failed"),
    {
      type: "UpToDate",
      holds: candidate?.state === "deployed" || candidate?.state === "covered",
      reason: "",
    },
  ];
}

function targetsIn({ candidate }: SourceState, state: TargetProgress["state"]): number {
  const targets = candidate?.environments.flatMap((environment) => environment.targets) ?? [];
  return targets.filter((target) => target.state === state).length;
}

function targetsBehind(source: SourceState): number {
  const { candidate, environments } = source;
  if (!isBehind(source)) {
    return 0;
  }
  return environments.reduce((sum, { name, targets }) => {
    const progress = candidate?.environments.find((each) => each.name === name);
    const done = progress?.targets.filter(({ state }) => state === "deployed").length ?? 0;
    return sum + targets.length - done;
  }, 0);
}
