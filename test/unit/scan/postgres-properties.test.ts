import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  array,
  assert as holds,
  asyncProperty,
  constantFrom,
  integer,
  property,
  string,
} from "fast-check";
import { scanPostgres, scanPostgresText, type ScanEvent } from "../../../src/scan/postgres.ts";

/** Text made of what a scanner can stumble over. */
const soup = array(
  constantFrom(
    ..."' '' \" $$ $a$ /* */ -- ( ) : :: \\; ; ; \\. \\g \\r \\echo \\\\ \\copy \\ 1 .5 E' e'\\' U&' B'".split(
      " ",
    ),
    ..."create or replace function procedure begin case end select from stdin é 😀".split(" "),
    "copy t from stdin;\n",
    "\n\\.\n",
    "\\copy t from stdin\n",
    "\uFEFF",
    "\n",
    "\r\n",
    "\t",
    " ",
  ),
  { maxLength: 60 },
).map((parts) => parts.join(""));

function scan(text: string): readonly ScanEvent[] {
  return [...scanPostgresText(text)];
}

/** The text in pieces of the given sizes, from the front of the list again when it is used up. */
function cut(text: string, sizes: readonly number[]): readonly string[] {
  const chunks: string[] = [];

  for (let at = 0; at < text.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }

  return chunks;
}

function wholeText(events: readonly ScanEvent[]): string {
  return events.map((event) => ("gap" in event ? event.gap : "") + event.text).join("");
}

async function scanChunks(chunks: readonly string[]): Promise<readonly ScanEvent[]> {
  const events: ScanEvent[] = [];

  for await (const event of scanPostgres(chunks)) {
    events.push(event);
  }

  return events;
}

/** COPY data may come in any number of pieces. */
function joinCopyData(events: readonly ScanEvent[]): readonly ScanEvent[] {
  const joined: ScanEvent[] = [];

  for (const event of events) {
    const last = joined.at(-1);
    if (last?.kind === "copy-data" && event.kind === "copy-data") {
      joined[joined.length - 1] = { ...last, text: last.text + event.text };
    } else {
      joined.push(event);
    }
  }

  return joined;
}

describe("scanning any text", () => {
  it("loses nothing", () => {
    holds(property(soup, (text) => assert.equal(wholeText(scan(text)), text)));
    holds(
      property(string({ unit: "binary" }), (text) => assert.equal(wholeText(scan(text)), text)),
    );
  });

  it("gives the same in chunks as in one piece", async () => {
    await holds(
      asyncProperty(
        soup,
        array(integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (text, sizes) => {
          const events = await scanChunks(cut(text, sizes));
          assert.deepEqual(joinCopyData(events), joinCopyData(scan(text)));
        },
      ),
    );
  });

  it("tells for each event the line where it is", () => {
    holds(
      property(soup, (text) => {
        let before = "";
        for (const event of scan(text)) {
          before += "gap" in event ? event.gap : "";
          if ("line" in event) {
            assert.equal(event.line, before.split("\n").length);
          }
          before += event.text;
        }
      }),
    );
  });

  it("emits COPY data chunk by chunk", async () => {
    const chunks = [
      "copy t from stdin;\n",
      ...Array.from({ length: 50 }, () => "1\t2\n".repeat(1000)),
      "\\.\n",
    ];
    const events = await scanChunks(chunks);

    assert.equal(events.length, 52);
  });

  it("finds the end of a statement that comes in very many chunks", async () => {
    const chunks = [
      "select '",
      ...Array.from({ length: 20_000 }, () => "x".repeat(100)),
      "';",
      "select 2;",
    ];
    const events = await scanChunks(chunks);

    assert.deepEqual(
      events.map(({ text }) => text.length),
      [2_000_010, 9],
    );
  });
});
