/** One statement at a time: its class, and its syntax errors at their place. */
import { RowgateError } from "../../domain/errors.ts";
import { leadingLength, postgresComments } from "../../scan/comments.ts";
import type { PostgresParser, StatementClass, SyntaxFinding } from "../../scan/postgres-parser.ts";
import { PLAIN_CLASS } from "../../scan/statement-class.ts";
import { positionAt, unitsOf } from "../reading/piece-place.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { transactionControl } from "./session-statement.ts";

/**
 * How much plain data of one block is parsed. The parser does about 2 MB a second, so the thousands
 * of INSERTs of a dump would take minutes, and one tells nothing that the others did not.
 */
const PARSED_DATA_LIMIT = 4 * 1024 * 1024;

/** A variable of psql that was left as it is, because it has no value. */
const VARIABLE = /^:(?:['"]?[A-Za-z_]|\{)/u;

const DATA_COMMANDS = new Set(["insert", "update", "delete", "values"]);

/** Only these have PL/pgSQL in them. */
const BODY_COMMANDS = new Set(["create", "do"]);

export interface Classifier {
  /**
   * The class of the next statement of a block.
   *
   * @throws RowgateError `syntax-invalid` when syntax is checked, at the place of the error.
   */
  classify(piece: WalkedPiece): StatementClass;
}

/** A classifier for the statements of one block. */
export function createClassifier(parser: PostgresParser, checksSyntax: boolean): Classifier {
  let dataUnits = 0;

  /** Whether the block has had its share of parsed data. */
  const isSkipped = (command: string, text: string): boolean => {
    if (!DATA_COMMANDS.has(command)) {
      return false;
    }
    dataUnits += text.length;
    return dataUnits > PARSED_DATA_LIMIT;
  };

  return {
    classify(piece) {
      const command = piece.head[0] ?? "";

      if (isSkipped(command, piece.text)) {
        return PLAIN_CLASS;
      }

      const found = parser.classify(piece.text);

      if (!("message" in found)) {
        if (checksSyntax && BODY_COMMANDS.has(command)) {
          checkBody(parser, piece);
        }
        return found;
      }
      if (checksSyntax) {
        throw syntaxError(piece, found);
      }
      return { ...PLAIN_CLASS, control: transactionControl(piece.head) };
    },
  };
}

function checkBody(parser: PostgresParser, piece: WalkedPiece): void {
  const finding = parser.checkBodies(piece.text);

  if (finding !== undefined) {
    throw syntaxError(piece, finding);
  }
}

function syntaxError(piece: WalkedPiece, finding: SyntaxFinding): RowgateError {
  const offset =
    finding.offset < 0
      ? leadingLength(piece.text, postgresComments)
      : unitsOf(piece.text, finding.offset);

  return new RowgateError("syntax-invalid", {
    message: finding.message,
    hint: VARIABLE.test(piece.text.slice(offset))
      ? "Give the psql variable a value with --var NAME=VALUE, or under variables in rowgate.yaml."
      : "Correct the statement, or switch the check off with --no-syntax-check if your server accepts it.",
    at: positionAt(piece, offset),
  });
}
