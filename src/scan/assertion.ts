/**
 * An assertion as a statement: the user's query, and around it what fails unless it returns true. The
 * form is fixed, so that a script can be read back, and an error be told at the query itself.
 */
import type { AssertionTime, StatementPiece } from "../domain/block.ts";
import { placePrefix, readPlacePrefix } from "./place-prefix.ts";

/** A statement that was recognised as an assertion. */
export interface FoundAssertion {
  readonly time: AssertionTime;
  /** The user's query; on PostgreSQL with the comment that names its place before it. */
  readonly query: string;
}

/** `RG017` is `verify-failed`; a record of one true value is written `(t)`. */
const POSTGRES_CHECK = `DECLARE answer record; said text := 'no row'; rows integer := 0;
BEGIN
  FOR answer IN EXECUTE query LOOP
    rows := rows + 1;
    said := CASE WHEN rows > 1 THEN 'more than one row' ELSE answer::text END;
    EXIT WHEN rows > 1;
  END LOOP;
  IF said <> '(t)' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG017', MESSAGE = format('rowgate: the assertion returned %s instead of true', CASE said WHEN '(f)' THEN 'false' WHEN '()' THEN 'NULL' ELSE left(said, 200) END), DETAIL = regexp_replace(query, '^[^\\n]*\\n', '');
  END IF;
END`;

const POSTGRES_TAGS = { before: "assert_before", after: "assert" } as const;

const POSTGRES_FORM =
  /^DO \$(assert_before|assert)\d*\$ DECLARE query CONSTANT text := (\$query\d*\$)([^]*)\2;\nDECLARE answer record;/;

/** On PostgreSQL a block that runs the query, with its place before it as before any statement. */
export function postgresAssertion(query: StatementPiece, time: AssertionTime): StatementPiece {
  const text = placePrefix(query) + query.text;
  const inner = freeTag(text, "query");
  const body = ` DECLARE query CONSTANT text := ${inner}${text}${inner};\n`;
  const outer = freeTag(body, POSTGRES_TAGS[time]);

  return {
    kind: "statement",
    text: `DO ${outer}${body}${POSTGRES_CHECK} ${outer};`,
    at: query.at,
    assertion: time,
  };
}

/** Undefined for any other statement. */
export function readPostgresAssertion(text: string): FoundAssertion | undefined {
  const [, tag, , query] = POSTGRES_FORM.exec(text) ?? [];

  return query === undefined || readPlacePrefix(query) === undefined
    ? undefined
    : { time: tag === POSTGRES_TAGS.before ? "before" : "after", query };
}

function freeTag(text: string, base: string): string {
  let tag = `$${base}$`;

  for (let number = 1; text.includes(tag); number += 1) {
    tag = `$${base}${number}$`;
  }

  return tag;
}

/** The variables of the session that take what the query returns. */
const MYSQL_ANSWERS: Readonly<Record<AssertionTime, string>> = {
  before: "@rg_answer_before",
  after: "@rg_answer_after",
};

/** On MySQL the query itself, which leaves its answer; `mysqlAnswer` says where. */
export function mysqlAssertion(query: StatementPiece, time: AssertionTime): StatementPiece {
  return { ...query, text: query.text + mysqlEnd(time), assertion: time };
}

/** Undefined for any other statement. */
export function readMysqlAssertion(text: string): FoundAssertion | undefined {
  const time = (["before", "after"] as const).find((each) => text.endsWith(mysqlEnd(each)));

  return time === undefined ? undefined : { time, query: text.slice(0, -mysqlEnd(time).length) };
}

function mysqlEnd(time: AssertionTime): string {
  return `\nINTO ${MYSQL_ANSWERS[time]}`;
}

/** The variable that has the answer of an assertion. */
export function mysqlAnswer(time: AssertionTime): string {
  return MYSQL_ANSWERS[time];
}
