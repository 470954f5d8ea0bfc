import {
  DIGEST_LINE
} from "./chunk-L6VLEWIV.js";
import {
  readPlacePrefix
} from "./chunk-37TNACNH.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/bundler/read-script.ts
import { open as open2 } from "node:fs/promises";

// src/bundler/script-index.ts
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
var CHUNK_BYTES = 1 << 20;
var LINE_FEED = 10;
async function indexScript(path) {
  const indexer = new Indexer(path);
  for await (const { line, start } of linesOf(path)) {
    indexer.read(line, start);
  }
  return indexer.result();
}
async function* linesOf(path) {
  const file = await open(path);
  try {
    let rest = Buffer.alloc(0);
    let start = 0;
    for await (const piece of file.createReadStream({ highWaterMark: CHUNK_BYTES })) {
      const chunk = Buffer.concat([rest, piece]);
      let from = 0;
      for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, from)) {
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
var Indexer = class {
  path;
  whole = createHash("sha256");
  blocks = [];
  sections = [];
  about;
  open;
  marker;
  found;
  constructor(path) {
    this.path = path;
  }
  read(line, start) {
    if (this.found !== void 0) {
      throw this.altered("it goes on after its digest line");
    }
    if (this.marker === void 0) {
      this.readHeader(line);
    } else if (startsWith(line, this.marker)) {
      this.readMarker(line.toString("utf8").slice(this.marker.length).trimEnd(), line, start);
    } else if (this.open !== void 0) {
      this.open.add(line);
    } else if (startsWith(line, DIGEST)) {
      this.found = line.toString("utf8").slice(DIGEST_LINE.length).trim();
      return;
    }
    this.whole.update(line);
  }
  result() {
    if (this.about === void 0 || this.marker === void 0 || this.found === void 0) {
      throw this.altered("it is cut off: its last line, the digest, is missing");
    }
    if (this.found !== this.whole.digest("hex")) {
      throw this.altered("its digest does not fit its text");
    }
    return { about: this.about, blocks: this.blocks, sections: this.sections };
  }
  readHeader(line) {
    const text = line.toString("utf8").trimEnd();
    if (text.startsWith("-- rowgate bundle ")) {
      this.about = this.parse(text.slice("-- rowgate bundle ".length));
    } else if (text.startsWith("-- rowgate block ")) {
      this.blocks.push(this.parse(text.slice("-- rowgate block ".length)));
    } else if (text === "-- rowgate end of header" && this.about !== void 0) {
      this.marker = Buffer.from(`--@ ${this.about.token} `);
    }
  }
  readMarker(words, line, start) {
    const [kind = "", position = "", dataLine = "0"] = words.split(" ");
    if (kind !== "end") {
      this.open = new OpenSection({
        kind,
        position: Number(position),
        dataLine: Number(dataLine),
        start: start + line.length,
        end: start + line.length
      });
      return;
    }
    const open3 = this.open;
    this.open = void 0;
    if (open3 === void 0 || !open3.fits(dataLine)) {
      const id = this.blocks[(open3?.section.position ?? 0) - 1]?.id ?? "?";
      throw this.altered(`the text of block ${id} was changed`);
    }
    this.sections.push({ ...open3.section, end: start });
  }
  parse(json) {
    try {
      return JSON.parse(json);
    } catch (cause) {
      throw this.altered("its header cannot be read", cause);
    }
  }
  altered(reason, cause) {
    return new RowgateError("script-altered", {
      message: `the script ${this.path} is not as it was written: ${reason}`,
      hint: "Build it again with rowgate bundle, and copy it without changing its line ends.",
      cause
    });
  }
};
var DIGEST = Buffer.from(DIGEST_LINE);
function startsWith(line, start) {
  return line.length >= start.length && line.compare(start, 0, start.length, 0, start.length) === 0;
}
var OpenSection = class {
  section;
  digest = createHash("sha256");
  held;
  constructor(section) {
    this.section = section;
  }
  add(line) {
    if (this.section.kind === "lines" && this.held === void 0) {
      this.held = Buffer.alloc(0);
      return;
    }
    if (this.held !== void 0) {
      this.digest.update(this.held);
    }
    this.held = Buffer.from(line);
  }
  /** Whether the digest of all lines is the expected one. */
  fits(expected) {
    if (this.section.kind !== "lines" && this.held !== void 0) {
      this.digest.update(this.held.subarray(0, -1));
    }
    return this.digest.digest("hex") === expected;
  }
};

// src/bundler/read-script.ts
var FIRST_LINE = "-- Rowgate bundle:";
var CHUNK_BYTES2 = 1 << 20;
async function isScript(path) {
  try {
    const file = await open2(path);
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
async function readScript(path) {
  const index = await indexScript(path);
  return {
    about: index.about,
    dialect: index.about.dialect,
    release: index.about.release,
    checksum: index.about.checksum,
    blocks: index.blocks,
    notes: [],
    compile: async (headers) => headers.map((header) => blockOf(path, index, header.position))
  };
}
function blockOf(path, index, position) {
  const block = index.blocks[position - 1];
  if (block === void 0) {
    throw new RowgateError("block-unknown", {
      message: `the script ${path} has no block at position ${position}`
    });
  }
  const sections = index.sections.filter((section) => section.position === position);
  return { ...block, notes: [], pieces: () => piecesOf(path, block, sections) };
}
async function* piecesOf(path, block, sections) {
  for (const [number, section] of sections.entries()) {
    if (section.kind === "data") {
      yield* statementsOf(block, await readText(path, section));
    } else if (section.kind === "statement") {
      yield statementOf(block, await readText(path, section));
    } else if (section.kind === "copy") {
      const lines = sections[number + 1];
      yield copyOf(block, await readText(path, section), {
        dataLine: section.dataLine,
        data: () => dataOf(path, lines)
      });
    }
  }
}
async function readText(path, section) {
  const chunks = [];
  for await (const chunk of bytesOf(path, section.start, section.end)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).subarray(0, -1).toString("utf8");
}
async function* bytesOf(path, start, end) {
  if (start === end) {
    return;
  }
  const file = await open2(path);
  try {
    const stream = file.createReadStream({ start, end: end - 1, highWaterMark: CHUNK_BYTES2 });
    for await (const chunk of stream) {
      yield chunk;
    }
  } finally {
    await file.close();
  }
}
function* statementsOf(block, row) {
  let at = row.indexOf("ARRAY[\n") + "ARRAY[\n".length;
  while (row[at] === "$") {
    const tag = row.slice(at, row.indexOf("$", at + 1) + 1);
    const start = at + tag.length;
    const end = row.indexOf(tag, start);
    yield statementOf(block, row.slice(start, end - 1));
    at = row.indexOf("\n", end) + 1;
  }
}
function statementOf(block, text) {
  const prefix = readPlacePrefix(text);
  return {
    kind: "statement",
    text: text.slice(prefix?.length ?? 0),
    at: prefix?.at ?? { path: block.name, line: 1, column: 1 },
    lines: prefix?.lines
  };
}
function copyOf(block, text, data) {
  const { at, text: statement } = statementOf(block, text);
  return { kind: "copy", text: `${statement};`, at, ...data };
}
async function* dataOf(path, section) {
  if (section === void 0) {
    return;
  }
  const end = section.end - "\\.\n".length;
  let rest = Buffer.alloc(0);
  for await (const chunk of bytesOf(path, section.start + ";\n".length, end)) {
    const bytes = Buffer.concat([rest, chunk]);
    const cut = bytes.lastIndexOf(10) + 1;
    if (cut > 0) {
      yield bytes.subarray(0, cut).toString("utf8");
    }
    rest = bytes.subarray(cut);
  }
  if (rest.length > 0) {
    yield rest.toString("utf8");
  }
}
export {
  isScript,
  readScript
};
