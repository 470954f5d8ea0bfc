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
import {
  newClientState,
  scanMysql,
  scanMysqlText,
  type ClientEvent,
} from "../../../src/scan/mysql.ts";

/** Text made of what a scanner can stumble over. */
const soup = array(
  constantFrom(
    ..."' '' \" ` \\' /* */ /*! /*M!100100 /*+ -- --x # ( ) : := ; ; ; $$ \\g \\. \\d \\ \\N * /".split(
      " ",
    ),
    ..."create procedure function trigger event begin end if case loop declare handler for as".split(
      " ",
    ),
    ..."source exit use delimiter not atomic select é 😀 set sql_mode='ANSI_QUOTES'".split(" "),
    "\ndelimiter //\n",
    "\ndelimiter ;\n",
    "create procedure p() begin ",
    "//",
    "\uFEFF",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
  ),
  { maxLength: 60 },
).map((parts) => parts.join(""));

function scan(text: string): readonly ClientEvent[] {
  return [...scanMysqlText(text, newClientState())];
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

function wholeText(events: readonly ClientEvent[]): string {
  return events.map(partsOf).join("");
}

function partsOf(event: ClientEvent): string {
  if (event.kind === "tail") {
    return event.text;
  }

  return event.gap + event.text + (event.kind === "statement" ? event.end : "");
}

function checkKept(text: string): void {
  assert.equal(wholeText(scan(text)), text.replaceAll("\r\n", "\n"));
}

async function scanChunks(chunks: readonly string[]): Promise<readonly ClientEvent[]> {
  const events: ClientEvent[] = [];

  for await (const event of scanMysql(chunks, newClientState())) {
    events.push(event);
  }

  return events;
}

describe("scanning any text of MySQL", () => {
  it("loses nothing but the CR of a CR LF", () => {
    holds(property(soup, checkKept));
    holds(property(string({ unit: "binary" }), checkKept));
  });

  it("gives the same in chunks as in one piece", async () => {
    await holds(
      asyncProperty(
        soup,
        array(integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (text, sizes) => {
          assert.deepEqual(await scanChunks(cut(text, sizes)), scan(text));
        },
      ),
    );
  });

  it("tells for each event the line where it is", () => {
    holds(
      property(soup, (text) => {
        let before = "";

        for (const event of scan(text)) {
          if (event.kind !== "tail") {
            assert.equal(event.line, (before + event.gap).split("\n").length);
          }
          before += partsOf(event);
        }
      }),
    );
  });

  it("gives statements that neither begin nor end with white space", () => {
    holds(
      property(soup, (text) => {
        for (const event of scan(text)) {
          if (event.kind === "statement" && event.unterminated === undefined) {
            assert.equal(event.text, event.text.replaceAll(/^[\t-\r ]+|[\t-\r ]+$/g, ""));
            assert.notEqual(event.text, "");
          }
        }
      }),
    );
  });

  it("finds the end of a statement that comes in very many chunks", async () => {
    const chunks = [
      "insert into t values ('",
      ...Array.from({ length: 20_000 }, () => "x\\'".repeat(40)),
      "');",
      "select 2;",
    ];
    const texts = (await scanChunks(chunks)).map(({ text }) => text.length);

    assert.deepEqual(texts, [2_400_025, 8]);
  });
});
