/** A tree that main.sql orders: each of its includes is a block, and so is each of its statements. */
import type { StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import { draftFile, type Draft } from "../blocks/draft.ts";
import { startOf } from "../reading/piece-place.ts";
import { parseDirectives } from "../blocks/read-header.ts";
import { createTextHash } from "../files/checksum.ts";
import type { FilePlace } from "../files/read-text.ts";
import { checkCycle } from "../reading/expand.ts";
import type { Control, Rules } from "../reading/rules.ts";
import { createSession, firstState, type Session, type Tree } from "../reading/session.ts";
import { commandOf, misplacedControl } from "../reading/transaction-control.ts";
import type { IncludeItem, WalkedCopy, WalkedPiece, WalkedStatement } from "../reading/walked.ts";
import { isRoutine } from "./order.ts";
import { parseSqlName } from "./sql-name.ts";

export interface MainTree {
  /** In the order of main.sql. */
  readonly drafts: readonly Draft[];
  readonly notes: readonly Note[];
  /** The paths of all files that were read. */
  readonly files: ReadonlySet<string>;
}

/** Transaction control in main.sql; its index is the number of blocks before it. */
interface ControlPiece {
  readonly control: Control;
  readonly piece: WalkedStatement;
  readonly index: number;
}

interface Reading {
  readonly main: FilePlace;
  readonly session: Session;
  readonly drafts: Draft[];
  readonly controls: ControlPiece[];
  /** The includes so far by the ids of their blocks. */
  readonly included: Map<string, IncludeItem>;
  /** Settings of the session so far: the client would keep them for all that follows. */
  settings: readonly StatementPiece[];
  sections: number;
}

/**
 * Reads main.sql and all that it includes, as one run of a client: variables and settings hold from
 * where they are set.
 *
 * @throws RowgateError `transaction-control` unless its own control is one BEGIN before all blocks
 * and one COMMIT behind them; what `readHeader` and `Rules.walkFile` throw.
 */
export async function readMainTree(main: FilePlace, tree: Tree): Promise<MainTree> {
  const notes: Note[] = [];
  const files = new Set<string>();
  const session: Session = {
    ...createSession(tree, firstState(tree)),
    onFile: (path) => files.add(path),
    onNote: (note) => notes.push(note),
  };
  const reading: Reading = {
    main,
    session,
    drafts: [],
    controls: [],
    included: new Map(),
    settings: [],
    sections: 0,
  };

  for await (const item of tree.rules.walkFile(main, session)) {
    await readItem(reading, item);
  }

  return { drafts: reading.drafts, notes: [...notes, ...controlNotes(reading)], files };
}

async function readItem(reading: Reading, item: IncludeItem | WalkedPiece): Promise<void> {
  if (item.kind === "include") {
    reading.drafts.push(await draftInclude(reading, item));
    return;
  }
  if (item.kind === "copy") {
    reading.drafts.push(await draftCopy(reading, item));
    return;
  }

  const { rules } = reading.session.tree;
  const control = rules.controlOf(item);

  if (control !== undefined) {
    reading.controls.push({ control, piece: item, index: reading.drafts.length });
  } else if (rules.isSetting(item)) {
    const { head: _head, ...piece } = item;

    reading.settings = [...reading.settings, piece];
  } else {
    reading.drafts.push(draftStatement(reading, item));
  }
}

async function draftInclude(reading: Reading, item: IncludeItem): Promise<Draft> {
  const { place } = item;
  const session = { ...reading.session, open: [reading.main] };

  checkCycle(session.open, item);
  const id = parseSqlName(place.path)?.stem ?? place.path;
  const earlier = reading.included.get(id);

  if (earlier !== undefined) {
    throw duplicateError(id, item, earlier);
  }

  reading.included.set(id, item);
  const kind = isRoutine(place.path) ? "on-change" : "once";
  const draft = await draftFile(place, { id, kind, movable: false }, session);

  return { ...draft, prefix: reading.settings };
}

function duplicateError(
  id: string,
  { place, at }: IncludeItem,
  earlier: IncludeItem,
): RowgateError {
  const isSame = place.path === earlier.place.path;

  return new RowgateError("id-duplicate", {
    message: isSame
      ? `${at.path} includes ${place.path} twice, in line ${earlier.at.line} and in line ${at.line}`
      : `${place.path} would have the id ${id}, which ${earlier.place.path} has already`,
    hint: isSame ? "Include each file once." : "Rename one of them.",
    at,
  });
}

/** Its id counts the statements of main.sql that are blocks. */
function sectionId(reading: Reading): string {
  reading.sections += 1;

  return `${reading.main.path}#${reading.sections}`;
}

function draftStatement(reading: Reading, item: WalkedStatement): Draft {
  const hash = createTextHash();

  hash.update(item.text);
  return {
    ...sectionDraft(reading, item),
    checksum: hash.checksum(),
    open() {
      const again = createTextHash();

      again.update(item.text);
      return { pieces: once(item), checksum: () => again.checksum() };
    },
  };
}

async function draftCopy(reading: Reading, item: WalkedCopy): Promise<Draft> {
  const number = reading.sections;
  const { main, session } = reading;
  const draft = sectionDraft(reading, item);
  const checksum = await copyChecksum(item);

  return {
    ...draft,
    checksum,
    open: () => ({ pieces: findSection({ main, number }, session.tree), checksum: () => checksum }),
  };
}

function sectionDraft(reading: Reading, item: WalkedPiece): Omit<Draft, "checksum" | "open"> {
  const directives = parseDirectives(`${"\n".repeat(item.at.line - 1)}${item.text}`, {
    path: item.at.path,
    rules: reading.session.tree.rules,
  });

  return {
    id: sectionId(reading),
    path: reading.main.path,
    kind: directives.kind ?? "once",
    directives,
    requires: directives.requires,
    movable: false,
    prefix: reading.settings,
  };
}

async function copyChecksum(item: WalkedCopy): Promise<string> {
  const hash = createTextHash();

  hash.update(`${item.text}\n`);
  for await (const chunk of item.data()) {
    hash.update(chunk);
  }
  return hash.checksum();
}

async function* once(item: WalkedStatement): AsyncGenerator<WalkedPiece> {
  yield item;
}

/** Reads main.sql again, up to the COPY that is its block `number`, from 0. */
async function* findSection(
  { main, number }: { readonly main: FilePlace; readonly number: number },
  tree: Tree,
): AsyncGenerator<WalkedPiece> {
  let index = 0;

  for await (const item of tree.rules.walkFile(main, createSession(tree, firstState(tree)))) {
    if (item.kind !== "include" && isSection(item, tree.rules)) {
      if (index === number) {
        yield item;
        return;
      }
      index += 1;
    }
  }
}

function isSection(item: WalkedPiece, rules: Rules): boolean {
  return item.kind === "copy" || (rules.controlOf(item) === undefined && !rules.isSetting(item));
}

function controlNotes({ controls, drafts, session }: Reading): readonly Note[] {
  const { comments } = session.tree.rules;
  const culprit = misplacedControl(controls, { first: 1, last: drafts.length });
  const [begin] = controls;

  if (culprit !== undefined) {
    const isOpen = controls.length === 1 && culprit.control === "begin";

    throw new RowgateError("transaction-control", {
      message: isOpen
        ? `${commandOf(culprit.piece.text)} has no COMMIT behind all includes`
        : `${commandOf(culprit.piece.text)} cannot stand here: only one BEGIN before all includes and one COMMIT behind them can be left out`,
      hint: "Remove it; the bundle has a transaction around all blocks that can run in one.",
      at: startOf(culprit.piece, comments),
    });
  }
  return begin === undefined
    ? []
    : [
        {
          at: startOf(begin.piece, comments),
          message: `${commandOf(begin.piece.text)} and the COMMIT at the end are left out: the bundle has its own transaction`,
        },
      ];
}
