/** The lines before the rows of a seed: which table it fills, and how. */
import { RowgateError } from "../../domain/errors.ts";
import { nearestName } from "../../domain/nearest.ts";
import { mysqlComments } from "../../scan/comments.ts";
import { type Directives, parseDirectives, readDirectives } from "../../scan/directives.ts";

export interface SeedHeader {
  /** One name, or schema and name, without quotes. */
  readonly table: readonly string[];
  /** The columns that tell one row from the others. */
  readonly key: readonly string[];
  /** Which rows go that the file does not have: none, all, or those of a condition in SQL. */
  readonly remove: "never" | "missing" | { readonly where: string };
  /** What stands for NULL where it is not quoted. */
  readonly null: string;
  readonly delimiter: string;
  readonly directives: Directives;
  /** How many lines stand before the names of the columns. */
  readonly lines: number;
  /** The text of those lines. */
  readonly text: string;
}

const OWN = ["table", "key", "delete", "null", "delimiter"];
const SHARED = ["requires", "lock-timeout", "statement-timeout"];

/**
 * Reads the lines at the start of a text that begin with `#`; undefined when none of them is a
 * directive, because the file is no seed then.
 *
 * @throws RowgateError `directive-unknown`, and `seed-invalid` when table or key are missing.
 */
export function readSeedHeader(text: string, path: string): SeedHeader | undefined {
  const head = /^(?:#[^\n]*(?:\n|$))*/u.exec(text)?.[0] ?? "";
  const found = parseDirectives(head, 1);

  if (found.length === 0) {
    return undefined;
  }

  const own = new Map<string, { readonly value: string; readonly line: number }>();

  for (const { word, value, line, column } of found) {
    checkWord(word, { path, line, column });
    if (own.has(word) && OWN.includes(word)) {
      throw seedInvalid(path, line, `directive "${word}" stands here a second time`, "Keep one.");
    }
    own.set(word, { value, line });
  }

  const valueOf = (word: string): string | undefined => own.get(word)?.value;
  const lineOf = (word: string): number => own.get(word)?.line ?? 1;
  const table = namesOf(valueOf("table") ?? "", ".");
  const key = namesOf(valueOf("key") ?? "", ",");
  const delimiter = (valueOf("delimiter") ?? ",").replace(/^(?:\\t|tab)$/iu, "\t");

  if (table === undefined || table.length > 2) {
    throw seedInvalid(path, lineOf("table"), "the seed names no table", "Write `# rowgate: table NAME` or `# rowgate: table SCHEMA.NAME`.");
  }
  if (key === undefined) {
    throw seedInvalid(path, lineOf("key"), "the seed names no key", "Write `# rowgate: key COLUMN`, with commas between several.");
  }
  if (delimiter.length !== 1 || /["\r\n]/u.test(delimiter)) {
    throw seedInvalid(path, lineOf("delimiter"), `the delimiter ${JSON.stringify(delimiter)} is not one character`, "Write one character, or tab.");
  }
  return {
    table,
    key,
    remove: removalOf(valueOf("delete") ?? "never", path, lineOf("delete")),
    null: valueOf("null") ?? "",
    delimiter,
    directives: readDirectives(sharedOnly(head), path, mysqlComments),
    lines: head.split("\n").length - 1,
    text: head,
  };
}

/** Every fault of a seed itself. */
export function seedInvalid(path: string, line: number, message: string, hint: string): RowgateError {
  return new RowgateError("seed-invalid", { message, hint, at: { path, line, column: 1 } });
}

function checkWord(word: string, at: { path: string; line: number; column: number }): void {
  const words = [...OWN, ...SHARED];

  if (!words.includes(word)) {
    const nearest = nearestName(word, words);

    throw new RowgateError("directive-unknown", {
      message: `a seed has no directive "${word}"`,
      hint: nearest === undefined ? `Use one of ${words.join(", ")}.` : `Write "# rowgate: ${nearest}".`,
      at,
    });
  }
}

/** Undefined for what is not a list of names; each may be quoted. */
function namesOf(value: string, separator: "." | ","): readonly string[] | undefined {
  const name = '"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^\\s."`,]+';
  const mark = separator === "." ? "\\." : "\\s*,\\s*";

  return new RegExp(`^(?:${name})(?:${mark}(?:${name}))*$`, "u").test(value)
    ? (value.match(new RegExp(name, "gu")) ?? []).map(unquote)
    : undefined;
}

function unquote(name: string): string {
  const quote = name[0] ?? "";

  return quote === '"' || quote === "`" ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}

function removalOf(value: string, path: string, line: number): SeedHeader["remove"] {
  const where = /^where\s+(?<where>.+)$/isu.exec(value)?.groups?.["where"];

  if (where !== undefined) {
    return { where };
  }
  if (value !== "never" && value !== "missing") {
    throw seedInvalid(path, line, `directive "delete" takes never, missing or where and a condition, not "${value}"`, "Write one of them.");
  }
  return value;
}

/** The directives that all files have, on their lines. */
function sharedOnly(head: string): string {
  return head
    .split("\n")
    .map((line) => (SHARED.some((word) => line.includes(`rowgate: ${word}`)) ? line.trimEnd() : "#"))
    .join("\n");
}
