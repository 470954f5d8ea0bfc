/** Which webhooks were taken already. */
import { createHash } from "node:crypto";

export const REMEMBERED_MS = 24 * 3_600_000;
/** Beyond it the oldest is forgotten early. */
export const REMEMBERED_DELIVERIES = 10_000;

export interface Deliveries {
  /** Remembers the delivery of a source; false when it was there within the last 24 hours. */
  remember(source: string, id: string): boolean;
}

/** `now` is in milliseconds, on a clock that never jumps. */
export function createDeliveries(now: () => number): Deliveries {
  // Oldest first.
  const seen = new Map<string, number>();

  return {
    remember(source, id) {
      const key = createHash("sha256").update(`${source}\n${id}`).digest("base64");
      forget(seen, now() - REMEMBERED_MS);
      if (seen.has(key)) {
        return false;
      }
      seen.set(key, now());
      return true;
    },
  };
}

function forget(seen: Map<string, number>, before: number): void {
  for (const [key, at] of seen) {
    if (at > before && seen.size < REMEMBERED_DELIVERIES) {
      return;
    }
    seen.delete(key);
  }
}
