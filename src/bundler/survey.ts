/** What the statements of one block, taken together, ask for. */
import type { SourcePosition } from "../domain/source.ts";
import type { StatementClass } from "../scan/postgres-parser.ts";
import type { WalkedPiece } from "./walk.ts";

/** A statement that begins or ends a transaction. */
export interface ControlStatement {
  readonly index: number;
  readonly control: "begin" | "commit" | "other";
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
  let survey: Omit<Survey, "controls" | "selectInto" | "settings"> = {
    firstBody: undefined,
    last: -1,
    noTransaction: undefined,
    addsEnumValue: false,
    setTransaction: undefined,
  };

  return {
    add(piece, found) {
      const index = survey.last + 1;
      const { at, text } = piece;
      const { control } = found;
      const isBody = control === undefined && !found.setting;

      if (control !== undefined) {
        controls.push({ index, control, at, text });
      }
      if (found.selectInto) {
        selectInto.push(index);
      }
      for (const name of found.settings) {
        settings.add(name);
      }
      survey = {
        firstBody: survey.firstBody ?? (isBody ? index : undefined),
        last: index,
        noTransaction: survey.noTransaction ?? blocker(found, at),
        addsEnumValue: survey.addsEnumValue || found.addsEnumValue,
        setTransaction: survey.setTransaction ?? (found.setTransaction ? at : undefined),
      };
    },
    finish: () => ({ ...survey, controls, selectInto, settings: [...settings] }),
  };
}

function blocker(found: StatementClass, at: SourcePosition): Survey["noTransaction"] {
  return found.noTransaction === undefined ? undefined : { reason: found.noTransaction, at };
}
