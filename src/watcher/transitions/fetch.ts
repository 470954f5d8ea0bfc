/** What becomes of a record when a revision was fetched. */
import type { Fetched, Unverified } from "../../domain/repository.ts";
import { failureReason } from "../reasons.ts";
import {
  type Change,
  type Draft,
  type SourceRecord,
  type SourceSettings,
  withCandidate,
  withMemory,
} from "../record.ts";
import { covered } from "./finish.ts";
import { stopped } from "./stop.ts";
import { short } from "./probe.ts";

export interface Arrived {
  readonly fetched: Fetched;
  readonly unverified: readonly Unverified[];
  readonly at: string;
}

/** The revision is here: it is covered when all environments have this content, or held for what it is. */
export function fetched(record: SourceRecord, settings: SourceSettings, facts: Arrived): Change {
  const { revision, relation, content, identity } = facts.fetched;
  const here = withMemory(
    withCandidate(
      record,
      {
        state: "fetched",
        reason: undefined,
        relation,
        author: revision.author,
        subject: revision.subject,
        committedAt: revision.at,
        content,
      },
      facts.at,
    ),
    { identity },
  );
  const told = [...included(facts.fetched), ...rewrite(settings, facts.fetched), verdict(facts)];
  const change = judged(here, settings, facts);

  return { ...change, events: [...told, ...change.events] };
}

function judged(record: SourceRecord, settings: SourceSettings, facts: Arrived): Change {
  const { relation, revision, content } = facts.fetched;
  const { deployed, name } = record.state;

  if (facts.unverified.length > 0) {
    const reason = failureReason(name, {
      code: "signature-invalid",
      message: `the signatures do not hold: ${facts.unverified.map(offence).join(", ")}`,
    });
    return stopped(record, { state: "held", reason, at: facts.at });
  }
  if (isRewrite(relation) && settings.onRewrite === "hold") {
    const reason = failureReason(name, {
      code: "history-rewritten",
      message: `${short(revision.id)} is ${RELATIONS[relation]} the deployed revision`,
    });
    return stopped(record, { state: "held", reason, at: facts.at });
  }

  const isEverywhere = settings.environments.every(
    (environment) => deployed[environment.name]?.content === content,
  );
  return isEverywhere && !record.memory.isThorough
    ? covered(record, facts.at)
    : { record, events: [] };
}

const RELATIONS = {
  rewound: "older than",
  rewritten: "in another line than",
  unrelated: "of another history than",
} as const;

function isRewrite(relation: Fetched["relation"]): relation is keyof typeof RELATIONS {
  return relation in RELATIONS;
}

/** Those that came in between are deployed with the last one. */
function included({ since, revision }: Fetched): readonly Draft[] {
  return since
    .filter(({ id }) => id !== revision.id)
    .map(({ id, author, subject, at }) => ({
      code: "revision.included",
      level: "info",
      message: `${short(id)} goes with ${short(revision.id)}: ${subject}`,
      data: { revision: id, author, subject, at, outcome: "included", by: revision.id },
    }));
}

function rewrite(settings: SourceSettings, { relation, revision }: Fetched): readonly Draft[] {
  return isRewrite(relation) && settings.onRewrite !== "ignore"
    ? [
        {
          code: `source.${relation}`,
          level: "warn",
          message: `${short(revision.id)} is ${RELATIONS[relation]} the deployed revision`,
          data: { revision: revision.id, relation },
        },
      ]
    : [];
}

function verdict({ fetched: { revision, relation }, unverified }: Arrived): Draft {
  return unverified.length === 0
    ? {
        code: "source.fetched",
        level: "info",
        message: `fetched ${short(revision.id)}: ${revision.subject}`,
        data: {
          revision: revision.id,
          author: revision.author,
          subject: revision.subject,
          relation,
        },
      }
    : {
        code: "verify.failed",
        level: "warn",
        message: `the signatures of ${unverified.length} revisions do not hold`,
        data: {
          revision: revision.id,
          commits: unverified.map((each) => ({ revision: each.revision.id, reason: each.reason })),
        },
      };
}

function offence({ revision, reason }: Unverified): string {
  return `${short(revision.id)} (${reason})`;
}
