/** The last events, newest first. */
import type { WatchEvent } from "../../domain/watch.ts";
import { type Html, markup } from "./html.ts";
import { shapeOf, type Tone } from "./tone.ts";
import { ageOf, foreign } from "./words.ts";

const SHOWN = 50;

export function eventsSection(events: readonly WatchEvent[], now: number): Html {
  const last = events
    .filter(({ level }) => level !== "debug")
    .slice(-SHOWN)
    .toReversed();
  const list =
    last.length === 0
      ? markup`<p>Nothing has happened yet.</p>`
      : markup`<ol>${last.map((event) => line(event, now))}</ol>`;

  return markup`
<section class="events" id="events" data-live aria-labelledby="events-title">
  <h2 id="events-title">Last events</h2>
  ${list}
</section>`;
}

function line({ source, code, level, message, at }: WatchEvent, now: number): Html {
  const spoken = level !== "info" && markup`<span class="hidden">${level}: </span>`;

  return markup`
    <li>
      ${shapeOf(toneOf(code, level))}
      <span class="when">${ageOf(at, now)}</span>
      <span class="source-name">${source}</span>
      <span class="what">${spoken}${foreign(message)}</span>
      <code>${code}</code>
    </li>`;
}

function toneOf(code: string, level: WatchEvent["level"]): Tone {
  if (level === "error") {
    return "failed";
  }
  if (level === "warn") {
    return "held";
  }
  return TONES[code] ?? "idle";
}

const TONES: Readonly<Record<string, Tone>> = {
  "candidate.deployed": "good",
  "bundle.covered": "good",
  "target.ok": "good",
  "hold.cleared": "good",
  "deploy.end": "good",
  "deploy.start": "busy",
  "gate.waiting": "waiting",
};
