/** One source on the page. */
import type { Candidate, Reason, SourceState } from "../../domain/watch.ts";
import { actions, type Viewer } from "./actions.ts";
import { type Html, markup } from "./html.ts";
import { partId, sourceId } from "./ids.ts";
import { pipeline } from "./pipeline.ts";
import { type Standing, standingOf } from "./standing.ts";
import { environments } from "./targets.ts";
import { shapeOf } from "./tone.ts";
import { ageOf, count, foreign, short } from "./words.ts";

export interface Sight {
  readonly viewer: Viewer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Its parts have ids: the page's script replaces each that has changed. */
export function sourceArticle(source: SourceState, { viewer, now }: Sight): Html {
  const { name, candidate } = source;
  const standing = standingOf(source);
  const part = (text: string): string => partId(name, text);
  const newest =
    candidate === undefined
      ? markup`<p class="has">None was seen yet.</p>`
      : revision(candidate, now);

  return markup`
<article class="source ${standing.tone}" id="${sourceId(name)}" aria-labelledby="${part("title")}">
  <header id="${part("head")}" data-live>
    <h2 id="${part("title")}">${name}</h2>
    <p class="standing ${standing.tone}">${shapeOf(standing.tone)}${standing.word}</p>
    ${origin(source, now)}
  </header>
  <div id="${part("why")}" data-live>
    ${callout(source, standing, now)}
    ${pausedBeside(source, standing)}
  </div>
  <div class="actions" id="${part("actions")}" data-live>${actions(source, viewer)}</div>
  <section id="${part("way")}" data-live aria-labelledby="${part("way-title")}">
    <h3 id="${part("way-title")}">Newest revision</h3>
    ${newest}
    ${pipeline(source)}
  </section>
  <section aria-labelledby="${part("environments")}">
    <h3 id="${part("environments")}">Environments</h3>
    <div class="environments">${environments(source, now)}</div>
  </section>
</article>`;
}

function origin({ address, ref, reachedAt, failures }: SourceState, now: number): Html {
  const reached =
    reachedAt === undefined ? "not reached yet" : markup`reached ${ageOf(reachedAt, now)}`;
  const since = failures > 0 && `, ${count(failures, "failure")} since`;
  const at = ref !== "" && markup` <code>${ref}</code>`;
  return markup`<p class="origin">${address}${at} <span class="reached">${reached}${since}</span></p>`;
}

function callout(source: SourceState, standing: Standing, now: number): Html | undefined {
  const { reason, tone, word } = standing;
  const lead = reason && (placeOf(source, reason) ?? word);

  return (
    reason &&
    markup`
    <div class="callout ${tone}">
      <p><strong>${lead}:</strong> ${foreign(reason.message)}</p>
      ${ending(reason, now)}
    </div>`
  );
}

/** The environment that has the reason; undefined when it is one of the whole source. */
function placeOf({ candidate }: SourceState, { code, message }: Reason): string | undefined {
  const place = candidate?.environments.find(
    ({ reason }) => reason?.code === code && reason.message === message,
  )?.name;
  // A target may have the name of its environment.
  return place !== undefined && message.startsWith(`${place}:`) ? undefined : place;
}

function ending({ code, command, until }: Reason, now: number): Html | undefined {
  if (command !== undefined) {
    const what = offer(code, until, now);
    return markup`<p class="ending">${what} <code class="command">${command}</code></p>`;
  }
  return until === undefined
    ? undefined
    : markup`<p class="ending">It goes on by itself ${ageOf(until, now)}.</p>`;
}

/** What the command is for. */
function offer(code: string, until: string | undefined, now: number): Html {
  if (until === undefined) {
    return markup`This ends it:`;
  }
  return code === "approval"
    ? markup`The plan expires ${ageOf(until, now)}; this approves it:`
    : markup`It is tried again ${ageOf(until, now)}; this does it now:`;
}

/** A pause that another reason hides. */
function pausedBeside({ paused }: SourceState, { reason }: Standing): Html | undefined {
  return paused !== undefined && reason !== undefined && reason.code !== "paused"
    ? markup`<p class="beside">It is paused besides, by ${foreign(paused.by)}.</p>`
    : undefined;
}

function revision(candidate: Candidate, now: number): Html {
  const { revision: id, name, author, subject = "", committedAt, seenAt } = candidate;
  const isNamed = name !== "" && name !== id;

  return markup`
    <p class="revision"><code title="${id}">${short(id)}</code> <strong>${foreign(subject)}</strong></p>
    <dl class="facts">
      ${author !== undefined && fact("by", foreign(author))}
      ${committedAt !== undefined && fact("committed", ageOf(committedAt, now))}
      ${fact("seen", ageOf(seenAt, now))}
      ${isNamed && fact("as", foreign(name))}
    </dl>`;
}

function fact(name: string, value: Html): Html {
  return markup`<div><dt>${name}</dt> <dd>${value}</dd></div>`;
}
