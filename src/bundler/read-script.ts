/** Reading a script back into the bundle that it was written from. */
import { open, stat } from "node:fs/promises";
import type { Block, CopyPiece, Piece, StatementPiece } from "../domain/block.ts";
import type { Bundle, DialectName } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import {
  readMysqlAssertion,
  readPostgresAssertion,
  type FoundAssertion,
} from "../scan/assertion.ts";
import { readPlaceLine, readPlacePrefix, type PlacePrefix } from "../scan/place-prefix.ts";
import { RangeReader, readBytes } from "./script/byte-range.ts";
import { openDataFile } from "./script/data-file.ts";
import {
  readScriptHeader,
  type ScriptAbout,
  type ScriptBlock,
  type ScriptHeader,
} from "./script/header.ts";
import { indexSections, type ScriptSection } from "./script/sections.ts";

/** A bundle that was read from a script, with what its header says besides. */
export interface ScriptBundle extends Bundle {
  readonly about: ScriptAbout;
}

const FIRST_LINE = "-- Rowgate bundle:";

/** Whether the file begins as a script does. False for all that is no file. */
export async function isScript(path: string): Promise<boolean> {
  try {
    // Opening a pipe would wait for somebody who writes to it.
    if (!(await stat(path)).isFile()) {
      return false;
    }
    const file = await open(path);

    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_LINE.length));
      return buffer.subarray(0, bytesRead).toString("utf8") === FIRST_LINE;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/**
 * Reads a script back. The file is read through once, and again piece by piece when its blocks are
 * compiled and run.
 *
 * @throws RowgateError `script-altered`, when it is cut off or was changed.
 */
export async function readScript(path: string): Promise<ScriptBundle> {
  const header = await readScriptHeader(path);
  const { about, blocks, kept } = header;
  let opened: Promise<OpenScript> | undefined;

  return {
    about,
    dialect: about.dialect,
    release: about.release,
    checksum: about.checksum,
    blocks,
    ...(about.undo === undefined ? {} : { undo: { to: about.undo.to, kept, stuck: [] } }),
    notes: [],
    compile: async (headers) => {
      opened ??= openScript(path, header);
      const script = await opened;
      return headers.map(({ position }) => blockOf(script, blocks[position - 1], position));
    },
  };
}

/** A script whose sections are known. */
interface OpenScript {
  readonly path: string;
  readonly dialect: DialectName;
  readonly reader: RangeReader;
  readonly sections: ReadonlyMap<number, readonly ScriptSection[]>;
}

async function openScript(path: string, { about, body }: ScriptHeader): Promise<OpenScript> {
  const file = await open(path);

  try {
    const sections = await indexSections(file, about, body);
    return { path, dialect: about.dialect, reader: new RangeReader(path), sections };
  } finally {
    await file.close();
  }
}

function blockOf(script: OpenScript, block: ScriptBlock | undefined, position: number): Block {
  if (block === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the script ${script.path} has no block at position ${position}`,
    });
  }

  const { files: _files, ...bare } = block;

  return { ...bare, notes: [], pieces: () => READERS[script.dialect](script, block) };
}

type Reader = (script: OpenScript, block: ScriptBlock) => AsyncGenerator<Piece>;

const READERS: Readonly<Record<DialectName, Reader>> = {
  postgres: piecesOf,
  mysql: mysqlPiecesOf,
};

/** What ends a statement in a script, on a line of its own. */
const MYSQL_END = "\n;";

/** Each statement has a section of its own; the files of data are named in the header, in order. */
async function* mysqlPiecesOf(script: OpenScript, block: ScriptBlock): AsyncGenerator<Piece> {
  const files = block.files.values();

  for (const section of script.sections.get(block.position) ?? []) {
    const text = (await textOf(script, section)).slice(0, -MYSQL_END.length);
    const piece = asAssertion(statementOf(block, text, readPlaceLine(text)), readMysqlAssertion);
    const file = (await readsLocalFile(piece.text)) ? files.next().value : undefined;

    yield file === undefined ? piece : { ...piece, file: openDataFile(file, script.path) };
  }
}

async function readsLocalFile(text: string): Promise<boolean> {
  if (!/\blocal\b/i.test(text)) {
    return false;
  }
  const { createMysqlClassifier } = await import("../scan/mysql-class.ts");
  return createMysqlClassifier().classify(text).localFile !== undefined;
}

async function* piecesOf(script: OpenScript, block: ScriptBlock): AsyncGenerator<Piece> {
  const sections = script.sections.get(block.position) ?? [];

  for (const [number, section] of sections.entries()) {
    if (section.kind === "data") {
      yield* statementsOf(block, await textOf(script, section));
    } else if (section.kind === "statement") {
      yield postgresStatement(block, await textOf(script, section));
    } else if (section.kind === "copy") {
      const lines = sections[number + 1];
      yield copyOf(block, await textOf(script, section), {
        dataLine: section.dataLine,
        data: () => dataOf(script.path, lines),
      });
    }
  }
}

/** The line feed before the end marker belongs to the marker. */
function textOf({ reader }: OpenScript, { start, end }: ScriptSection): Promise<string> {
  return reader.read({ start, end: end - 1 });
}

/** The dollar-quoted strings in the row of a run: `(…, ARRAY[`, then one string per statement. */
function* statementsOf(block: ScriptBlock, row: string): Generator<StatementPiece> {
  let at = row.indexOf("ARRAY[\n") + "ARRAY[\n".length;

  while (row[at] === "$") {
    const tag = row.slice(at, row.indexOf("$", at + 1) + 1);
    const start = at + tag.length;
    const end = row.indexOf(tag, start);

    // The line feed before the closing tag was added when the script was written.
    yield postgresStatement(block, row.slice(start, end - 1));
    at = row.indexOf("\n", end) + 1;
  }
}

function postgresStatement(block: ScriptBlock, text: string): StatementPiece {
  return asAssertion(statementOf(block, text, readPlacePrefix(text)), readPostgresAssertion);
}

function asAssertion(
  piece: StatementPiece,
  read: (text: string) => FoundAssertion | undefined,
): StatementPiece {
  const found = read(piece.text);

  return found === undefined ? piece : { ...piece, assertion: found.time };
}

function statementOf(
  block: ScriptBlock,
  text: string,
  prefix: PlacePrefix | undefined,
): StatementPiece {
  return {
    kind: "statement",
    text: text.slice(prefix?.length ?? 0),
    at: prefix?.at ?? { path: block.name, line: 1, column: 1 },
    lines: prefix?.lines,
  };
}

function copyOf(
  block: ScriptBlock,
  text: string,
  data: Pick<CopyPiece, "data" | "dataLine">,
): CopyPiece {
  const { at, text: statement } = postgresStatement(block, text);

  return { kind: "copy", text: `${statement};`, at, ...data };
}

/** The data between the `;` line and the `\.` line of a section, in chunks of whole lines. */
async function* dataOf(path: string, section: ScriptSection | undefined): AsyncGenerator<string> {
  if (section === undefined) {
    return;
  }

  const file = await open(path);
  const range = { start: section.start + ";\n".length, end: section.end - "\\.\n".length };
  let rest = Buffer.alloc(0);

  try {
    for await (const chunk of readBytes(file, range)) {
      const bytes = Buffer.concat([rest, chunk]);
      const cut = bytes.lastIndexOf(10) + 1;

      if (cut > 0) {
        yield bytes.toString("utf8", 0, cut);
      }
      rest = bytes.subarray(cut);
    }
  } finally {
    await file.close();
  }

  if (rest.length > 0) {
    yield rest.toString("utf8");
  }
}
