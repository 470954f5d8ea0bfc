/** The number of a new block, by the habit of the newest one. */

/** `20240131120000`, `2024-01-31-120000`, `2024_01_31`, with or without the time, seconds or minutes. */
const DATE =
  /^(?:19|20)\d\d(?<gap>[-_]?)(?:0[1-9]|1[0-2])\k<gap>(?:0[1-9]|[12]\d|3[01])(?:(?<join>[-_]?)(?<time>\d{6}|\d{4}))?$/u;

/** Seconds since 1970, as sqlx and some others have them: from 2001 on. */
const EPOCH = /^1\d{9}$/u;

/**
 * The next number: a moment, in UTC, for one that is a moment, and never one that is not behind it; else
 * one more in its last part, as wide as before. `0001` for none.
 */
export function nextNumber(newest: string, now: Date): string {
  if (newest === "") {
    return "0001";
  }
  if (EPOCH.test(newest)) {
    return String(Math.max(Number(newest) + 1, Math.floor(now.getTime() / 1000)));
  }

  const moment = momentLike(newest, now);

  return moment !== undefined && moment > newest ? moment : increased(newest);
}

function momentLike(newest: string, now: Date): string | undefined {
  const groups = DATE.exec(newest)?.groups;

  if (groups === undefined) {
    return undefined;
  }

  const { gap = "", join = "", time } = groups;
  const [day = "", clock = ""] = now.toISOString().split("T");
  const date = day.replaceAll("-", gap);

  return time === undefined
    ? date
    : `${date}${join}${clock.replaceAll(":", "").slice(0, time.length)}`;
}

function increased(number: string): string {
  return number.replace(/\d+(?!.*\d)/su, (digits) =>
    String(BigInt(digits) + 1n).padStart(digits.length, "0"),
  );
}
