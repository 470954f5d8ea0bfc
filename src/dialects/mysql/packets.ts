/** The packets that run blocks by their ledgers: the guard of all, the blocks, the end. */
import type { Block, LocalFile, StatementPiece } from "../../domain/block.ts";
import type { Bundle } from "../../domain/bundle.ts";
import type { PacketOptions } from "../../domain/ports.ts";
import { frameOf } from "./frame.ts";
import { gates, type Gate } from "./gate.ts";
import { RELEASE } from "./gtid.ts";
import { literal } from "./quoting.ts";
import { loadTemplate } from "./template.ts";
import {
  beginCall,
  finishText,
  fitsGate,
  inProcedure,
  isAnnounced,
  lexingReset,
  variantsOf,
  type UnitForm,
} from "./unit-text.ts";
import { ledgerOf, statementsOf, unitsOf, type Ledger, type Unit } from "./units.ts";
import { tableName } from "./versions-table.ts";

/** What a client sends at once. */
export interface LedgerPacket {
  readonly text: string;
  /** What its LOAD DATA LOCAL statements read; often empty. */
  readonly files: readonly LocalFile[];
  /** The blocks in it; empty for the packets around them. */
  readonly blocks: readonly Block[];
}

/** What the packets add to the options that a deployer gives. */
export interface LedgerForm extends PacketOptions {
  /** Puts the text of a statement into a packet, with its place. */
  readonly mark: (block: Block, piece: StatementPiece, text: string) => string;
  /** Whether a person reads what the packets say, or the deployer. */
  readonly forPeople: boolean;
}

/** A chunk procedure is parsed as a whole before its first statement runs. */
const CHUNK_BLOCKS = 40;
const CHUNK_LENGTH = 256 * 1024;

const STOPPED =
  "'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again'";

/** With no blocks it only makes the tables, compares, and ends. */
export async function* ledgerPackets(
  bundle: Bundle,
  blocks: readonly Block[],
  form: LedgerForm,
): AsyncGenerator<LedgerPacket> {
  const frame = await frameOf(bundle, form);
  const chunk = await loadTemplate("chunk");
  const release = form.evidence === "gtid" ? RELEASE : undefined;
  const writer = new Writer(form, (body) => chunk({ body, release }));

  yield { text: frame.open, files: [], blocks: [] };
  yield writer.packet([{ mode: NOTHING_PENDING, text: frame.helpers }]);

  for (const block of blocks) {
    const limited = isLimited(block, form);
    const statements = await statementsOf(block);
    writer.open(block, await ledgerOf(statements, block.kind), limited);
    for await (const unit of unitsOf(statements, block.kind, limited)) {
      yield* writer.add(unit);
    }
    yield* writer.close();
  }

  yield* writer.flush();
  yield { text: frame.close(writer.step), files: [], blocks: [] };
}

/** A procedure's statements have no limit of their own: the server's clock runs for the whole CALL. */
function isLimited({ settings }: Block, form: LedgerForm): boolean {
  const limit = settings["statement_timeout"] ?? form.settings["statement_timeout"] ?? "0";

  return !/^0\D*$/.test(limit);
}

const NOTHING_PENDING = "WHEN @rg_pending = 0 THEN @rg_shut ELSE @rg_open";

/** What of a block stands in one chunk. */
interface Section {
  readonly block: Block;
  text: string;
}

/** The block that is being written. */
interface OpenBlock {
  readonly block: Block;
  readonly ledger: Ledger;
  /** Its limit ends with its last packet: a CALL that goes on has the one it began with. */
  readonly isLimited: boolean;
  /** Whether its guard is written. */
  isBegun: boolean;
  /** The last statement that is written but not recorded as done; 0 for none. */
  unrecorded: number;
  /** What is not recorded is not committed either: rows. */
  isUncommitted: boolean;
  /** Its last packet is being written. */
  isEnding: boolean;
}

/** Writes units into chunks, and into packets of their own; a lifetime of one sequence. */
class Writer {
  readonly #form: LedgerForm;
  readonly #chunk: (body: string) => string;
  #step = 0;
  #sections: Section[] = [];
  #open: OpenBlock | undefined;

  constructor(form: LedgerForm, chunk: (body: string) => string) {
    this.#form = form;
    this.#chunk = chunk;
  }

  /** The number of the last packet. */
  get step(): number {
    return this.#step;
  }

