/** What the statements of one block, taken together, ask for. */
import type { SourcePosition } from "../../domain/source.ts";
import { postgresComments } from "../../scan/comments.ts";
import type { StatementClass } from "../../scan/postgres-parser.ts";
import { startOf } from "../reading/piece-place.ts";
import type { Control } from "../reading/rules.ts";
import type { WalkedPiece } from "../reading/walked.ts";

/** A statement that begins or ends a transaction. */
export interface ControlStatement {
  readonly index: number;
  readonly control: Control;
  /** Its first word, behind the comments. */
  readonly at: SourcePosition;
  readonly text: string;
}

export interface Survey {
  readonly controls: readonly ControlStatement[];
  /** The first piece that is neither a setting nor transaction control; undefined when none is. */
  readonly firstBody: number | undefined;
  /** The last piece; -1 without pieces. */
  readonly last: number;
  /** The first statement that no transaction may hold. */
  readonly noTransaction: { readonly reason: string; readonly at: SourcePosition } | undefined;
  readonly addsEnumValue: boolean;
  /** It has a COPY with data. */
  readonly hasCopy: boolean;
  /** Pieces that are SELECT … INTO. */
  readonly selectInto: readonly number[];
  /** The first SET TRANSACTION. */
  readonly setTransaction: SourcePosition | undefined;
  /** Settings that SET statements change, each once. */
  readonly settings: readonly string[];
}

export interface SurveyBuilder {
  /** Takes the next piece. */
  add(piece: WalkedPiece, found: StatementClass): void;
  finish(): Survey;
}

export function createSurvey(): SurveyBuilder {
  const controls: ControlStatement[] = [];
  const selectInto: number[] = [];
  const settings = new Set<string>();
  let last = -1;
  let firsts: Firsts = {};

  return {
    add(piece, found) {
      last += 1;
      if (found.control !== undefined) {
        controls.push({
          index: last,
          control: found.control,
          at: startOf(piece, postgresComments),
          text: piece.text,
        });
      }
      if (found.selectInto) {
        selectInto.push(last);
      }
      for (const name of found.settings) {
        settings.add(name);
      }
      // What was found first stays.
      firsts = { ...firstsOf({ piece, found, index: last }), ...firsts };
    },
    finish: () => ({
      firstBody: firsts.firstBody,
      last,
      noTransaction: firsts.noTransaction,
      addsEnumValue: firsts.addsEnumValue ?? false,
      hasCopy: firsts.hasCopy ?? false,
      setTransaction: firsts.setTransaction,
      controls,
      selectInto,
      settings: [...settings],
    }),
  };
}

type Firsts = Partial<
  Pick<Survey, "firstBody" | "noTransaction" | "addsEnumValue" | "hasCopy" | "setTransaction">
>;

interface FoundPiece {
  readonly piece: WalkedPiece;
  readonly found: StatementClass;
  readonly index: number;
}

/** What one piece adds: only the properties that it has something to say about. */
function firstsOf({ piece, found, index }: FoundPiece): Firsts {
  const isBody = found.control === undefined && !found.setting;

  return {
    ...(isBody ? { firstBody: index } : {}),
    ...(found.noTransaction === undefined
      ? {}
      : { noTransaction: { reason: found.noTransaction, at: startOf(piece, postgresComments) } }),
    ...(found.addsEnumValue ? { addsEnumValue: true } : {}),
    ...(piece.kind === "copy" ? { hasCopy: true } : {}),
    ...(found.setTransaction ? { setTransaction: startOf(piece, postgresComments) } : {}),
  };
}
