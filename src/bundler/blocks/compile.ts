/** Drafts → blocks: their statements split, checked and classified. */
import type { Block, BlockHeader, CopyPiece, Piece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import { findLateDirective } from "../../scan/directives.ts";
import { loadPostgresParser, type PostgresParser } from "../../scan/postgres-parser.ts";
import type { WalkedPiece } from "../psql/walked.ts";
import { createClassifier, type Classifier } from "./classify.ts";
import type { Draft } from "./draft.ts";
import { leadingLength, positionAt } from "./piece-place.ts";
import { createPieceStore, type PieceStore } from "./piece-store.ts";
import { createSurvey, type Survey } from "./survey.ts";
import {
  joinControlErrors,
  planTransaction,
  type Edit,
  type TransactionPlan,
} from "./transaction.ts";

/** What all blocks together may keep in memory; what is beyond is read again when it is asked for. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** What the dialects save and restore around every block, whatever is in it. */
const USUAL_SETTINGS = new Set([
  "search_path",
  "role",
  "check_function_bodies",
  "session_replication_role",
  "row_security",
  "default_tablespace",
  "client_min_messages",
  "lock_timeout",
  "statement_timeout",
  "standard_conforming_strings",
]);

export interface CompileRequest {
  readonly draft: Draft;
  readonly header: BlockHeader;
}

/**
 * Reads, checks and classifies blocks, in order, one after the other.
 *
 * @throws RowgateError for the first fault: `syntax-invalid`, `transaction-control` (with the places
 * of its like in later files),
 * `copy-unsupported`, `directive-unknown`, `file-unreadable` when a file changed since its header
 * was read, and what `expandFile` throws.
 */
export async function compileDrafts(
  requests: readonly CompileRequest[],
  checksSyntax: boolean,
): Promise<readonly Block[]> {
  if (requests.length === 0) {
    return [];
  }

  const parser = await loadPostgresParser();
  const blocks: Block[] = [];
  let left = KEPT_BYTES;

  const faults: RowgateError[] = [];

  for (const request of requests) {
    const store = createPieceStore(left);

    try {
      blocks.push(await compileDraft(request, { parser, checksSyntax, store }));
    } catch (error) {
      faults.push(controlFault(error, faults));
    }
    left -= store.keptBytes();
  }

  const [fault, ...others] = faults;

  if (fault !== undefined) {
    throw joinControlErrors([fault, ...others]);
  }
  return blocks;
}

/** The error, when it is one that is told together with its like; @throws any other. */
function controlFault(error: unknown, earlier: readonly RowgateError[]): RowgateError {
  if (error instanceof RowgateError && error.code === "transaction-control") {
    return error;
  }
  const [first, ...others] = earlier;

  throw first === undefined ? error : joinControlErrors([first, ...others]);
}

interface Compiling {
  readonly parser: PostgresParser;
  readonly checksSyntax: boolean;
  readonly store: PieceStore;
}

async function compileDraft(
  { draft, header }: CompileRequest,
  { parser, checksSyntax, store }: Compiling,
): Promise<Block> {
  const notes: Note[] = [];
  const survey = await surveyDraft(draft, {
    classifier: createClassifier(parser, checksSyntax),
    store,
    onNote: (note) => addNote(notes, note),
  });
  const plan = planTransaction(survey, draft.directives);
  const prefixSettings = draft.prefix.map((piece) => parser.classify(piece.text));
  const leaks = [
    ...survey.settings,
    ...prefixSettings.flatMap((found) => ("message" in found ? [] : found.settings)),
  ];

  return {
    ...header,
    transaction: plan.transaction,
    commitAfter: plan.commitAfter,
    settings: draft.directives.settings,
    leaks: [...new Set(leaks)].filter((name) => !USUAL_SETTINGS.has(name)),
    hasCopy: survey.hasCopy,
    sizeBytes: store.sizeBytes() + sizeOf(draft.prefix),
    statements: draft.prefix.length + survey.last + 1 - countDropped(plan),
    notes: [...notes, ...plan.notes],
    pieces: () => piecesOf({ draft, store, edits: plan.edits }),
  };
}

/** Says a thing once for each file: a dump may hold hundreds of the same command. */
function addNote(notes: Note[], note: Note): void {
  const isNew = !notes.some(
    ({ at, message }) => at.path === note.at.path && message === note.message,
  );

  if (isNew) {
    notes.push(note);
  }
}

interface Surveying {
  readonly classifier: Classifier;
  readonly store: PieceStore;
  readonly onNote: (note: Note) => void;
}

async function surveyDraft(
  draft: Draft,
  { classifier, store, onNote }: Surveying,
): Promise<Survey> {
  const reading = draft.open(onNote);
  const survey = createSurvey();
  let isFirst = true;

  for await (const piece of reading.pieces) {
    checkLateDirective(piece, isFirst && piece.at.path === draft.path);
    const found = classifier.classify(piece);

    if (found.copy === "to-stdout") {
      throw copyError(piece);
    }
    survey.add(piece, found);
    await store.add(piece);
    isFirst = false;
  }
  checkUnchanged(draft, reading.checksum());

  return survey.finish();
}

function countDropped({ edits }: TransactionPlan): number {
  return [...edits.values()].filter((edit) => edit === "drop").length;
}

function sizeOf(pieces: readonly { readonly text: string }[]): number {
  return pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}

/** A directive that stands too late would be a comment like any other. */
function checkLateDirective(piece: WalkedPiece, isFirst: boolean): void {
  if (!/rowgate:/iu.test(piece.text)) {
    return;
  }

  const start = isFirst ? leadingLength(piece.text) : 0;
  // Counted from line 0, so that it is an index.
  const late = findLateDirective(piece.text.slice(start), 0);

  if (late !== undefined) {
    const { path, line } = positionAt(piece, start);
    const skipped = piece.text.slice(0, start).split("\n").length - 1;

    throw new RowgateError("directive-unknown", {
      message: "a rowgate directive behind the first statement has no effect",
      hint: "Move it to the comments at the top of the file.",
      at: { path, line: piece.lines?.[skipped + late] ?? line + late, column: 1 },
    });
  }
}

function copyError(piece: WalkedPiece): RowgateError {
  return new RowgateError("copy-unsupported", {
    message: "COPY TO STDOUT writes to the client, and a bundle has nowhere to put it",
    hint: "Remove the statement.",
    at: piece.at,
  });
}

function checkUnchanged(draft: Draft, checksum: string): void {
  if (checksum !== draft.checksum) {
    throw new RowgateError("file-unreadable", {
      message: `${draft.path}, or a file that it includes, changed while it was being read`,
      hint: "Run the command again.",
      at: { path: draft.path, line: 1, column: 1 },
    });
  }
}

interface PieceSource {
  readonly draft: Draft;
  readonly store: PieceStore;
  readonly edits: ReadonlyMap<number, Edit>;
}

async function* piecesOf({ draft, store, edits }: PieceSource): AsyncGenerator<Piece> {
  yield* draft.prefix;

  const kept = store.pieces();
  let index = 0;

  for await (const piece of kept ?? readAgain(draft)) {
    const edit = edits.get(index);

    if (edit !== "drop") {
      yield edit === "select" ? withEmptySelect(piece) : piece;
    }
    index += 1;
  }
}

/** EXECUTE refuses SELECT INTO as the last statement of a string, and only there. */
function withEmptySelect(piece: Piece): Piece {
  return { ...piece, text: `${piece.text}\nSELECT;` };
}

async function* readAgain(draft: Draft): AsyncGenerator<Piece> {
  const reading = draft.open(() => undefined);
  let index = 0;

  for await (const piece of reading.pieces) {
    yield publicPiece(piece, draft, index);
    index += 1;
  }
  checkUnchanged(draft, reading.checksum());
}

/** The piece as others see it: its data can be read at any time, at the price of reading again. */
function publicPiece(piece: WalkedPiece, draft: Draft, index: number): Piece {
  const { head: _head, ...bare } = piece;

  if (bare.kind === "statement") {
    return bare;
  }

  let isFresh = true;

  return {
    ...bare,
    async *data() {
      if (isFresh && bare.isCurrent()) {
        isFresh = false;
        yield* bare.data();
      } else {
        yield* dataOf(draft, index);
      }
    },
  } satisfies CopyPiece;
}

async function* dataOf(draft: Draft, wanted: number): AsyncGenerator<string> {
  let index = 0;

  for await (const piece of draft.open(() => undefined).pieces) {
    if (index === wanted && piece.kind === "copy") {
      yield* piece.data();
      return;
    }
    index += 1;
  }
}