  open(block: Block, ledger: Ledger, limited: boolean): void {
    this.#open = {
      block,
      ledger,
      isLimited: limited,
      isBegun: false,
      unrecorded: 0,
      isUncommitted: false,
      isEnding: false,
    };
  }

  *add(unit: Unit): Generator<LedgerPacket> {
    const open = this.#current();

    if (unit.isApart) {
      yield* this.flush();
      yield* this.#apart(open, unit);
    } else if (fitsGate(unit)) {
      this.#write(open, unit);
      if (this.#length() >= CHUNK_LENGTH) {
        yield* this.flush();
      }
    } else {
      yield* this.flush();
      this.#write(open, unit);
      yield* this.#flushUngated();
    }
  }

  *close(): Generator<LedgerPacket> {
    const open = this.#current();
    this.#sectionOf(open).text += finishText(open.ledger, this.#form.versions);
    open.unrecorded = 0;
    open.isEnding = true;

    const endsHere = open.ledger.setsLexing || open.isLimited;
    if (endsHere || this.#sections.length >= CHUNK_BLOCKS) {
      yield* this.flush();
    }
    this.#open = undefined;
  }

  /** The chunk so far, if there is one. */
  *flush(): Generator<LedgerPacket> {
    const { body, blocks } = this.#take();
    const [first] = blocks;

    if (first !== undefined) {
      const mode = `WHEN @rg_pending = 0 OR @rg_until < ${first.position} OR ${this.#allDone(blocks)} THEN @rg_shut ELSE @rg_open`;
      yield this.packet([{ mode, text: this.#chunk(body) }], blocks);
    }
  }

  /** A packet that runs only when those before it went through. */
  packet(
    parts: readonly Gate[],
    blocks: readonly Block[] = [],
    files: readonly LocalFile[] = [],
  ): LedgerPacket {
    const chained = parts.map(({ mode, text }, index) => ({
      mode: `CASE${index === 0 ? ` WHEN NOT (@rg_step <=> ${this.#step}) THEN ${STOPPED}` : ""} ${mode} END`,
      text,
    }));

    return this.#numbered(gates(chained), blocks, files);
  }

  #numbered(
    text: string,
    blocks: readonly Block[],
    files: readonly LocalFile[] = [],
  ): LedgerPacket {
    this.#step += 1;
    const reset = this.#open?.isEnding === true ? lexingReset(this.#open.ledger) : "";

    return { text: `${text}${reset}SET @rg_step = ${this.#step};`, blocks, files };
  }

  *#apart(open: OpenBlock, unit: Unit): Generator<LedgerPacket> {
    const { block, ledger } = open;
    const variants = variantsOf(unit, this.#formOf(block));
    const begin = {
      mode: `WHEN @rg_pending = 0 OR @rg_until < ${block.position} THEN @rg_shut ELSE @rg_open`,
      text: beginCall(block, ledger, this.#form),
    };
    const files = unit.statements.flatMap(({ piece }) => piece.file ?? []);

    yield this.packet(open.isBegun ? variants : [begin, ...variants], [block], files);
    open.isBegun = true;
  }

  #write(open: OpenBlock, unit: Unit): void {
    const { block } = open;
    const isRows = unit.kind === "rows";
    // What announces a definition records and commits what is before it; so does the end of the block.
    if (open.isUncommitted && !isAnnounced(unit)) {
      this.#record();
    }
    this.#sectionOf(open).text += inProcedure(unit, this.#formOf(block));
    open.isUncommitted = isRows;
    if (isRows || isAnnounced(unit)) {
      open.unrecorded = unit.last;
    } else if (unit.kind !== "session") {
      open.unrecorded = 0;
    }
  }

  #formOf(block: Block): UnitForm {
    const { versions, mark, evidence } = this.#form;

    return { versions, evidence, mark: (piece, text) => mark(block, piece, text) };
  }

  /** Comments that a server may run cannot stand in a gate: the procedure asks by itself. */
  *#flushUngated(): Generator<LedgerPacket> {
    const { body, blocks } = this.#take();
    const guarded = `  IF NOT (@rg_step <=> ${this.#step}) THEN SIGNAL SQLSTATE 'RG006' SET MESSAGE_TEXT = 'rowgate: an earlier part of this script has failed'; END IF;\n  IF @rg_pending > 0 THEN\n${body}  END IF;\n`;

    yield this.#numbered(this.#chunk(guarded), blocks);
  }

  #take(): { readonly body: string; readonly blocks: readonly Block[] } {
    this.#record();
    const sections = this.#sections;
    this.#sections = [];

    return {
      body: sections.map(({ text }) => text).join(""),
      blocks: sections.map(({ block }) => block),
    };
  }

  /** What the end of a chunk must find written down. */
  #record(): void {
    const section = this.#sections.at(-1);
    const open = this.#open;

    if (section !== undefined && open !== undefined && open.unrecorded > 0) {
      section.text += `  IF @rg_done < ${open.unrecorded} THEN CALL rowgate_done(${open.unrecorded}); END IF;\n`;
      open.unrecorded = 0;
      open.isUncommitted = false;
    }
  }

  #sectionOf(open: OpenBlock): Section {
    const { block, ledger } = open;
    const last = this.#sections.at(-1);

    if (last?.block === block) {
      return last;
    }

    const begin = open.isBegun ? "" : `  ${beginCall(block, ledger, this.#form)}\n`;
    const section = { block, text: begin };
    this.#sections.push(section);
    open.isBegun = true;

    return section;
  }

  #allDone(blocks: readonly Block[]): string {
    if (blocks[0]?.undoes !== undefined) {
      return `NOT EXISTS (SELECT 1 FROM ${tableName(this.#form.versions)} WHERE id IN (${blocks.map(({ id }) => literal(id)).join(", ")}))`;
    }

    const done = blocks.map(({ id, checksum }) => `(${literal(id)}, ${literal(checksum)})`);

    return `(SELECT COUNT(*) FROM ${tableName(this.#form.versions)} WHERE state IN ('applied', 'adopted') AND kind <> 'always' AND (id, checksum) IN (${done.join(", ")})) = ${blocks.length}`;
  }

  #length(): number {
    return this.#sections.reduce((sum, { text }) => sum + text.length, 0);
  }

  #current(): OpenBlock {
    if (this.#open === undefined) {
      throw new TypeError("no block is open");
    }

    return this.#open;
  }
}
