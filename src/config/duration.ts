/** Lengths of time as people write them: `500ms`, `60s`, `2min`, `1h`. */
import { RowgateError } from "../domain/errors.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The largest `lock_timeout` that PostgreSQL takes. */
const LIMIT_MS = 2_147_483_647;

/**
 * The length in milliseconds, a whole number. `0` needs no unit. `name` says in the error whose
 * value it is.
 *
 * @throws RowgateError `usage-invalid`, when the text is no number with one of the units.
 */
export function parseDuration(text: string, name: string): number {
  if (text === "0") {
    return 0;
  }

  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim()) ?? [];
  const milliseconds = Math.round(Number(digits) * (UNITS_MS[unit] ?? Number.NaN));
  if (digits === "" || Number.isNaN(milliseconds) || milliseconds > LIMIT_MS) {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}", which is not a length of time`,
      hint: "Write a number with ms, s, min, h or d, such as 500ms or 60s, and at most 24d.",
    });
  }

  return milliseconds;
}

/** A length as a person reads it: `41 ms`, `1.2 s`, `3 min 5 s`, `2 h 0 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  if (milliseconds < 59_950) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
  }

  const seconds = Math.round(milliseconds / 1000);
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
