/** `-- rowgate: word [value]` in the comments at the head of a file. */
import type { AssertionTime, BlockKind } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import { nearestName } from "../domain/nearest.ts";
import type { CommentLexis } from "./comments.ts";
import { readAllowance } from "./check/allow.ts";
import { codePoints, movePlace, placeOf } from "./text-place.ts";

/** One directive as it was written. */
export interface Directive {
  readonly word: string;
  /** What stands behind the word, without white space around it; empty for none. */
  readonly value: string;
  /** Where the word `rowgate:` stands; both from 1, the column in code points. */
  readonly line: number;
  readonly column: number;
  /** Where the value begins, in code points. */
  readonly valueColumn: number;
}

/** A query that must return true, and where it stands. */
export interface AssertionDirective {
  readonly time: AssertionTime;
  readonly query: string;
  readonly line: number;
  readonly column: number;
}

/** A block that must stand before, and where the directive that names it stands. */
export interface Requirement {
  /** As written. */
  readonly id: string;
  readonly line: number;
  readonly column: number;
}

/** What the directives of a file say. */
export interface Directives {
  /** Absent when the file's name decides. */
  readonly kind?: BlockKind;
  /** Absent when its statements decide. */
  readonly transaction?: "none" | "shared";
  readonly outOfOrder: boolean;
  /** Blocks that must stand before it, in order; often empty. */
  readonly requires: readonly Requirement[];
  /** In order; often empty. */
  readonly assertions: readonly AssertionDirective[];
  /** Settings by PostgreSQL's names, such as `lock_timeout`: `2s`; often empty. */
  readonly settings: Readonly<Record<string, string>>;
  readonly commitAfter: boolean;
}

type Reading = (
  value: string,
  place: Pick<Directive, "line" | "column" | "valueColumn">,
) => Partial<Directives> | string;

const KNOWN: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["no-transaction", flag({ transaction: "none" })],
  ["transaction", flag({ transaction: "shared" })],
  ["on-change", flag({ kind: "on-change" })],
  ["once", flag({ kind: "once" })],
  ["always", flag({ kind: "always" })],
  ["out-of-order", flag({ outOfOrder: true })],
  ["requires", readIds],
  ["lock-timeout", duration("lock_timeout")],
  ["statement-timeout", duration("statement_timeout")],
  ["commit-after", flag({ commitAfter: true })],
  ["assert", assertion("after")],
  ["assert-before", assertion("before")],
  ["allow", allowance],
]);

/** The words that a directive may begin with, in the order of the documentation. */
const DIRECTIVE_WORDS: readonly string[] = [...KNOWN.keys()];

