/** One statement at a time: its class, and its syntax errors at their place. */
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";
import type { PostgresParser, StatementClass, SyntaxFinding } from "../scan/postgres-parser.ts";
import type { WalkedPiece } from "./walk.ts";

/**
 * How much plain data of one block is parsed. The parser does about 2 MB a second, so the thousands
 * of INSERTs of a dump would take minutes, and one tells nothing that the others did not.
 */
const PARSED_DATA_LIMIT = 4 * 1024 * 1024;

const DATA_COMMANDS = new Set(["insert", "update", "delete", "values", "copy"]);

const PLAIN: StatementClass = {
  control: undefined,
  noTransaction: undefined,
  addsEnumValue: false,
  selectInto: false,
  setting: false,
  settings: [],
  copy: undefined,
  setTransaction: false,
  count: 1,
};

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

  return {
    classify(piece) {
      const command = piece.head[0]?.toLowerCase() ?? "";

      if (DATA_COMMANDS.has(command)) {
        dataUnits += piece.text.length;
        if (dataUnits > PARSED_DATA_LIMIT && command !== "copy") {
          return PLAIN;
        }
      }

      const found = parser.classify(piece.text);

      if ("message" in found) {
        if (checksSyntax) {
          throw syntaxError(piece, found);
        }
        return PLAIN;
      }
      if (checksSyntax && (command === "create" || command === "do")) {
        checkBody(parser, piece);
      }
      return found;
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
  return new RowgateError("syntax-invalid", {
    message: finding.message,
    hint: "Correct the statement, or switch the check off with --no-syntax-check if your server accepts it.",
    at: positionIn(piece, finding.offset),
  });
}

/** The place of an offset, in UTF-16 units, in the text of a piece. */
export function positionIn(
  { text, at, lines }: Pick<WalkedPiece, "text" | "at"> & { lines?: readonly number[] | undefined },
  offset: number,
): SourcePosition {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const feeds = before.split("\n").length - 1;
  const column = [...before.slice(start)].length + 1;

  return {
    path: at.path,
    line: lines?.[feeds] ?? at.line + feeds,
    column: feeds === 0 ? at.column + column - 1 : column,
  };
}
