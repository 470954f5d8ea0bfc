import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  array,
  assert as holds,
  asyncProperty,
  constantFrom,
  integer,
  letrec,
  oneof,
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

/** Statements as the body of a stored program has them. */
const { statement } = letrec<{ statement: string; statements: string }>((tie) => ({
  statements: array(tie("statement"), { minLength: 1, maxLength: 3 }).map((all) => all.join(" ")),
  statement: oneof(
    { maxDepth: 4, withCrossShrink: true },
    constantFrom(
      "select 1;",
      "set a = if(a, 'end;', repeat('x', 2));",
      "select end, case end when 1 then end else case when b then 2 end end from t order by end;",
      "drop table if exists t; -- end; begin\n",
      "do if(1, 2, 3);",
      "leave l;",
      "begin end;",
      "return case when a then 1 end;",
      "declare c cursor for select 1 for update;",
    ),
    tie("statements").map((body) => `l: BEGIN ${body} END l;`),
    tie("statements").map((body) => `if if(a, 1, 2) then ${body} elseif b then ${body} end if;`),
    tie("statements").map((body) => `if a then ${body} else ${body} END IF;`),
    tie("statements").map((body) => `case when a then ${body} else ${body} end case;`),
    tie("statements").map((body) => `CASE case a when 1 then 2 end WHEN 1 THEN ${body} END CASE;`),
    tie("statements").map((body) => `while case when a then b end do ${body} end while;`),
    tie("statements").map((body) => `m: loop ${body} end loop m;`),
    tie("statements").map(
      (body) => `repeat ${body} until a = case when end then end end end repeat;`,
    ),
    tie("statements").map((body) => `for r in (select 1) do ${body} end for;`),
    tie("statement").map((body) =>
      body.startsWith("declare")
        ? body
        : `declare exit handler for not found, sqlstate '1', 2 ${body}`,
    ),
  ),
}));

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

  it("ends any stored program where its grammar ends it", () => {
    holds(
      property(array(statement, { maxLength: 3 }), (body) => {
        for (const head of [
          "create procedure p()",
          "create trigger t after insert on a for each row",
        ]) {
          const program = `${head} begin ${body.join(" ")} end`;
          const texts = scan(`${program}; select 1;`).map(({ text }) => text);

          assert.deepEqual(texts, [program, "select 1"]);
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
