/** Sources in every state that the page has to show. */
import type {
  Candidate,
  Environment,
  EnvironmentProgress,
  Reason,
  SourceState,
  TargetProgress,
} from "../../../src/domain/watch.ts";
import { parseWindow } from "../../../src/domain/window.ts";

/** The time at which all of it is so. */
export const NOW = Date.parse("2026-11-25T12:00:00.000Z");

const REVISION = "4f1c2e9a7b3d5f60718293a4b5c6d7e8f9012345";
const OLD_REVISION = "9a8b7c6d5e4f30211203f4e5d6c7b8a901234567";
export const PLAN = "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e";

export function before(seconds: number, now = NOW): string {
  return new Date(now - seconds * 1000).toISOString();
}

const ENVIRONMENTS: readonly Environment[] = [
  environment("dev", ["dev"]),
  {
    ...environment("staging", ["staging"]),
    window: parseWindow("Mon-Fri 08:00-18:00 Europe/Berlin"),
  },
  {
    ...environment("prod", ["prod-eu", "prod-us", "prod-ap", "prod-sa"]),
    mode: "approve",
    concurrency: 2,
  },
];

export function environment(name: string, targets: readonly string[]): Environment {
  return {
    name,
    targets,
    mode: "auto",
    window: undefined,
    concurrency: 1,
    approvalAgeMs: 86_400_000,
  };
}

/** Everything has the newest revision. */
export function upToDate(name = "shop", now = NOW): SourceState {
  const deployed = {
    revision: REVISION,
    identity: "git",
    content: "tree-new",
    checksum: "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
    release: "2.14.0",
    at: before(5400, now),
    subject: "Add orders.shipped_at, and fill it in batches",
  };
  return {
    name,
    address: "https://git.example.com/shop/database.git",
    ref: "main",
    environments: ENVIRONMENTS,
    reachedAt: before(12, now),
    probedAt: before(12, now),
    probeMs: 35,
    failures: 0,
    trouble: undefined,
    paused: undefined,
    candidate: candidate(
      { state: "deployed", environments: ENVIRONMENTS.map((each) => progress(each, "deployed")) },
      now,
    ),
    deployed: Object.fromEntries(ENVIRONMENTS.map((each) => [each.name, deployed])),
    handled: undefined,
  };
}

export function candidate(fields: Partial<Candidate>, now = NOW): Candidate {
  return {
    revision: REVISION,
    name: "main",
    state: "seen",
    seenAt: before(7200, now),
    changedAt: before(5400, now),
    trigger: "hook",
    reason: undefined,
    relation: "forward",
    author: "Ann Example",
    subject: "Add orders.shipped_at, and fill it in batches",
    committedAt: before(7260, now),
    content: "tree-new",
    bundle: { checksum: "5e884898da28", release: "2.14.0", blocks: 148 },
    environments: [],
    ...fields,
  };
}

export function progress(
  { name, targets }: Environment,
  state: EnvironmentProgress["state"],
  fields: Partial<EnvironmentProgress> = {},
): EnvironmentProgress {
  const target = state === "deployed" ? "deployed" : "pending";
  return {
    name,
    state,
    reason: undefined,
    plan: undefined,
    plannedAt: undefined,
    approvedBy: undefined,
    targets: targets.map((each) => targetProgress(each, target)),
    ...fields,
  };
}

export function targetProgress(
  name: string,
  state: TargetProgress["state"],
  fields: Partial<TargetProgress> = {},
): TargetProgress {
  return { name, state, pending: 0, applied: 0, error: undefined, ...fields };
}

/** A newer revision than the deployed one, with the environments as they come. */
function behind(
  fields: Partial<Candidate>,
  { now, reached }: { readonly now: number; readonly reached: number },
): SourceState {
  const source = upToDate("shop", now);
  const [first] = Object.values(source.deployed);
  const old = first && {
    ...first,
    revision: OLD_REVISION,
    release: "2.13.2",
    at: before(4 * 86_400, now),
    subject: "Drop the index nobody used",
  };
  const deployed = Object.entries(source.deployed).map(
    ([name, each], index) =>
      [name, index < reached ? { ...each, at: before(40, now) } : (old ?? each)] as const,
  );
  return {
    ...source,
    deployed: Object.fromEntries(deployed),
    candidate: candidate(
      {
        seenAt: before(95, now),
        committedAt: before(140, now),
        changedAt: before(8, now),
        ...fields,
      },
      now,
    ),
  };
}

