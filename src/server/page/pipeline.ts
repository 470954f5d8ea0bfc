/** The way of a revision: seen, fetched, built, planned, and then each environment. */
import type { Candidate, EnvironmentProgress, SourceState } from "../../domain/watch.ts";
import { type Html, markup } from "./html.ts";
import { isPartly, isUpToDate, standingOf } from "./standing.ts";
import { shapeOf, type Tone } from "./tone.ts";
import { count } from "./words.ts";

export interface PipelineStep {
  readonly name: string;
  readonly tone: Tone;
  /** A word or two. */
  readonly state: string;
  /** The candidate stands here. */
  readonly isHere: boolean;
}

export function pipeline(source: SourceState): Html {
  return markup`<ol class="pipeline">${stepsOf(source).map(step)}</ol>`;
}

/** In their order; the candidate stands at one of them at most. */
export function stepsOf(source: SourceState): readonly PipelineStep[] {
  const { candidate } = source;
  if (candidate === undefined || isUpToDate(candidate)) {
    return endedSteps(source);
  }

  const steps = [...earlySteps(candidate), ...environmentSteps(source, candidate)];
  const here = steps.findIndex(({ isDone }) => !isDone);
  const { tone, word } = standingOf({ ...source, trouble: undefined });

  return steps.map(({ name, isDone, state, own }, index) => {
    if (isDone) {
      return { name, tone: "good", state, isHere: false };
    }
    return index === here
      ? { name, tone: own?.tone ?? tone, state: own?.state ?? word.toLowerCase(), isHere: true }
      : { name, tone: "idle", state: "to come", isHere: false };
  });
}

interface Stage {
  readonly name: string;
  readonly isDone: boolean;
  /** When it is done. */
  readonly state: string;
  /** What it says of itself while the candidate stands there. */
  readonly own?: { readonly tone: Tone; readonly state: string } | undefined;
}

function endedSteps({ candidate, environments }: SourceState): readonly PipelineStep[] {
  const isDone = candidate !== undefined;
  const names = ["Seen", "Fetched", "Built", "Planned", ...environments.map(({ name }) => name)];

  return names.map((name, index) => ({
    name,
    tone: isDone ? "good" : "idle",
    state: isDone ? doneWord(candidate, index) : "to come",
    isHere: false,
  }));
}

/** What is covered was not built when its content was known already. */
function doneWord({ state, bundle }: Candidate, index: number): string {
  if (index < 2 || state === "deployed") {
    return "done";
  }
  return index === 2 && bundle !== undefined ? "done" : "nothing to do";
}

function earlySteps(candidate: Candidate): readonly Stage[] {
  const { content, bundle, environments, state } = candidate;
  const isBuilt = bundle !== undefined && state !== "seen" && state !== "fetched";
  const isAtSight = state === "seen";
  const busy = (word: string) =>
    isMoving(state) ? { tone: "busy" as const, state: word } : undefined;

  return [
    { name: "Seen", isDone: true, state: "done" },
    {
      name: "Fetched",
      isDone: content !== undefined && !isAtSight,
      state: "done",
      own: busy("settling"),
    },
    {
      name: "Built",
      isDone: isBuilt,
      state: bundle === undefined ? "done" : count(bundle.blocks, "block"),
      own: busy("building"),
    },
    {
      name: "Planned",
      isDone: isBuilt && environments.some((each) => each.state !== "pending"),
      state: "done",
      own: busy("asking the targets"),
    },
  ];
}

function isMoving(state: Candidate["state"]): boolean {
  return state === "seen" || state === "fetched" || state === "built";
}

function environmentSteps(source: SourceState, candidate: Candidate): readonly Stage[] {
  return source.environments.map(({ name, targets }) => {
    const progress = candidate.environments.find((each) => each.name === name);
    const done = progress?.targets.filter(({ state }) => state === "deployed").length ?? 0;
    const own =
      progress === undefined ? undefined : ownOf(progress, `${done} of ${targets.length}`);
    return { name, isDone: progress?.state === "deployed", state: "deployed", own };
  });
}

function ownOf(progress: EnvironmentProgress, done: string): Stage["own"] {
  if (progress.state === "deploying") {
    return { tone: "busy", state: `deploying, ${done}` };
  }
  return progress.state === "failed"
    ? { tone: "failed", state: isPartly(progress) ? `failed, ${done} done` : "failed" }
    : undefined;
}

function step({ name, tone, state, isHere }: PipelineStep): Html {
  const here = isHere && markup` aria-current="step"`;

  return markup`
      <li class="step ${tone}"${here}>
        ${shapeOf(tone)}
        <span class="name">${name}</span>
        <span class="state">${state}</span>
      </li>`;
}
