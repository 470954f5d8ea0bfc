/** Statements of main.sql that concern the session, told by their first words alone. */
import type { Control } from "../reading/rules.ts";

const CONTROL: readonly (readonly [Control, RegExp])[] = [
  ["begin", /^(?:begin|start transaction)\b/u],
  [
    "other",
    /^(?:(?:commit|rollback) prepared|(?:commit|end)(?: work| transaction)? and chain|rollback|abort|savepoint|release|prepare transaction)\b/u,
  ],
  ["commit", /^(?:commit|end)\b/u],
];

/** `begin` and `commit` are the plain ones; `other` is all other transaction control. */
export function transactionControl(head: readonly string[]): Control | undefined {
  const words = head.slice(0, 4).join(" ");

  return CONTROL.find(([, pattern]) => pattern.test(words))?.[0];
}

/** SET, RESET and SELECT set_config(…): what psql's session keeps for all that follows. */
export function isSessionSetting({
  head,
  text,
}: {
  readonly head: readonly string[];
  readonly text: string;
}): boolean {
  const words = head.slice(0, 3).join(" ");

  if (/^(?:set|reset)\b/u.test(words)) {
    return !/^set (?:constraints|transaction)\b/u.test(words);
  }
  return /^select (?:pg_catalog )?set_config\b/u.test(words) && !/\bfrom\b/iu.test(text);
}
