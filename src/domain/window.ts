/** When deployments may begin: days and times of the week in one time zone. */
import { RowgateError } from "./errors.ts";

/** A part of the week. */
export interface Window {
  /** As it was written. */
  readonly text: string;
  /** 0 is Sunday; the days on which it opens. */
  readonly days: readonly number[];
  /** In minutes from midnight; `to` is of the next day when it is not after `from`. */
  readonly from: number;
  readonly to: number;
  /** Of the IANA database, such as `Europe/Berlin`. */
  readonly zone: string;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SHAPE =
  /^(?:(?<days>[A-Za-z, -]+?)\s+)?(?<from>\d{1,2}:\d{2})\s*-\s*(?<to>\d{1,2}:\d{2})(?:\s+(?<zone>\S+))?$/;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/**
 * The window that a text such as `Mon-Fri 08:00-18:00 Europe/Berlin` names. Without days it is every
 * day, without a zone UTC. `22:00-04:00` ends on the next day.
 *
 * @throws RowgateError `usage-invalid`, when it cannot be understood.
 */
export function parseWindow(text: string): Window {
  const { days, from, to, zone = "UTC" } = SHAPE.exec(text.trim())?.groups ?? {};
  const opens = minutesOf(from);
  const closes = minutesOf(to);

  if (opens === undefined || closes === undefined || opens === DAY_MINUTES || opens === closes) {
    throw invalid(text);
  }
  if (!isZone(zone)) {
    throw new RowgateError("usage-invalid", {
      message: `"${zone}" is not the name of a time zone`,
      hint: "Use a name of the IANA database, such as Europe/Berlin.",
    });
  }
  return { text, days: daysOf(days, text), from: opens, to: closes, zone };
}

/** Whether it is open at a time, in milliseconds since 1970. */
export function isOpen(window: Window, at: number): boolean {
  const { day, minute } = localTime(at, window.zone);
  const { days, from, to } = window;

  if (from < to) {
    return days.includes(day) && minute >= from && minute < to;
  }
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
}

/**
 * The first time at or after `at` at which it is open, in milliseconds since 1970. A time that clocks
 * leave out is the moment at which they are put forward; one that comes twice is the first.
 * Undefined when all of its openings fall into time that is left out.
 */
export function nextOpening(window: Window, at: number): number | undefined {
  if (isOpen(window, at)) {
    return at;
  }

  const today = localTime(at, window.zone).midnight;
  return Array.from({ length: 9 }, (_, index) => today + index * DAY_MS)
    .map((midnight) => instantOf(midnight + window.from * MINUTE_MS, window.zone))
    .find((instant) => instant >= at && isOpen(window, instant));
}

interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number;
  /** Since local midnight. */
  readonly minute: number;
  /** Local midnight, written as if it were UTC. */
  readonly midnight: number;
}

function localTime(at: number, zone: string): LocalTime {
  const local = at + offsetAt(at, zone);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  return {
    day: new Date(midnight).getUTCDay(),
    minute: Math.floor((local - midnight) / MINUTE_MS),
    midnight,
  };
}

/** The first instant at which clocks of the zone show this time or, where they skip it, a later one. */
function instantOf(local: number, zone: string): number {
  const before = local - offsetAt(local - DAY_MS, zone);
  const after = local - offsetAt(local + DAY_MS, zone);
  const [first, second] = [Math.min(before, after), Math.max(before, after)];

  if (first + offsetAt(first, zone) === local) {
    return first;
  }
  if (second + offsetAt(second, zone) === local) {
    return second;
  }
  return changeBetween(first, second, zone);
}

/** When the offset changes between two instants, to the minute. */
function changeBetween(first: number, second: number, zone: string): number {
  let [low, high] = [first, second];

  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle, zone) === offsetAt(first, zone)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

/** What has to be added to UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    parts["year"] ?? 0,
    (parts["month"] ?? 1) - 1,
    parts["day"] ?? 1,
    parts["hour"],
    parts["minute"],
    parts["second"],
  );
  return local - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

function minutesOf(text: string | undefined): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = (text ?? "").split(":").map(Number);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= DAY_MINUTES ? total : undefined;
}

function daysOf(text: string | undefined, whole: string): readonly number[] {
  if (text === undefined) {
    return DAYS.map((_, day) => day);
  }

  const days = text.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map((name) => dayOf(name, whole));
    return rangeOf(first ?? 0, last ?? 0);
  });
  return [...new Set(days)].toSorted((a, b) => a - b);
}

/** `Fri-Mon` goes over the end of the week. */
function rangeOf(first: number, last: number): readonly number[] {
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

function dayOf(name: string, whole: string): number {
  const day = DAYS.findIndex((each) => each.toLowerCase() === name.trim().toLowerCase());
  if (day === -1) {
    throw invalid(whole);
  }
  return day;
}

function isZone(zone: string): boolean {
  try {
    return formatOf(zone).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function invalid(text: string): RowgateError {
  return new RowgateError("usage-invalid", {
    message: `"${text}" is not a window of time`,
    hint: "Write it as days, times and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin.",
  });
}
