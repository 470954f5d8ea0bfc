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
  const said = wordsIn(head, path);

  if (said.size === 0) {
    return undefined;
  }

  return {
    table: tableOf(said, path),
    key: keyOf(said, path),
    remove: removalOf(said, path),
    null: said.get("null")?.value ?? "",
    delimiter: delimiterOf(said, path),
    directives: readDirectives(sharedOnly(head), path, mysqlComments),
    lines: head.split("\n").length - 1,
    text: head,
  };
}

interface Said {
  readonly value: string;
  readonly line: number;
}

type Words = ReadonlyMap<string, Said>;

/** What the directives say, by their word; of those that may stand there again the last. */
function wordsIn(head: string, path: string): Words {
  const said = new Map<string, Said>();

  for (const { word, value, line, column } of parseDirectives(head, 1)) {
    checkWord(word, { path, line, column });
    if (said.has(word) && OWN.includes(word)) {
      throw seedInvalid(
        { path, line },
        `directive "${word}" stands here a second time`,
        "Keep one.",
      );
    }
    said.set(word, { value, line });
  }
  return said;
}

const UNSAID: Said = { value: "", line: 1 };

function tableOf(said: Words, path: string): readonly string[] {
  const { value, line } = said.get("table") ?? UNSAID;
  const table = namesOf(value, ".");

  if (table === undefined || table.length > 2) {
    throw seedInvalid(
      { path, line },
      "the seed names no table",
      "Write `# rowgate: table NAME` or `# rowgate: table SCHEMA.NAME`.",
    );
  }
  return table;
}

function keyOf(said: Words, path: string): readonly string[] {
  const { value, line } = said.get("key") ?? UNSAID;
  const key = namesOf(value, ",");

  if (key === undefined) {
    throw seedInvalid(
      { path, line },
      "the seed names no key",
      "Write `# rowgate: key COLUMN`, with commas between several.",
    );
  }
  return key;
}

function delimiterOf(said: Words, path: string): string {
  const { value, line } = said.get("delimiter") ?? { value: ",", line: 1 };
  const delimiter = value.replace(/^(?:\\t|tab)$/iu, "\t");

  if (delimiter.length !== 1 || /["\r\n]/u.test(delimiter)) {
    throw seedInvalid(
      { path, line },
      `the delimiter ${JSON.stringify(delimiter)} is not one character`,
      "Write one character, or tab.",
    );
  }
  return delimiter;
}

/** Every fault of a seed itself. */
export function seedInvalid(
  at: { readonly path: string; readonly line: number },
  message: string,
  hint: string,
): RowgateError {
  return new RowgateError("seed-invalid", { message, hint, at: { ...at, column: 1 } });
}

function checkWord(word: string, at: { path: string; line: number; column: number }): void {
  const words = [...OWN, ...SHARED];

  if (!words.includes(word)) {
    const nearest = nearestName(word, words);

    throw new RowgateError("directive-unknown", {
      message: `a seed has no directive "${word}"`,
      hint:
        nearest === undefined
          ? `Use one of ${words.join(", ")}.`
          : `Write "# rowgate: ${nearest}".`,
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

function removalOf(said: Words, path: string): SeedHeader["remove"] {
  const { value, line } = said.get("delete") ?? { value: "never", line: 1 };
  const where = /^where\s+(?<where>.+)$/isu.exec(value)?.groups?.["where"];

  if (where !== undefined) {
    return { where };
  }
  if (value !== "never" && value !== "missing") {
    throw seedInvalid(
      { path, line },
      `directive "delete" takes never, missing or where and a condition, not "${value}"`,
      "Write one of them.",
    );
  }
  return value;
}

/** The directives that all files have, on their lines. */
function sharedOnly(head: string): string {
  const shared = parseDirectives(head, 1).filter(({ word }) => SHARED.includes(word));
  const lines = new Set(shared.map(({ line }) => line));

  return head
    .split("\n")
    .map((line, index) => (lines.has(index + 1) ? line.trimEnd() : "#"))
    .join("\n");
}
