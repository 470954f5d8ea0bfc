/** `-- rowgate: allow RULE because "reason"`. */
import { nearestName } from "../../domain/nearest.ts";
import { isRuleName, RULE_NAMES, type RuleName } from "./rules.ts";

export interface Allowance {
  readonly rule: RuleName;
  readonly reason: string;
}

const FORM = /^\S+\s+because\s+(?:"(?<quoted>[^"]*)"|“(?<curly>[^”]*)”)$/u;

/** What the value of the directive says; what is wrong with it, as a text, otherwise. */
export function readAllowance(value: string): Allowance | string {
  const [name = ""] = value.split(/\s/u);
  const { quoted, curly } = FORM.exec(value)?.groups ?? {};
  const reason = (quoted ?? curly ?? "").trim();

  if (!isRuleName(name)) {
    return whyNoRule(name);
  }
  return reason === "" ? `needs a reason: allow ${name} because "…"` : { rule: name, reason };
}

function whyNoRule(name: string): string {
  const nearest = nearestName(name, RULE_NAMES);
  const proposal = nearest === undefined ? "" : `; did you mean ${nearest}?`;

  return name === ""
    ? 'needs a rule and a reason, such as `allow drop-table because "empty since May"`'
    : `names no rule of the check: "${name}"${proposal}`;
}
