import type { WatchEvent } from "../domain/watch.ts";

/** An event that only the log hears. */
export function said(
  event: Pick<WatchEvent, "code" | "level" | "message"> & Partial<WatchEvent>,
): WatchEvent {
  return { sequence: 0, at: new Date().toISOString(), source: "", data: {}, ...event };
}
