/** The header of a script, and whether the script is whole. */
import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import type { Block, BlockHeader, LocalFile } from "../../domain/block.ts";
import type { DialectName, TransactionMode } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { readBytes, readRange, type ByteRange } from "./byte-range.ts";
import { findChange } from "./sections.ts";

/** What the header says of a block: all of `Block` but its pieces and notes. */
export interface ScriptBlock extends Omit<Block, "pieces" | "notes"> {
  /** What its LOAD DATA LOCAL statements read, in their order; mostly empty. */
  readonly files: readonly ScriptFile[];
}

/** A file of data that a script needs beside it. */
export type ScriptFile = Omit<LocalFile, "open">;

export interface ScriptAbout {
  readonly format: number;
  readonly dialect: DialectName;
  readonly release: string;
  readonly checksum: string;
  readonly versions: VersionsTable;
  readonly form: "do" | "procedure";
  readonly transaction: TransactionMode;
  readonly token: string;
  /** How far a script goes back; absent in all others. */
  readonly undo?: { readonly to?: string | undefined } | undefined;
}

export interface ScriptHeader {
  readonly about: ScriptAbout;
  readonly blocks: readonly ScriptBlock[];
  /** The blocks that a script which goes back leaves; else empty. */
  readonly kept: readonly BlockHeader[];
  /** Where in the file the SQL stands: after the header, before the digest line. */
  readonly body: ByteRange;
}

/** How the last line of a script begins; after it comes the SHA-256 of all the bytes before. */
export const DIGEST_LINE = "-- rowgate sha256 ";

/** What the header leaves out of a block where it is as usual. */
type Unusual =
  | "transaction"
  | "commitAfter"
  | "outOfOrder"
  | "hasAssertions"
  | "hasCopy"
  | "settings"
  | "leaks"
  | "files";

type WrittenBlock = Omit<ScriptBlock, Unusual> & Partial<Pick<ScriptBlock, Unusual>>;

const LINE_FEED = 10;
const DIGEST_LENGTH = DIGEST_LINE.length + "\n".length + 64;

/**
 * Reads a script through once, in bounded memory.
 *
 * @throws RowgateError `script-altered`, when it is cut off or was changed, naming the block.
 */
export async function readScriptHeader(path: string): Promise<ScriptHeader> {
  const file = await open(path);

  try {
    const { size } = await file.stat();
    const end = Math.max(0, size - DIGEST_LENGTH);
    const reader = new HeaderReader(path);
    const digest = createHash("sha256");

    for await (const chunk of readBytes(file, { start: 0, end })) {
      digest.update(chunk);
      reader.take(chunk);
    }

    const header = reader.result(end);
    await checkDigest(path, { file, header, size, digest: digest.digest("hex") });

    return header;
  } finally {
    await file.close();
  }
}

interface ReadScript {
  readonly file: FileHandle;
  readonly header: ScriptHeader;
  readonly size: number;
  readonly digest: string;
}

async function checkDigest(
  path: string,
  { file, header, size, digest }: ReadScript,
): Promise<void> {
  const last = (await readRange(file, { start: header.body.end, end: size })).toString("utf8");

  if (!last.startsWith(DIGEST_LINE)) {
    throw altered(path, "it is cut off, or goes on after its last line, the digest");
  }

  if (last !== `${DIGEST_LINE}${digest}\n`) {
    const position = await findChange(file, header.about, header.body);
    const block = header.blocks[(position ?? 0) - 1];
    throw altered(
      path,
      block === undefined
        ? "its digest does not fit its text"
        : `the text of block ${block.id} was changed`,
    );
  }
}

/** Takes the bytes of a script in order, up to the end of its header; a lifetime of one pass. */
class HeaderReader {
  readonly #path: string;
  readonly #blocks: ScriptBlock[] = [];
  readonly #kept: BlockHeader[] = [];
  #about: ScriptAbout | undefined;
  /** The bytes not used yet, and where in the file they begin. */
  #rest = Buffer.alloc(0);
  #start = 0;
  #isComplete = false;

  constructor(path: string) {
    this.#path = path;
  }

  take(chunk: Buffer): void {
    if (this.#isComplete) {
      return;
    }

    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;

    for (
      let feed = bytes.indexOf(LINE_FEED);
      feed !== -1 && !this.#isComplete;
      feed = bytes.indexOf(LINE_FEED, at)
    ) {
      this.#readLine(bytes.toString("utf8", at, feed));
      at = feed + 1;
    }

    this.#rest = Buffer.from(bytes.subarray(at));
    this.#start += at;
  }

  result(end: number): ScriptHeader {
    if (this.#about === undefined || !this.#isComplete) {
      throw altered(this.#path, "it is cut off within its header");
    }

    return {
      about: this.#about,
      blocks: this.#blocks,
      kept: this.#kept,
      body: { start: this.#start, end },
    };
  }

  #readLine(line: string): void {
    if (line.startsWith("-- rowgate block ")) {
      this.#blocks.push(completed(this.#parse(line.slice("-- rowgate block ".length))));
    } else if (line.startsWith("-- rowgate kept ")) {
      this.#kept.push(this.#parse(line.slice("-- rowgate kept ".length)));
    } else if (line.startsWith("-- rowgate bundle ")) {
      this.#about = this.#parse(line.slice("-- rowgate bundle ".length));
    } else if (line.trimEnd() === "-- rowgate end of header") {
      this.#isComplete = true;
    }
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

/** The block with all that is as usual. Spreading takes five times as long, for thousands of blocks. */
function completed(written: WrittenBlock): ScriptBlock {
  const { position, id, kind, name, checksum, statements, sizeBytes } = written;
  const { transaction = "shared", commitAfter = false, outOfOrder = false } = written;
  const { hasCopy = false, settings = {}, leaks = [], files = [] } = written;

  const block = {
    position,
    id,
    kind,
    name,
    checksum,
    statements,
    sizeBytes,
    transaction,
    commitAfter,
    outOfOrder,
    hasCopy,
    settings,
    leaks,
    files,
  };

  return withRare(block, written);
}

function withRare(block: ScriptBlock, { hasAssertions, undoes }: WrittenBlock): ScriptBlock {
  if (hasAssertions !== true && undoes === undefined) {
    return block;
  }

  return {
    ...block,
    ...(hasAssertions === true ? { hasAssertions } : {}),
    ...(undoes === undefined ? {} : { undoes }),
  };
}

function altered(path: string, reason: string, cause?: unknown): RowgateError {
  return new RowgateError("script-altered", {
    message: `the script ${path} is not as it was written: ${reason}`,
    hint: "Build it again with rowgate bundle, and copy it without changing its line ends.",
    cause,
  });
}
