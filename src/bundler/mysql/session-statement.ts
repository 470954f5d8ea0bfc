/** Statements of main.sql that concern the session, told by their first words alone. */
import type { Control } from "../reading/rules.ts";

const CONTROL: readonly (readonly [Control, RegExp])[] = [
  ["begin", /^(?:begin(?! not\b)|start transaction)\b/u],
  [
    "other",
    /^(?:(?:commit|rollback)(?: work)? and chain|rollback|savepoint|release savepoint|xa)\b/u,
  ],
  ["commit", /^commit\b/u],
];

/** `begin` and `commit` are the plain ones; `other` is all other transaction control. */
export function transactionControl(head: readonly string[]): Control | undefined {
  const words = head.slice(0, 4).join(" ");

  return CONTROL.find(([, pattern]) => pattern.test(words))?.[0];
}

/** What SET does beyond the session, or to one transaction, is a statement like any other. */
const LASTING =
  /^set (?:password|global|persist|persist_only|default role|resource group|transaction|session transaction)\b/u;

/** A SET of variables: what the client's session keeps for all that follows. */
export function isSessionSetting(head: readonly string[]): boolean {
  return head[0] === "set" && !LASTING.test(head.slice(0, 3).join(" "));
}
