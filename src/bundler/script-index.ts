/** One pass over a script file: its header, where its sections stand, and whether it is whole. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { BlockHeader } from "../domain/block.ts";
import type { DialectName, TransactionMode } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { VersionsTable } from "../domain/target.ts";
import { DIGEST_LINE } from "./write-script.ts";

/** What the header says of a block: all of `Block` but its pieces and notes. */
export interface ScriptBlock extends BlockHeader {
  readonly transaction: "shared" | "none";
  readonly commitAfter: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly leaks: readonly string[];
  readonly hasCopy: boolean;
  readonly sizeBytes: number;
  readonly statements: number;
}

export interface ScriptAbout {
  readonly format: number;
  readonly dialect: DialectName;
  readonly release: string;
  readonly checksum: string;
  readonly versions: VersionsTable;
  readonly form: "do" | "procedure";
  readonly transaction: TransactionMode;
  readonly token: string;
}

/** Bytes of the file that hold SQL of one block. `dataLine` only for `copy`. */
export interface ScriptSection {
  readonly kind: "data" | "copy" | "lines" | "statement";
  readonly position: number;
  readonly dataLine: number;
  readonly start: number;
  readonly end: number;
}

export interface ScriptIndex {
  readonly about: ScriptAbout;
  readonly blocks: readonly ScriptBlock[];
  readonly sections: readonly ScriptSection[];
}

const CHUNK_BYTES = 1 << 20;
const LINE_FEED = 10;

/**
 * Reads a script through once, in bounded memory.
 *
 * @throws RowgateError `script-altered`, when it is cut off or was changed, naming the block.
 */
export async function indexScript(path: string): Promise<ScriptIndex> {
  const indexer = new Indexer(path);

  for await (const { line, start } of linesOf(path)) {
    indexer.read(line, start);
  }

  return indexer.result();
}

interface Line {
  /** With its line feed. */
  readonly line: Buffer;
  readonly start: number;
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const file = await open(path);

  try {
    let rest = Buffer.alloc(0);
    let start = 0;

    for await (const piece of file.createReadStream({ highWaterMark: CHUNK_BYTES })) {
      const chunk = Buffer.concat([rest, piece as Buffer]);
      let from = 0;

      for (
        let feed = chunk.indexOf(LINE_FEED);
        feed !== -1;
        feed = chunk.indexOf(LINE_FEED, from)
      ) {
        yield { line: chunk.subarray(from, feed + 1), start: start + from };
        from = feed + 1;
      }
      rest = chunk.subarray(from);
      start += from;
    }

    if (rest.length > 0) {
      yield { line: rest, start };
    }
  } finally {
    await file.close();
  }
}

/** Takes the lines of a script one by one; a lifetime of one pass. */
class Indexer {
  private readonly path: string;
  private readonly whole = createHash("sha256");
  private readonly blocks: ScriptBlock[] = [];
  private readonly sections: ScriptSection[] = [];
  private about: ScriptAbout | undefined;
  private open: OpenSection | undefined;
  private marker: Buffer | undefined;
  private found: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  read(line: Buffer, start: number): void {
    if (this.found !== undefined) {
      throw this.altered("it goes on after its digest line");
    }
    if (this.marker === undefined) {
      this.readHeader(line);
    } else if (startsWith(line, this.marker)) {
      this.readMarker(line.toString("utf8").slice(this.marker.length).trimEnd(), line, start);
    } else if (this.open !== undefined) {
      this.open.add(line);
    } else if (startsWith(line, DIGEST)) {
      this.found = line.toString("utf8").slice(DIGEST_LINE.length).trim();
      return;
    }
    this.whole.update(line);
  }

  result(): ScriptIndex {
    if (this.about === undefined || this.marker === undefined || this.found === undefined) {
      throw this.altered("it is cut off: its last line, the digest, is missing");
    }
    if (this.found !== this.whole.digest("hex")) {
      throw this.altered("its digest does not fit its text");
    }

    return { about: this.about, blocks: this.blocks, sections: this.sections };
  }

  private readHeader(line: Buffer): void {
    const text = line.toString("utf8").trimEnd();

    if (text.startsWith("-- rowgate bundle ")) {
      this.about = this.parse<ScriptAbout>(text.slice("-- rowgate bundle ".length));
    } else if (text.startsWith("-- rowgate block ")) {
      this.blocks.push(this.parse<ScriptBlock>(text.slice("-- rowgate block ".length)));
    } else if (text === "-- rowgate end of header" && this.about !== undefined) {
      this.marker = Buffer.from(`--@ ${this.about.token} `);
    }
  }

  private readMarker(words: string, line: Buffer, start: number): void {
    const [kind = "", position = "", dataLine = "0"] = words.split(" ");

    if (kind !== "end") {
      this.open = new OpenSection({
        kind: kind as ScriptSection["kind"],
        position: Number(position),
        dataLine: Number(dataLine),
        start: start + line.length,
        end: start + line.length,
      });
      return;
    }

    const open = this.open;
    this.open = undefined;

    if (open === undefined || !open.fits(dataLine)) {
      const id = this.blocks[(open?.section.position ?? 0) - 1]?.id ?? "?";
      throw this.altered(`the text of block ${id} was changed`);
    }
    this.sections.push({ ...open.section, end: start });
  }

  private parse<T>(json: string): T {
    try {
      return JSON.parse(json) as T;
    } catch (cause) {
      throw this.altered("its header cannot be read", cause);
    }
  }

  private altered(reason: string, cause?: unknown): RowgateError {
    return new RowgateError("script-altered", {
      message: `the script ${this.path} is not as it was written: ${reason}`,
      hint: "Build it again with rowgate bundle, and copy it without changing its line ends.",
      cause,
    });
  }
}

const DIGEST = Buffer.from(DIGEST_LINE);

function startsWith(line: Buffer, start: Buffer): boolean {
  return line.length >= start.length && line.compare(start, 0, start.length, 0, start.length) === 0;
}

/**
 * A section while its lines come in. The line feed before the end marker is not part of the text,
 * so that each line is hashed when the next one comes.
 */
class OpenSection {
  readonly section: ScriptSection;
  private readonly digest = createHash("sha256");
  private held: Buffer | undefined;

  constructor(section: ScriptSection) {
    this.section = section;
  }

  add(line: Buffer): void {
    if (this.section.kind === "lines" && this.held === undefined) {
      this.held = Buffer.alloc(0);
      return;
    }
    if (this.held !== undefined) {
      this.digest.update(this.held);
    }
    this.held = Buffer.from(line);
  }

  /** Whether the digest of all lines is the expected one. */
  fits(expected: string): boolean {
    if (this.section.kind !== "lines" && this.held !== undefined) {
      this.digest.update(this.held.subarray(0, -1));
    }

    return this.digest.digest("hex") === expected;
  }
}
