/** A block on its way into a bundle: its header, and how to read it. */
import type { BlockHeader, BlockKind, StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import type { Directives, Requirement } from "../../scan/directives.ts";
import type { FilePlace } from "../files/read-text.ts";
import { expandFile } from "../reading/expand.ts";
import { copyState, createSession, type Session } from "../reading/session.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { readHeader } from "./read-header.ts";

export interface Draft {
  readonly id: string;
  readonly path: string;
  readonly kind: BlockKind;
  readonly checksum: string;
  readonly directives: Directives;
  readonly requires: readonly Requirement[];
  readonly movable: boolean;
  /** Rows, not SQL: what they name is no object. */
  readonly isSeed?: true | undefined;
  /** Settings of main.sql that hold when the block begins. */
  readonly prefix: readonly StatementPiece[];
  /** Reads the block's own pieces from the start; `onNote` hears what was dropped on the way. */
  open(onNote: (note: Note) => void): Reading;
  /** Its verify file, whose pieces are queries; absent without one. */
  readonly verify?: Draft | undefined;
  /** What takes it back; absent without it. Read only when it is wanted. */
  readonly undo?: (() => Promise<Draft>) | undefined;
}

export interface Reading {
  /** The data of a COPY can only be read before the next piece is asked for. */
  readonly pieces: AsyncGenerator<WalkedPiece>;
  /** The checksum of what was read; only once, when all of it was. */
  checksum(): string;
}

/** What the layout of the tree says about a block. */
export interface DraftName {
  readonly id: string;
  readonly kind: BlockKind;
  readonly movable: boolean;
  /** `none` when the layout of the tree says so. */
  readonly transaction?: "none" | undefined;
}

/** A block of one file, or of a part of it. What the file sets stays set in `session`. Throws as `readHeader` does. */
export async function draftFile(
  place: FilePlace,
  { transaction, ...name }: DraftName,
  session: Session,
): Promise<Draft> {
  const state = copyState(session);
  const { checksum, directives: own } = await readHeader(place, session);
  const directives = transaction === undefined ? own : { transaction, ...own };

  return {
    ...name,
    kind: directives.kind ?? name.kind,
    path: place.path,
    checksum,
    directives,
    requires: directives.requires,
    prefix: [],
    open(onNote) {
      const again = { ...createSession(session.tree, state), open: session.open, onNote };

      return { pieces: expandFile(place, again), checksum: () => again.hash.checksum() };
    },
  };
}

/** The draft of a block of a bundle. @throws RowgateError `block-unknown`, when it is not of this bundle. */
export function draftOf(drafts: ReadonlyMap<string, Draft>, { id }: BlockHeader): Draft {
  const draft = drafts.get(id);

  if (draft === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${id}`,
      hint: "Take the blocks from this bundle's own list.",
    });
  }
  return draft;
}