const [DEV, STAGING, PROD] = ENVIRONMENTS as readonly [Environment, Environment, Environment];

export function settling(now = NOW): SourceState {
  return behind(
    {
      state: "seen",
      content: undefined,
      bundle: undefined,
      author: undefined,
      subject: undefined,
      committedAt: undefined,
      relation: undefined,
    },
    { now, reached: 0 },
  );
}

export function deploying(now = NOW): SourceState {
  const targets = [
    targetProgress("prod-eu", "deployed", { pending: 3, applied: 3 }),
    targetProgress("prod-us", "deploying", { pending: 3, applied: 1 }),
    targetProgress("prod-ap", "pending", { pending: 3 }),
    targetProgress("prod-sa", "pending", { pending: 3 }),
  ];
  return behind(
    {
      state: "deploying",
      environments: [
        progress(DEV, "deployed"),
        progress(STAGING, "deployed"),
        progress(PROD, "deploying", {
          plan: PLAN,
          plannedAt: before(60, now),
          approvedBy: "ann",
          targets,
        }),
      ],
    },
    { now, reached: 2 },
  );
}

export function waitingForApproval(now = NOW): SourceState {
  const reason: Reason = {
    code: "approval",
    message: "waits for an approval of its plan",
    command: `rowgate watch approve shop --plan ${PLAN.slice(0, 12)}`,
    until: before(-86_000, now),
  };
  const targets = PROD.targets.map((name) => targetProgress(name, "pending", { pending: 3 }));
  return behind(
    {
      state: "waiting",
      reason,
      environments: [
        progress(DEV, "deployed"),
        progress(STAGING, "deployed"),
        progress(PROD, "waiting", { plan: PLAN, plannedAt: before(400, now), reason, targets }),
      ],
    },
    { now, reached: 2 },
  );
}

export function held(now = NOW): SourceState {
  const reason: Reason = {
    code: "block-edited",
    message:
      "staging: db/0042_orders.sql was edited after it had been applied (checksum 9f86d081 there, 2c26b46b here)",
    command: "rowgate watch retry shop",
    until: undefined,
  };
  const targets = [targetProgress("staging", "held", { error: reason.message.slice(9) })];
  return behind(
    {
      state: "held",
      reason,
      relation: "rewritten",
      environments: [
        progress(DEV, "deployed"),
        progress(STAGING, "held", { reason, targets }),
        progress(PROD, "pending"),
      ],
    },
    { now, reached: 1 },
  );
}

export function partlyFailed(now = NOW): SourceState {
  const error =
    'db/0043_refunds.sql:12:3: column "amount" of relation "refunds" contains null values';
  const reason: Reason = {
    code: "sql-failed",
    message: `prod-us: ${error}`,
    command: "rowgate watch retry shop",
    until: undefined,
  };
  const targets = [
    targetProgress("prod-eu", "deployed", { pending: 3, applied: 3 }),
    targetProgress("prod-us", "failed", { pending: 2, applied: 1, error }),
    targetProgress("prod-ap", "deployed", { pending: 3, applied: 3 }),
    targetProgress("prod-sa", "pending", { pending: 3 }),
  ];
  return behind(
    {
      state: "failed",
      reason,
      environments: [
        progress(DEV, "deployed"),
        progress(STAGING, "deployed"),
        progress(PROD, "failed", {
          plan: PLAN,
          plannedAt: before(60, now),
          approvedBy: "ann",
          reason,
          targets,
        }),
      ],
    },
    { now, reached: 2 },
  );
}

export function unreachable(now = NOW): SourceState {
  return {
    ...upToDate("shop", now),
    reachedAt: before(1800, now),
    failures: 7,
    trouble: {
      code: "repository-unreachable",
      message:
        "https://git.example.com/shop/database.git does not answer: could not resolve host git.example.com",
      command: "rowgate watch sync shop",
      until: before(-200, now),
    },
  };
}
