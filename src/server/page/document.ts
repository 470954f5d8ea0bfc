/** The page: what the watcher knows, for people. */
import type { SourceState, WatchEvent } from "../../domain/watch.ts";
import type { Viewer } from "./actions.ts";
import { eventsSection } from "./events.ts";
import { type Html, markup } from "./html.ts";
import { sourceId } from "./ids.ts";
import { sourceArticle } from "./source.ts";
import { type Standing, standingOf } from "./standing.ts";
import { shapeOf, type Tone, toneShapes } from "./tone.ts";
import { ageOf, foreign, readable } from "./words.ts";

export interface PageContent {
  readonly sources: readonly SourceState[];
  /** Oldest first. */
  readonly events: readonly WatchEvent[];
  readonly viewer: Viewer;
  /** The id of a request that was just made; undefined when there is none. */
  readonly asked: string | undefined;
  /** Why the watcher can do nothing; undefined when it can. */
  readonly trouble: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function page(content: PageContent): Html {
  const { sources, events, viewer, now } = content;
  const summary = summaryOf(sources);
  const at = new Date(now).toISOString();

  const body = markup`
${banner(summary, viewer)}
<p class="stale" id="stale" role="alert" hidden>The watcher does not answer. What you see may be old.</p>
<p class="hidden" id="said" role="status"></p>
<main id="main">
  <div id="notices" data-live>${notices(content)}</div>
  ${sources.length > 1 && contents(sources, now)}
  ${sources.map((source) => sourceArticle(source, { viewer, now }))}
  ${eventsSection(events, now)}
</main>
<footer id="foot" data-live>
  <p>As of ${readable(at)}. <a href="/status.json">status.json</a> <a href="/metrics">metrics</a> <a href="/readyz">readyz</a></p>
</footer>`;

  return frame({ title: `${summary.word} · Rowgate`, tone: summary.tone, head: LIVE, body });
}

/** Without scripts, the page is loaded again by itself. */
const LIVE = markup`
<noscript><meta http-equiv="refresh" content="30"></noscript>
<script src="/page.js" defer></script>`;

export interface LoginContent {
  /** Why the last try failed; undefined when there was none. */
  readonly problem: string | undefined;
}

export function loginPage({ problem }: LoginContent): Html {
  const callout =
    problem !== undefined && markup`<p class="callout failed" role="alert">${problem}</p>`;

  const body = markup`
<header class="banner"><h1><a href="/">Rowgate</a></h1></header>
<main id="main" class="login">
  <h2>Sign in</h2>
  <p>Everybody who reaches this page may read it. Changing something takes the watcher's token.</p>
  ${callout}
  <form method="post" action="/login">
    <label for="by">Your name, for the record</label>
    <input id="by" name="by" maxlength="100" required autocomplete="name">
    <label for="token">Token</label>
    <input id="token" name="token" type="password" required autocomplete="current-password">
    <button class="main">Sign in</button>
  </form>
</main>`;

  return frame({ title: "Sign in · Rowgate", tone: "idle", head: undefined, body });
}

interface Frame {
  readonly title: string;
  readonly tone: Tone;
  /** More of its head. */
  readonly head: Html | undefined;
  readonly body: Html;
}

function frame({ title, tone, head, body }: Frame): Html {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/favicon.svg?${tone}" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">${head}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${toneShapes()}
${body}
</body>
</html>
`;
}

function banner(summary: Omit<Standing, "reason">, viewer: Viewer): Html {
  return markup`
<header class="banner">
  <h1>Rowgate</h1>
  <p class="standing ${summary.tone}" id="summary" data-live>${shapeOf(summary.tone)}${summary.word}</p>
  ${session(viewer)}
</header>`;
}

function session({ csrf, by = "", canSignIn }: Viewer): Html | undefined {
  if (csrf === undefined) {
    return canSignIn ? markup`<p class="session"><a href="/login">Sign in</a></p>` : undefined;
  }
  return markup`
  <form class="session" method="post" action="/logout">
    <input type="hidden" name="csrf" value="${csrf}">
    <span>${foreign(by)}</span>
    <button>Sign out</button>
  </form>`;
}

const WORST: readonly Tone[] = ["failed", "held", "waiting", "busy", "idle"];

const SUMMARIES: Readonly<Record<Tone, string>> = {
  failed: "failed",
  held: "held",
  waiting: "waiting",
  busy: "on the way",
  idle: "without a verdict",
  good: "up to date",
};

/** The worst of all sources, and how many are in it. */
function summaryOf(sources: readonly SourceState[]): Omit<Standing, "reason"> {
  const standings = sources.map(standingOf);
  const worst = WORST.find((tone) => standings.some((standing) => standing.tone === tone));

  if (worst === undefined) {
    return { tone: "good", word: standings.length > 1 ? "All up to date" : "Up to date" };
  }
  const those = standings.filter(({ tone }) => tone === worst);
  const [only] = those;
  return only !== undefined && standings.length === 1
    ? { tone: worst, word: only.word }
    : { tone: worst, word: `${those.length} of ${standings.length} ${SUMMARIES[worst]}` };
}

function contents(sources: readonly SourceState[], now: number): Html {
  return markup`
  <nav aria-label="Sources" id="contents" data-live>
    <ul>${sources.map((source) => entry(source, now))}</ul>
  </nav>`;
}

function entry(source: SourceState, now: number): Html {
  const { name, candidate } = source;
  const { tone, word } = standingOf(source);
  const since = candidate && markup`<small>${ageOf(candidate.changedAt, now)}</small>`;

  return markup`
      <li><a href="#${sourceId(name)}">${shapeOf(tone)}<strong>${name}</strong> <span>${word}</span> ${since}</a></li>`;
}

function notices({ asked, sources, events, trouble }: PageContent): readonly (Html | undefined)[] {
  return [
    trouble === undefined
      ? undefined
      : markup`<p class="callout failed"><strong>The watcher stands still:</strong> ${trouble}.</p>`,
    asked === undefined ? undefined : answer(asked, sources, events),
  ];
}

/** What became of a request; the watcher takes it within a second or so. */
function answer(
  asked: string,
  sources: readonly SourceState[],
  events: readonly WatchEvent[],
): Html {
  const event = events.findLast(({ data }) => data["request"] === asked);
  if (event !== undefined) {
    const tone = event.level === "info" ? "good" : "held";
    const lead = event.code === "request.refused" ? "Refused: " : "Done: ";
    return markup`<p class="callout ${tone}"><strong>${lead}</strong>${foreign(event.message)}.</p>`;
  }
  return sources.some(({ handled }) => handled === asked)
    ? markup`<p class="callout good">Your request was dealt with.</p>`
    : markup`<p class="callout busy">Your request was handed in; the watcher deals with it next.</p>`;
}
