/** The targets of each environment: a square for each, with what it has. */
import { NO_RELEASE } from "../../domain/bundle.ts";
import type {
  Deployed,
  Environment,
  EnvironmentProgress,
  SourceState,
  TargetProgress,
} from "../../domain/watch.ts";
import { type Html, markup } from "./html.ts";
import { environmentId } from "./ids.ts";
import { isUpToDate } from "./standing.ts";
import { shapeOf, type Tone } from "./tone.ts";
import { ageOf, count, foreign, short } from "./words.ts";

/** More than so many squares are small ones, without their texts. */
const LARGE_SQUARES = 40;

interface Square {
  readonly name: string;
  readonly tone: Tone;
  /** What it has; a dash when that is not known. */
  readonly version: string;
  readonly state: string;
  readonly error: string | undefined;
}

export function environments(source: SourceState, now: number): readonly Html[] {
  return source.environments.map((environment) => section(source, environment, now));
}

function section(source: SourceState, environment: Environment, now: number): Html {
  const { name } = environment;
  const id = environmentId(source.name, name);
  const squares = squaresOf(source, environment);
  const errors = squares.filter(({ error }) => error !== undefined);
  const done = squares.filter(({ tone }) => tone === "good").length;
  const dense = squares.length > LARGE_SQUARES && " dense";

  return markup`
    <section class="environment ${sizeOf(squares)}" id="${id}" data-live aria-labelledby="${id}:title">
      <header>
        <h4 id="${id}:title">${name}</h4>
        <p class="tally">${done} of ${squares.length}<span class="hidden"> up to date</span></p>
      </header>
      <p class="rule">${ruleOf(environment)}</p>
      ${deployedLines(source.deployed[name], now)}
      <ul class="squares${dense}">${squares.map(square)}</ul>
      ${errors.length > 0 && markup`<ul class="errors">${errors.map(errorLine)}</ul>`}
    </section>`;
}

/** A small one has another one beside it. */
function sizeOf(squares: readonly Square[]): "small" | "large" {
  return squares.length <= 2 ? "small" : "large";
}

function ruleOf({ mode, window }: Environment): string {
  const rule = mode === "approve" ? "by approval" : "automatic";
  return window === undefined ? rule : `${rule}, ${window.text}`;
}

function deployedLines(deployed: Deployed | undefined, now: number): Html {
  if (deployed === undefined) {
    return markup`<p class="has">Nothing was deployed here yet.</p>`;
  }
  const { revision, subject, at } = deployed;
  return markup`
      <p class="has"><code title="${revision}">${short(revision)}</code> since ${ageOf(at, now)}</p>
      <p class="subject">${foreign(subject)}</p>`;
}

function square({ name, tone, version, state }: Square): Html {
  return markup`
        <li class="square ${tone}" title="${name}: ${version}, ${state}">
          ${shapeOf(tone)}
          <span class="name">${name}</span>
          <span class="version">${version}</span>
          <span class="state">${state}</span>
        </li>`;
}

function errorLine({ name, error = "" }: Square): Html {
  return markup`<li><strong>${name}</strong> ${foreign(error)}</li>`;
}

function squaresOf(
  { candidate, deployed }: SourceState,
  environment: Environment,
): readonly Square[] {
  const progress = candidate?.environments.find(({ name }) => name === environment.name);
  const has = deployed[environment.name];
  const old = has === undefined ? "–" : versionOf(has.release, has.revision);
  const isEverywhere = candidate !== undefined && isUpToDate(candidate);
  const fresh =
    candidate === undefined ? old : versionOf(candidate.bundle?.release, candidate.revision);

  return environment.targets.map((name): Square => {
    const target = progress?.targets.find((each) => each.name === name);
    if (isEverywhere || (has !== undefined && candidate === undefined)) {
      return { name, tone: "good", version: old, state: "up to date", error: undefined };
    }
    if (progress === undefined || target === undefined) {
      return { name, tone: "idle", version: old, state: "to come", error: undefined };
    }
    const version = target.state === "deployed" ? fresh : old;
    return { name, version, error: target.error, ...standing(progress, target) };
  });
}

function versionOf(release: string | undefined, revision: string): string {
  return release === undefined || release === NO_RELEASE ? short(revision) : release;
}

function standing(
  progress: EnvironmentProgress,
  { state, pending, applied }: TargetProgress,
): { readonly tone: Tone; readonly state: string } {
  const blocks = count(pending, "block");

  if (state === "pending") {
    const word = pending === 0 ? "to come" : `lacks ${blocks}`;
    return { tone: progress.state === "waiting" ? "waiting" : "idle", state: word };
  }
  return state === "deploying"
    ? { tone: "busy", state: `${applied} of ${blocks}` }
    : STANDINGS[state];
}

const STANDINGS = {
  deployed: { tone: "good", state: "up to date" },
  failed: { tone: "failed", state: "failed" },
  held: { tone: "held", state: "held" },
} as const;
