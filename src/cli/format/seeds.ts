/** What seeds would change, as `rowgate plan` shows it. */
import type { SeedCount } from "../../domain/seed.ts";

/** One line. */
export function formatSeed({ id, change, reason }: SeedCount): string {
  return change === undefined
    ? `${id}: its rows cannot be counted yet: ${reason}`
    : `${id}: ${change.inserted} to insert, ${change.updated} to update, ${change.deleted} to delete`;
}

export function jsonSeed({ id, change, reason }: SeedCount): object {
  return change === undefined ? { id, reason } : { id, ...change };
}
