/** What the reading of a file yields. */
import type { CopyPiece, StatementPiece } from "../../domain/block.ts";
import type { SourcePosition } from "../../domain/source.ts";
import type { FilePlace } from "../files/read-text.ts";

/** An include command: the file that it names has to be put in its place. */
export interface IncludeItem {
  readonly kind: "include";
  readonly place: FilePlace;
  readonly at: SourcePosition;
}

export interface WalkedStatement extends StatementPiece {
  /** The first words of the statement, in lower case. */
  readonly head: readonly string[];
}

export interface WalkedCopy extends CopyPiece {
  readonly head: readonly string[];
  readonly lines?: undefined;
  /** Whether its data can still be read: until the next item is asked for. */
  isCurrent(): boolean;
}

export type WalkedPiece = WalkedStatement | WalkedCopy;
