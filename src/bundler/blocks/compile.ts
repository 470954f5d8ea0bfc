/** Drafts → blocks: their statements split, checked and classified. */
import type { Block, BlockHeader, CopyPiece, Piece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import { leadingLength, type CommentLexis } from "../../scan/comments.ts";
import { checkAllowances, findLateDirective } from "../../scan/directives.ts";
import { lateDirective } from "../reading/late-directive.ts";
import { positionAt } from "../reading/piece-place.ts";
import type { BlockPlan, Planner, Rules } from "../reading/rules.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { readAssertions, type Assertions } from "./assertions.ts";
import { joinControlErrors } from "./control-errors.ts";
import type { Draft } from "./draft.ts";
import { createPieceStore, type PieceStore } from "./piece-store.ts";

/** What all blocks together may keep in memory; what is beyond is read again when it is asked for. */
const KEPT_BYTES = 64 * 1024 * 1024;

export interface CompileRequest {
  readonly draft: Draft;
  readonly header: BlockHeader;
}

/**
 * Reads, checks and classifies blocks, in order, one after the other.
 *
 * @throws RowgateError for the first fault: `transaction-control` with the places of its like in
 * later files, `directive-unknown`, `file-unreadable` when a file changed since its header was
 * read, and what `expandFile` and the planner throw.
 */
export async function compileDrafts(
  requests: readonly CompileRequest[],
  { rules, checksSyntax }: { readonly rules: Rules; readonly checksSyntax: boolean },
): Promise<readonly Block[]> {
  if (requests.length === 0) {
    return [];
  }

  const planner = await rules.loadPlanner({ checksSyntax });
  const blocks: Block[] = [];
  let left = KEPT_BYTES;

  const faults: RowgateError[] = [];

  for (const request of requests) {
    const store = createPieceStore(left);

    try {
      blocks.push(await compileDraft(request, { planner, rules, store }));
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
  readonly planner: Planner;
  readonly rules: Rules;
  readonly store: PieceStore;
}

async function compileDraft(
  { draft, header }: CompileRequest,
  compiling: Compiling,
): Promise<Block> {
  const { store } = compiling;
  const notes: Note[] = [];
  const { plan, count } = await planDraft(draft, {
    ...compiling,
    onNote: (note) => addNote(notes, note),
  });
  const assertions = await readAssertions(draft, compiling);

  for (const note of plan.notes) {
    addNote(notes, note);
  }
  return {
    ...header,
    transaction: plan.transaction,
    commitAfter: plan.commitAfter,
    settings: draft.directives.settings,
    leaks: plan.leaks,
    hasCopy: plan.hasCopy,
    sizeBytes:
      store.sizeBytes() + sizeOf([...plan.prefix, ...assertions.before, ...assertions.after]),
    statements: plan.prefix.length + count - countDropped(plan),
    notes,
    pieces: () => piecesOf({ draft, store, plan, assertions }),
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

interface Planned {
  readonly plan: BlockPlan;
  /** How many pieces there are, left out or not. */
  readonly count: number;
}

async function planDraft(
  draft: Draft,
  { planner, rules, store, onNote }: Compiling & { readonly onNote: (note: Note) => void },
): Promise<Planned> {
  const reading = draft.open(onNote);
  const block = planner.begin(draft);
  let count = 0;

  for await (const piece of reading.pieces) {
    const isFirst = count === 0 && piece.at.path === draft.path;

    checkLateDirective(piece, rules.comments, isFirst);
    block.add(piece);
    await store.add(piece);
    count += 1;
  }
  checkUnchanged(draft, reading.checksum());

  return { plan: block.finish(), count };
}

function countDropped({ edits }: BlockPlan): number {
  return [...edits.values()].filter((edit) => edit === "drop").length;
}

function sizeOf(pieces: readonly { readonly text: string }[]): number {
  return pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}

/** A directive that stands too late would be a comment like any other. */
function checkLateDirective(piece: WalkedPiece, comments: CommentLexis, isFirst: boolean): void {
  if (!/rowgate:/iu.test(piece.text)) {
    return;
  }

  checkAllowances({ text: piece.text, path: piece.at.path, line: piece.at.line }, comments);
  const start = isFirst ? leadingLength(piece.text, comments) : 0;
  // Counted from line 0, so that it is an index.
  const late = findLateDirective(piece.text.slice(start), 0, comments);

  if (late !== undefined) {
    const { path, line } = positionAt(piece, start);
    const skipped = piece.text.slice(0, start).split("\n").length - 1;

    throw lateDirective(path, piece.lines?.[skipped + late] ?? line + late);
  }
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
  readonly plan: BlockPlan;
  readonly assertions: Assertions;
}

async function* piecesOf({ draft, store, plan, assertions }: PieceSource): AsyncGenerator<Piece> {
  yield* plan.prefix;
  yield* assertions.before;

  const kept = store.pieces();
  let index = 0;

  for await (const piece of kept ?? readAgain(draft)) {
    const edit = plan.edits.get(index);

    if (edit !== "drop") {
      yield edit === undefined ? piece : edit(piece);
    }
    index += 1;
  }
  yield* assertions.after;
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
