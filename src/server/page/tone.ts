/** How things are, told by a shape and a word; the colour only repeats it. */
import { type Html, markup } from "./html.ts";

export type Tone = "good" | "busy" | "waiting" | "held" | "failed" | "idle";

/** The shapes, once for the whole page. */
export function toneShapes(): Html {
  return SHAPES;
}

const SHAPES = markup`
<svg class="shapes" aria-hidden="true" focusable="false">
  <symbol id="shape-good" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8"/><path d="M4.5 8.3 7 10.8l4.6-5.2"/></symbol>
  <symbol id="shape-busy" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.6"/><path class="arc" d="M8 1.4A6.6 6.6 0 0 1 14.6 8"/></symbol>
  <symbol id="shape-waiting" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8"/><path d="M6.2 5v6M9.8 5v6"/></symbol>
  <symbol id="shape-held" viewBox="0 0 16 16"><path class="body" d="M8 .8 15.6 14.6H.4Z"/><path d="M8 5.8v4M8 12v.4"/></symbol>
  <symbol id="shape-failed" viewBox="0 0 16 16"><path class="body" d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7Z"/><path d="m5.3 5.3 5.4 5.4M10.7 5.3l-5.4 5.4"/></symbol>
  <symbol id="shape-idle" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.6"/></symbol>
</svg>`;

/** The shape of a tone; what it means has to stand beside it in words. */
export function shapeOf(tone: Tone): Html {
  return markup`<svg class="shape ${tone}" aria-hidden="true" focusable="false"><use href="#shape-${tone}"/></svg>`;
}
