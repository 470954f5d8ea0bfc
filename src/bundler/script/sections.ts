/** Where in a script the SQL of each block stands: between marker lines, each with a digest. */
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { DialectName } from "../../domain/bundle.ts";
import { readBytes, type ByteRange } from "./byte-range.ts";

const SECTION_KINDS = ["data", "copy", "lines", "statement"] as const;
const LINE_FEED = 10;

/** Bytes of the file that hold SQL of one block. `dataLine` only for `copy`. */
export interface ScriptSection extends ByteRange {
  readonly kind: (typeof SECTION_KINDS)[number];
  readonly position: number;
  readonly dataLine: number;
  /** What its end marker says: SHA-256, in hex. */
  readonly digest: string;
}

/** What stands in the header of a script and is needed to find its sections. */
export interface SectionMarks {
  readonly dialect: DialectName;
  readonly token: string;
}

/** How a marker line begins. MySQL knows no comment without the blank. */
const MARKERS: Readonly<Record<DialectName, string>> = { postgres: "--@", mysql: "-- @" };

/** The sections of a script by the position of their block; those of one block in order. */
export async function indexSections(
  file: FileHandle,
  marks: SectionMarks,
  body: ByteRange,
): Promise<ReadonlyMap<number, readonly ScriptSection[]>> {
  const indexer = new Indexer(marks, body.start);

  for await (const chunk of readBytes(file, body)) {
    indexer.take(chunk);
  }

  return indexer.sections;
}

/** The position of the first block whose text does not fit its digest; undefined for none. */
export async function findChange(
  file: FileHandle,
  marks: SectionMarks,
  body: ByteRange,
): Promise<number | undefined> {
  const sections = await indexSections(file, marks, body);

  for (const section of [...sections.values()].flat()) {
    const digest = createHash("sha256");

    for await (const chunk of readBytes(file, contentOf(section))) {
      digest.update(chunk);
    }
    if (digest.digest("hex") !== section.digest) {
      return section.position;
    }
  }

  return undefined;
}

/** The bytes of a section that its digest is over: not the line ends and signs around them. */
function contentOf({ kind, start, end }: ScriptSection): ByteRange {
  return kind === "lines"
    ? { start: start + ";\n".length, end: end - "\\.\n".length }
    : { start, end: end - "\n".length };
}

/** Takes the bytes of a script's body in order; a lifetime of one pass. */
class Indexer {
  readonly sections = new Map<number, ScriptSection[]>();
  /** How a marker line begins. */
  readonly #marker: Buffer;
  #open: Omit<ScriptSection, "end" | "digest"> | undefined;
  /** The bytes not used yet, and where in the file they begin. */
  #rest = Buffer.alloc(0);
  #start: number;

  constructor({ dialect, token }: SectionMarks, start: number) {
    this.#marker = Buffer.from(`${MARKERS[dialect]} ${token} `);
    this.#start = start;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const used = this.#readMarkers(bytes);

    this.#rest = Buffer.from(bytes.subarray(used));
    this.#start += used;
  }

  /** Reads whole marker lines; returns from where the bytes are still needed. */
  #readMarkers(bytes: Buffer): number {
    let at = 0;

    for (;;) {
      const found = bytes.indexOf(this.#marker, at);
      const feed = found === -1 ? -1 : bytes.indexOf(LINE_FEED, found);

      if (found === -1) {
        return Math.max(at, bytes.length - this.#marker.length);
      }
      if (feed === -1) {
        return found;
      }
      this.#readMarker(bytes.toString("utf8", found + this.#marker.length, feed).trimEnd(), {
        start: this.#start + found,
        end: this.#start + feed + 1,
      });
      at = feed + 1;
    }
  }

  #readMarker(words: string, line: ByteRange): void {
    const [kind = "", first = "", second = "0"] = words.split(" ");

    if (kind === "end") {
      this.#close(line.start, second);
      return;
    }

    this.#open = {
      kind: SECTION_KINDS.find((known) => known === kind) ?? "data",
      position: Number(first),
      dataLine: Number(second),
      start: line.end,
    };
  }

  #close(end: number, digest: string): void {
    if (this.#open !== undefined) {
      const section = { ...this.#open, end, digest };
      const known = this.sections.get(section.position);

      if (known === undefined) {
        this.sections.set(section.position, [section]);
      } else {
        known.push(section);
      }
    }
    this.#open = undefined;
  }
}
