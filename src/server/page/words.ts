/** Times and revisions as people read them. */
import { type Html, markup } from "./html.ts";

const UNITS: readonly (readonly [seconds: number, one: string, many: string])[] = [
  [86_400, "day", "days"],
  [3600, "hour", "hours"],
  [60, "minute", "minutes"],
  [1, "second", "seconds"],
];

/** How long before `now` something was, such as `3 hours ago`; `in 3 hours` when it is to come. */
export function age(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) {
    return "just now";
  }

  const [length, one, many] = UNITS.find(([unit]) => size >= unit) ?? [1, "second", "seconds"];
  const whole = Math.floor(size / length);
  const text = `${whole} ${whole === 1 ? one : many}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** The age, with the time itself for whoever points at it, and for the page's script. */
export function ageOf(at: string, now: number): Html {
  return markup`<time datetime="${at}" title="${readable(at)}" data-age>${age(at, now)}</time>`;
}

/** `2026-11-25 23:22:15 UTC`. */
export function readable(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? at
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A commit by its first ten digits; the number of a Subversion revision whole. */
export function short(revision: string): string {
  return /^[0-9a-f]{40,}$/.test(revision) ? revision.slice(0, 10) : revision;
}

/** A text of somebody else: it cannot turn the direction of what stands around it. */
export function foreign(text: string): Html {
  return markup`<bdi>${text}</bdi>`;
}

/** `1 block`, `3 blocks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
