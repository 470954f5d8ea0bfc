/** What an `on-change` block has made in a database, and which of it nobody's file makes any more. */
import type { Bundle } from "./bundle.ts";

export interface MadeObject {
  /** In the words of the database: `function`, `view`, `materialized view`, … */
  readonly type: string;
  /** Its whole name, quoted where it has to be; of a routine on PostgreSQL with the types of its arguments. */
  readonly identity: string;
  /** The block that made it. */
  readonly id: string;
  /** Its file is still there, and made something else when it was applied last. */
  readonly isLeft: boolean;
}

/** Those that stand on others come before them. */
const ORDER = ["trigger", "event", "view", "materialized view", "procedure", "function"];

/** What is left behind of a source: by blocks that are gone, and by files that make something else now; in an order in which it can be dropped. */
export function leftObjects(bundle: Bundle, made: readonly MadeObject[]): readonly MadeObject[] {
  const there = new Set(bundle.blocks.map(({ id }) => id));

  return made
    .filter(({ id, isLeft }) => isLeft || !there.has(id))
    .toSorted((one, other) => ORDER.indexOf(one.type) - ORDER.indexOf(other.type));
}
