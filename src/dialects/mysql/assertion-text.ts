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
export function checkAnswer(piece: StatementPiece, time: AssertionTime): string {
  return `    IF NOT (${isTrue(time)}) THEN SET @rg_text = LEFT(${refusal("rowgate: ", piece, time)}, 128); SIGNAL SQLSTATE 'RG017' SET MESSAGE_TEXT = @rg_text; END IF;\n`;
}

/** The mode of a gate behind the query, which is not to open: shut when it holds, else an error. */
export function answerMode(piece: StatementPiece, time: AssertionTime): string {
  return `WHEN ${isTrue(time)} THEN @rg_shut ELSE ${refusal("ROWGATE verify-failed: ", piece, time)}`;
}

/** The query and the check, for a session of which nothing else is known. */
export function verifyText(piece: StatementPiece): string {
  const time = piece.assertion ?? "after";
  const mode = `IF(${isTrue(time)}, @@sql_mode, ${refusal("ROWGATE verify-failed: ", piece, time)})`;

  return `${forgetAnswer(time)}\n${piece.text}\n;\nSET sql_mode = ${mode}`;
}

/** An SQL condition. */
function isTrue(time: AssertionTime): string {
  return `${mysqlAnswer(time)} IS TRUE`;
}

function refusal(start: string, { text }: StatementPiece, time: AssertionTime): string {
  const answer = `COALESCE(LEFT(CAST(${mysqlAnswer(time)} AS CHAR), 40), 'NULL, or no row')`;
  const query = (readMysqlAssertion(text)?.query ?? text).replaceAll(/\s+/g, " ").trim();

  return `CONCAT(${literal(`${start}the assertion returned `)}, ${answer}, ${literal(`, not true: ${query.slice(0, QUERY_LENGTH)}`)})`;
}
