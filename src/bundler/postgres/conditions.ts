/** The `\if` … `\endif` of one file, decided when the bundle is built. */

/** What a branch of an open `\if` does. `done`: an earlier branch was taken. */
type Branch = "taken" | "open" | "done" | "skipped";

/** Open conditions, outermost first; never changed in place. */
export type Conditions = readonly Condition[];

interface Condition {
  readonly branch: Branch;
  readonly line: number;
  readonly afterElse: boolean;
}

/** Why a conditional command makes no sense where it stands. */
export interface ConditionFault {
  readonly fault: string;
}

/** Whether the text at this place counts. */
export function isActive(conditions: Conditions): boolean {
  return conditions.every((condition) => condition.branch === "taken");
}

/** Whether a command's own condition has to be looked at: psql does not evaluate the others. */
export function needsValue(conditions: Conditions, name: string): boolean {
  if (name === "if") {
    return isActive(conditions);
  }
  return name === "elif" && conditions.at(-1)?.branch === "open";
}

/** The conditions after `\if`, `\elif`, `\else` or `\endif`. `value` is that of `\if` and `\elif`. */
export function applyCondition(
  conditions: Conditions,
  { name, value, line }: { readonly name: string; readonly value: boolean; readonly line: number },
): Conditions | ConditionFault {
  if (name === "if") {
    const branch = value ? "taken" : "open";

    return [
      ...conditions,
      { branch: isActive(conditions) ? branch : "skipped", line, afterElse: false },
    ];
  }

  const current = conditions.at(-1);
  const outer = conditions.slice(0, -1);

  if (current === undefined) {
    return { fault: `\\${name} stands without \\if` };
  }
  if (name === "endif") {
    return outer;
  }
  if (current.afterElse) {
    return { fault: `\\${name} stands after \\else` };
  }
  return [
    ...outer,
    {
      ...current,
      branch: nextBranch(current.branch, name === "else" || value),
      afterElse: name === "else",
    },
  ];
}

/** A boolean as psql reads it: prefixes of true, false, yes and no, and on, off, 1, 0. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();

  if (/^(?:1|on|t(?:r(?:ue?)?)?|y(?:es?)?)$/u.test(word)) {
    return true;
  }
  return /^(?:0|off?|f(?:a(?:l(?:se?)?)?)?|no?)$/u.test(word) ? false : undefined;
}

function nextBranch(branch: Branch, holds: boolean): Branch {
  if (branch === "taken" || branch === "done") {
    return "done";
  }
  return branch === "open" && holds ? "taken" : branch;
}
