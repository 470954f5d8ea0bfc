/** One pass over a script file: its header, where its sections stand, and whether it is whole. */
import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import type { BlockHeader } from "../domain/block.ts";
import type { DialectName, TransactionMode } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { VersionsTable } from "../domain/target.ts";
import { readBytes, readRange, type ByteRange } from "./byte-range.ts";
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
  readonly kind: (typeof SECTION_KINDS)[number];
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

/** What the header leaves out of a block. */
const USUAL = {
  transaction: "shared",
  commitAfter: false,
  outOfOrder: false,
  hasCopy: false,
  settings: {},
  leaks: [],
};
const SECTION_KINDS = ["data", "copy", "lines", "statement"] as const;
const LINE_FEED = 10;
const DIGEST_LENGTH = DIGEST_LINE.length + "\n".length + 64;

/** A section with the digest that its end marker gives. */
interface MarkedSection extends ScriptSection {
  readonly digest: string;
}

/**
 * Reads a script through once, in bounded memory.
 *
 * @throws RowgateError `script-altered`, when it is cut off or was changed, naming the block.
 */
export async function indexScript(path: string): Promise<ScriptIndex> {
  const indexer = new Indexer(path);
  const file = await open(path);

  try {
    const { size } = await file.stat();
    const end = Math.max(0, size - DIGEST_LENGTH);
    const digest = createHash("sha256");

    for await (const chunk of readBytes(file, { start: 0, end })) {
      digest.update(chunk);
      indexer.take(chunk);
    }

    const last = (await readRange(file, { start: end, end: size })).toString("utf8");

    if (!last.startsWith(DIGEST_LINE)) {
      throw altered(path, "it is cut off, or goes on after its last line, the digest");
    }
    if (last !== `${DIGEST_LINE}${digest.digest("hex")}\n`) {
      throw altered(path, await indexer.findChange(file));
    }
  } finally {
    await file.close();
  }

  return indexer.result();
}

/** Takes the bytes of a script in order and keeps where things stand; a lifetime of one pass. */
class Indexer {
  readonly #path: string;
  readonly #blocks: ScriptBlock[] = [];
  readonly #sections: MarkedSection[] = [];
  #about: ScriptAbout | undefined;
  /** How a marker line begins; undefined within the header. */
  #marker: Buffer | undefined;
  #open: ScriptSection | undefined;
  /** The bytes not used yet, and where in the file they begin. */
  #rest = Buffer.alloc(0);
  #start = 0;

  constructor(path: string) {
    this.#path = path;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const used = this.#readMarkers(bytes, this.#readHeader(bytes));

    this.#rest = Buffer.from(bytes.subarray(used));
    this.#start += used;
  }

  result(): ScriptIndex {
    if (this.#about === undefined || this.#marker === undefined) {
      throw altered(this.#path, "its header is not complete");
    }

    return { about: this.#about, blocks: this.#blocks, sections: this.#sections };
  }

  /** What a script whose digest does not fit was changed in, for a message. */
  async findChange(file: FileHandle): Promise<string> {
    for (const section of this.#sections) {
      const digest = createHash("sha256");

      for await (const chunk of readBytes(file, contentOf(section))) {
        digest.update(chunk);
      }
      if (digest.digest("hex") !== section.digest) {
        return `the text of block ${this.#blocks[section.position - 1]?.id ?? "?"} was changed`;
      }
    }

    return "its digest does not fit its text";
  }

  /** Reads header lines, up to and including the last one; returns where it stopped. */
  #readHeader(bytes: Buffer): number {
    let at = 0;

    while (this.#marker === undefined) {
      const feed = bytes.indexOf(LINE_FEED, at);

      if (feed === -1) {
        return at;
      }
      this.#readHeaderLine(bytes.toString("utf8", at, feed));
      at = feed + 1;
    }

    return at;
  }

  #readHeaderLine(line: string): void {
    if (line.startsWith("-- rowgate bundle ")) {
      this.#about = this.#parse(line.slice("-- rowgate bundle ".length));
    } else if (line.startsWith("-- rowgate block ")) {
      this.#blocks.push({ ...USUAL, ...this.#parse(line.slice("-- rowgate block ".length)) });
    } else if (line.trimEnd() === "-- rowgate end of header" && this.#about !== undefined) {
      this.#marker = Buffer.from(`--@ ${this.#about.token} `);
    }
  }

  /** Reads whole marker lines; returns from where the bytes are still needed. */
  #readMarkers(bytes: Buffer, from: number): number {
    const marker = this.#marker;
    let at = from;

    for (;;) {
      const found = marker === undefined ? -1 : bytes.indexOf(marker, at);
      const feed = found === -1 ? -1 : bytes.indexOf(LINE_FEED, found);

      if (marker === undefined) {
        return at;
      }
      if (found === -1) {
        return Math.max(at, bytes.length - marker.length);
      }
      if (feed === -1) {
        return found;
      }
      this.#readMarker(bytes.toString("utf8", found + marker.length, feed).trimEnd(), {
        start: this.#start + found,
        end: this.#start + feed + 1,
      });
      at = feed + 1;
    }
  }

  #readMarker(words: string, line: ByteRange): void {
    const [kind = "", first = "", second = "0"] = words.split(" ");

    if (kind === "end") {
      if (this.#open !== undefined) {
        this.#sections.push({ ...this.#open, end: line.start, digest: second });
      }
      this.#open = undefined;
      return;
    }

    this.#open = {
      kind: SECTION_KINDS.find((known) => known === kind) ?? "data",
      position: Number(first),
      dataLine: Number(second),
      start: line.end,
      end: line.end,
    };
  }

  /** The digest proves the rest: what was written by Rowgate has the shape that it gave it. */
  // oxlint-disable-next-line typescript/no-explicit-any
  #parse(json: string): any {
    try {
      return JSON.parse(json);
    } catch (cause) {
      throw altered(this.#path, "its header cannot be read", cause);
    }
  }
}

/** The bytes of a section that its digest is over: not the line ends and signs around them. */
function contentOf({ kind, start, end }: ScriptSection): ByteRange {
  return kind === "lines"
    ? { start: start + ";\n".length, end: end - "\\.\n".length }
    : { start, end: end - "\n".length };
}

function altered(path: string, reason: string, cause?: unknown): RowgateError {
  return new RowgateError("script-altered", {
    message: `the script ${path} is not as it was written: ${reason}`,
    hint: "Build it again with rowgate bundle, and copy it without changing its line ends.",
    cause,
  });
}
