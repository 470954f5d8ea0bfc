/** Comments with a version, in which MySQL and MariaDB speak each to its own. */
import { mysqlTokens, type MysqlToken } from "./mysql-tokens.ts";

/**
 * The text without the version comments that MySQL ≥ 8.0 and MariaDB ≥ 10.6 both run: what they
 * hold stays, each token on its line. All others stay as they are. Undefined when there is nothing
 * to do.
 */
export function unwrapVersionComments(text: string): string | undefined {
  if (!text.includes("/*!")) {
    return undefined;
  }

  const ends = endsOf(text);

  return ends.length === 0 ? undefined : without(text, ends);
}

/** The beginnings and ends of the comments that go, in order; none where that would be unclear. */
function endsOf(text: string): readonly MysqlToken[] {
  const found: MysqlToken[] = [];
  let open: MysqlToken | undefined;

  for (const token of mysqlTokens(text)) {
    if (token.kind === "version") {
      if (open !== undefined) {
        return [];
      }
      open = token;
    } else if (token.kind === "version-end" && open !== undefined) {
      found.push(...(runsEverywhere(text, open) ? [open, token] : []));
      open = undefined;
    }
  }

  return found.some(({ start }) => text.endsWith(DASHES, start)) ? [] : found;
}

/** With a space behind them they would begin a comment. */
const DASHES = "--";

/**
 * MariaDB skips what is meant for MySQL 5.7 to 9. MySQL reads a sixth digit only before white space,
 * MariaDB always.
 */
function runsEverywhere(text: string, { start, end }: MysqlToken): boolean {
  const opening = text.slice(start, end);
  const [, digits = ""] = /^\/\*!(\d*)$/.exec(opening) ?? [];
  const isClear = digits.length < 6 || /\s/.test(text.charAt(end));

  return opening.startsWith("/*!") && isClear && Number(digits) < 50_700;
}

function without(text: string, ends: readonly MysqlToken[]): string {
  const parts: string[] = [];
  let from = 0;

  for (const { start, end } of ends) {
    parts.push(text.slice(from, start), gap(text, start, end));
    from = end;
  }
  parts.push(text.slice(from));

  const joined = parts.join("");
  const led = ends[0]?.start === 0 ? joined.replace(/^[ \t]+/u, "") : joined;

  return from === text.length ? led.replace(/[ \t]+$/u, "") : led;
}

/** What keeps two tokens apart where a comment began or ended between them. */
function gap(text: string, start: number, end: number): string {
  return /\S/.test(text.charAt(start - 1)) && /\S/.test(text.charAt(end)) ? " " : "";
}
