/** What the rules hand to the check. */
import type { RuleName } from "./rules.ts";

export interface Found {
  readonly rule: RuleName;
  /** The statement in a few words, such as `DROP TABLE customer`. */
  readonly what: string;
  /** The table that has to hold rows for it to matter; undefined when rows do not matter. */
  readonly table?: string | undefined;
}

/** What one statement does. */
export interface Seen {
  readonly found: readonly Found[];
  /** Tables that it makes. */
  readonly creates: readonly string[];
  /** Tables that it defines or changes. */
  readonly tables: readonly string[];
  /** Tables whose rows it changes; absent for none. */
  readonly writes?: readonly string[] | undefined;
  /** Why it fails when it runs a second time, for statements outside of transactions; absent for none. */
  readonly notRepeatable?: string | undefined;
}

export const NOTHING_SEEN: Seen = { found: [], creates: [], tables: [] };
