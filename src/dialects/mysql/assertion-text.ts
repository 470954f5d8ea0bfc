/** What stands around the query of an assertion: its answer must be true. */
import type { AssertionTime, StatementPiece } from "../../domain/block.ts";
import { mysqlAnswer, readMysqlAssertion } from "../../scan/assertion.ts";
import { literal } from "./quoting.ts";

/** MySQL's messages have 128 characters, so that the query comes last. */
const QUERY_LENGTH = 200;

/** Goes before the query: without a row it leaves the variable as it was. */
export function forgetAnswer(time: AssertionTime): string {
  return `SET ${mysqlAnswer(time)} = NULL;`;
}

/** Goes behind the query, in a procedure. */
export function checkAnswer({ text }: StatementPiece, time: AssertionTime): string {
  const query = (readMysqlAssertion(text)?.query ?? text).replaceAll(/\s+/g, " ").trim();
  const message = refusal("rowgate: ", time, `: ${query.slice(0, QUERY_LENGTH)}`);

  return `    IF NOT (${isTrue(time)}) THEN SET @rg_text = LEFT(${message}, 128); SIGNAL SQLSTATE 'RG017' SET MESSAGE_TEXT = @rg_text; END IF;\n`;
}

/** The mode of a gate behind the query, which is not to open: shut when it holds, else an error. */
export function answerMode(time: AssertionTime): string {
  return `WHEN ${isTrue(time)} THEN @rg_shut ELSE ${refusalMode(time)}`;
}

/** The query and the check, for a session of which nothing else is known. */
export function verifyText({ text, assertion = "after" }: StatementPiece): string {
  const mode = `IF(${isTrue(assertion)}, @@sql_mode, ${refusalMode(assertion)})`;

  return `${forgetAnswer(assertion)}\n${text}\n;\nSET sql_mode = ${mode}`;
}

/** An SQL condition. */
function isTrue(time: AssertionTime): string {
  return `${mysqlAnswer(time)} IS TRUE`;
}

/** A mode that is no mode: its error ends at the first comma, so that the query cannot be part of it. */
function refusalMode(time: AssertionTime): string {
  return refusal("ROWGATE verify-failed: ", time, "");
}

function refusal(start: string, time: AssertionTime, end: string): string {
  const answer = `COALESCE(LEFT(CAST(${mysqlAnswer(time)} AS CHAR), 40), 'NULL or no row')`;

  return `CONCAT(${literal(`${start}the assertion returned `)}, ${answer}, ${literal(` instead of true${end}`)})`;
}