const MENTION = /rowgate:/i;
const DIRECTIVE = /^([ \t]*(?:--+|#+|\/\*+|\*+)?[ \t]*)rowgate:([^\n]*)/gim;

/** All directives in a text of comments that begins on the given line, in order; often empty. */
export function parseDirectives(comments: string, startLine: number): readonly Directive[] {
  if (!MENTION.test(comments)) {
    return [];
  }
  const place = placeOf(comments, startLine, 1);

  return [...comments.matchAll(DIRECTIVE)].map((match) => {
    const [, prefix = "", rest = ""] = match;
    movePlace(place, comments, match.index + prefix.length);
    const written = withoutCommentEnd(rest);
    const [, word = "", space = "", value = ""] = /^(\S*)(\s*)([^]*)$/.exec(written) ?? [];
    const valueAt = rest.indexOf(written) + word.length + space.length;

    return {
      word,
      value,
      line: place.line,
      column: place.column,
      valueColumn: place.column + "rowgate:".length + codePoints(rest, 0, valueAt),
    };
  });
}

/**
 * What the directives before the first statement of a file say. Commands of the client before it do
 * not hide them.
 *
 * @throws RowgateError `directive-unknown`, when a word is not known, its value is not of its form,
 * or two directives contradict each other.
 */
export function readDirectives(text: string, path: string, lexis: CommentLexis): Directives {
  const all: Partial<Directives>[] = [];

  for (const directive of parseDirectives(leadingComments(text, lexis), 1)) {
    const read = readDirective(directive, path);
    if (all.some((before) => contradicts(before, read))) {
      throw fault({ directive, path }, `directive "${directive.word}" contradicts one before it`, [
        "Keep one of the two.",
      ]);
    }
    all.push(read);
  }

  const merged: Partial<Directives> = Object.assign({}, ...all);
  const settings: Record<string, string> = Object.assign({}, ...all.map((read) => read.settings));

  return {
    outOfOrder: false,
    commitAfter: false,
    ...merged,
    requires: all.flatMap(({ requires = [] }) => requires),
    assertions: all.flatMap(({ assertions = [] }) => assertions),
    settings,
  };
}

/**
 * The line of the last directive in the comments of a statement that begins on the given line.
 * Behind the first token of a file a directive has no effect, but for an `allow`, which then is for
 * its statement. Undefined when there is none.
 */
export function findLateDirective(
  statementText: string,
  line: number,
  lexis: CommentLexis,
): number | undefined {
  if (!MENTION.test(statementText)) {
    return undefined;
  }
  const place = placeOf(statementText, line, 1);
  let found: number | undefined;

  for (const { kind, start, end } of lexis(statementText)) {
    if (kind === "comment") {
      movePlace(place, statementText, start);
      const comment = statementText.slice(start, end);
      const late = parseDirectives(comment, place.line).filter(({ word }) => word !== "allow");
      found = late.at(-1)?.line ?? found;
    }
  }

  return found;
}

/**
 * Checks the allowances in the comments of a statement that begins on the given line.
 *
 * @throws RowgateError `directive-unknown` for one that is not of its form.
 */
export function checkAllowances(
  { text, path, line }: { readonly text: string; readonly path: string; readonly line: number },
  lexis: CommentLexis,
): void {
  const place = placeOf(text, line, 1);

  for (const { kind, start, end } of lexis(text)) {
    if (kind === "comment" && MENTION.test(text.slice(start, end))) {
      movePlace(place, text, start);
      parseDirectives(text.slice(start, end), place.line)
        .filter(({ word }) => word === "allow")
        .forEach((directive) => readDirective(directive, path));
    }
  }
}

/** The text before the first token of the first statement, with commands made blank. */
function leadingComments(text: string, lexis: CommentLexis): string {
  let leading = "";

  for (const { kind, start, end } of lexis(text)) {
    if (kind === "other") {
      break;
    }
    leading += kind === "command" ? "" : text.slice(start, end);
  }

  return leading;
}

function withoutCommentEnd(text: string): string {
  const end = text.indexOf("*/");
  return (end === -1 ? text : text.slice(0, end)).trim();
}

function readDirective(directive: Directive, path: string): Partial<Directives> {
  const reading = KNOWN.get(directive.word);

  if (reading === undefined) {
    const nearest = nearestName(directive.word, DIRECTIVE_WORDS);
    throw fault({ directive, path }, `there is no directive "${directive.word}"`, [
      nearest === undefined
        ? `Use one of ${DIRECTIVE_WORDS.join(", ")}.`
        : `Write "-- rowgate: ${nearest}".`,
    ]);
  }

  const read = reading(directive.value, directive);
  if (typeof read === "string") {
    throw fault({ directive, path }, `directive "${directive.word}" ${read}`, []);
  }

  return read;
}

interface Written {
  readonly directive: Directive;
  readonly path: string;
}

function contradicts(one: Partial<Directives>, other: Partial<Directives>): boolean {
  return (
    (one.kind ?? other.kind) !== (other.kind ?? one.kind) ||
    (one.transaction ?? other.transaction) !== (other.transaction ?? one.transaction)
  );
}

function fault(
  { directive, path }: Written,
  message: string,
  hints: readonly string[],
): RowgateError {
  return new RowgateError("directive-unknown", {
    message,
    hint: hints[0] ?? 'See "Directives" in docs/source.md for the form of each.',
    at: { path, line: directive.line, column: directive.column },
  });
}

function flag(directives: Partial<Directives>): Reading {
  return (value) => (value === "" ? directives : `takes no value, but has "${value}"`);
}

function readIds(
  value: string,
  { line, column }: Pick<Requirement, "line" | "column">,
): Partial<Directives> | string {
  const ids = value.split(",").map((id) => id.trim());

  return ids.every((id) => id !== "")
    ? { requires: ids.map((id) => ({ id, line, column })) }
    : `needs the ids of blocks, separated by commas, not "${value}"`;
}

/** The check itself reads it where the statements are; here it only has to be of its form. */
function allowance(value: string): Partial<Directives> | string {
  const read = readAllowance(value);
  return typeof read === "string" ? read : {};
}

function assertion(time: AssertionTime): Reading {
  return (value, { line, valueColumn }) => {
    const query = value.replace(/\s*;$/, "");

    return query === ""
      ? "needs a query that must return true, such as `SELECT count(*) = 0 FROM customer WHERE email IS NULL`"
      : { assertions: [{ time, query, line, column: valueColumn }] };
  };
}

function duration(setting: string): Reading {
  return (value) =>
    /^(?:0|\d{1,9}(?:ms|s|min|h|d))$/.test(value)
      ? { settings: { [setting]: value } }
      : `needs a length of time such as 500ms, 2s, 10min, 1h or 0, not "${value}"`;
}
