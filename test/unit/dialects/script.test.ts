import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as fc from "fast-check";
import { isScript, readScript } from "../../../src/bundler/read-script.ts";
import { writeScript } from "../../../src/bundler/write-script.ts";
import { postgresDialect } from "../../../src/dialects/postgres/index.ts";
import type { Block, Piece } from "../../../src/domain/block.ts";
import type { Bundle } from "../../../src/domain/bundle.ts";
import type { ScriptOptions } from "../../../src/domain/ports.ts";
import { postgresAssertion } from "../../../src/scan/assertion.ts";
import { block, bundle, copy, statement } from "../../helpers/blocks.ts";
import { matchesGolden } from "../../helpers/golden.ts";

const OPTIONS: ScriptOptions = {
  versions: { schema: undefined, name: "versions" },
  form: "do",
  transaction: "release",
  outOfOrder: false,
};

const MIXED = bundle([
  block("1", [
    statement("-- a comment with $rg$ and $rowgate$\nCREATE TABLE a (é text);"),
    statement("INSERT INTO a VALUES ('--@ x');", { at: { path: "x.sql", line: 4, column: 3 } }),
  ]),
  block("2", [
    statement("SET search_path = '';"),
    copy("COPY public.a (é) FROM stdin;", "eins\n\\N\n-- rowgate sha256 x\n"),
    statement("SELECT 1;"),
  ]),
  block("3", [statement("CREATE INDEX CONCURRENTLY a_i ON a (é);"), statement("VACUUM a;")], {
    transaction: "none",
  }),
  block("4", []),
  block("views/v", [statement("CREATE OR REPLACE VIEW v AS SELECT 1;")], {
    kind: "on-change",
    settings: { lock_timeout: "2s" },
  }),
]);

/** Assertions before and behind, in and outside of the transaction. */
const ASSERTED = bundle(
  [
    { id: "1", transaction: "shared" as const },
    { id: "2", transaction: "none" as const },
  ].map(({ id, transaction }) =>
    block(
      id,
      [
        postgresAssertion(statement("SELECT '$query$' <> '';"), "before"),
        statement(`CREATE TABLE t${id} (a int);`),
        postgresAssertion(
          statement("SELECT count(*) = 0\n  FROM t1;", {
            at: { path: "verify/1.sql", line: 3, column: 2 },
            lines: [3, 5],
          }),
          "after",
        ),
      ],
      { transaction, hasAssertions: true, statements: 1 },
    ),
  ),
);

/** From the first section of the user's SQL to the last. */
function sectionsOf(text: string): string {
  return text.slice(
    text.indexOf("\n--@ ") + 1,
    text.indexOf("\n", text.lastIndexOf("\n--@ ") + 1) + 1,
  );
}

async function textOf(given: Bundle, options: Partial<ScriptOptions> = {}): Promise<string> {
  let text = "";
  for await (const chunk of writeScript(given, postgresDialect, { ...OPTIONS, ...options })) {
    text += chunk;
  }
  return text;
}

/** All that a block says of itself, without its statements. */
function headerOf(given: Block): object {
  return { ...given, pieces: undefined };
}

async function piecesOf(given: Block): Promise<readonly unknown[]> {
  const pieces: unknown[] = [];
  for await (const piece of given.pieces()) {
    pieces.push(await plain(piece));
  }
  return pieces;
}

async function plain(piece: Piece): Promise<unknown> {
  if (piece.kind === "statement") {
    const { text, at, lines, assertion } = piece;
    return { text, at, lines, assertion };
  }
  let data = "";
  for await (const chunk of piece.data()) {
    data += chunk;
  }
  return { text: piece.text, at: piece.at, dataLine: piece.dataLine, data };
}

describe("the script of a bundle", () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rowgate-script-"));
    path = join(folder, "release.sql");
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  it("looks as it always did", async () => {
    await matchesGolden(await textOf(MIXED), new URL("mixed.golden.sql", import.meta.url));
  });

  it("holds assertions as it was reviewed", async () => {
    const text = sectionsOf(
      await textOf(bundle([...(await ASSERTED.compile(ASSERTED.blocks))].slice(0, 1))),
    );

    await matchesGolden(text, new URL("asserted.golden.sql", import.meta.url));
  });

  it("is read back with its assertions", async () => {
    for (const form of [{}, { transaction: "block" }] as const) {
      await writeFile(path, await textOf(ASSERTED, form));
      const back = await readScript(path);
      const expected = await ASSERTED.compile(ASSERTED.blocks);

      for (const [index, read] of (await back.compile(back.blocks)).entries()) {
        assert.deepEqual(headerOf(read), headerOf(expected[index] ?? block("?")));
        assert.deepEqual(await piecesOf(read), await piecesOf(expected[index] ?? block("?")));
      }
    }
  });

  it("runs the assertions of a block outside of a transaction without counting them", async () => {
    const text = await textOf(ASSERTED);

    assert.deepEqual(
      [...text.matchAll(/:rowgate_done < (\d+)/g)].map(([, number]) => Number(number)),
      [1, 1, 2_147_483_647],
    );
  });

  it("is the same bytes for the same bundle", async () => {
    assert.equal(await textOf(MIXED), await textOf(MIXED));
  });

  it("is read back into the bundle that it was written from", async () => {
    await writeFile(path, await textOf(MIXED));

    const back = await readScript(path);

    assert.equal(await isScript(path), true);
    assert.equal(back.checksum, MIXED.checksum);
    assert.equal(back.release, MIXED.release);
    assert.deepEqual(back.about.versions, { name: "versions" });
    const blocks = await back.compile(back.blocks);
    const expected = await MIXED.compile(MIXED.blocks);
    for (const [index, read] of blocks.entries()) {
      assert.deepEqual(headerOf(read), headerOf(expected[index] ?? block("?")));
      assert.deepEqual(await piecesOf(read), await piecesOf(expected[index] ?? block("?")));
    }
  });

  it("is read back exactly, whatever the statements hold", async () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constantFrom("$rg$", "$rg1$", "--@ ", "\n", "\r\n", "$", "]::text[])", "'", "\\", "*/"),
    );
    const sql = fc
      .array(text, { minLength: 1, maxLength: 6 })
      .map((parts) => `x${parts.join("")};`);

    await fc.assert(
      fc.asyncProperty(fc.array(sql, { maxLength: 4 }), async (statements) => {
        const given = bundle([
          block(
            "1",
            statements.map((each) => statement(each)),
          ),
        ]);
        await writeFile(path, await textOf(given));

        const back = await readScript(path);
        const [read] = await back.compile(back.blocks);

        assert.deepEqual(
          (await piecesOf(read ?? block("?"))).map((piece) => (piece as { text: string }).text),
          statements,
        );
      }),
      { numRuns: 100 },
    );
  });

  const harms = [
    { what: "cut off", harm: (text: string) => text.slice(0, -100), reason: /it is cut off/ },
    {
      what: "changed in a statement",
      harm: (text: string) => text.replace("CREATE TABLE a", "CREATE TABLE b"),
      reason: /the text of block 1 was changed/,
    },
    {
      what: "changed in its COPY data",
      harm: (text: string) => text.replace("eins", "zwei"),
      reason: /the text of block 2 was changed/,
    },
    {
      what: "changed outside of the blocks",
      harm: (text: string) => text.replace("BEGIN ISOLATION", "BEGIN  ISOLATION"),
      reason: /its digest does not fit its text/,
    },
    {
      what: "given Windows line ends",
      harm: (text: string) => text.replaceAll("\n", "\r\n"),
      reason: /not as it was written/,
    },
  ];

  for (const { what, harm, reason } of harms) {
    it(`is refused when it was ${what}`, async () => {
      await writeFile(path, harm(await textOf(MIXED)));

      await assert.rejects(readScript(path), { code: "script-altered", message: reason });
    });
  }

  it("is refused when something was added at its end", async () => {
    await writeFile(path, await textOf(MIXED));
    await appendFile(path, "DROP TABLE a;\n");

    await assert.rejects(readScript(path), { code: "script-altered" });
  });

  it("needs no psql when no block does", async () => {
    const text = await textOf(bundle([block("1"), block("2")]));

    assert.doesNotMatch(text, /^\\/m);
    assert.match(text, /Any client that sends whole statements can run it/);
  });

  it("says which block needs psql, and why", async () => {
    assert.match(
      await textOf(MIXED),
      /It needs psql, or "rowgate deploy": block 2 has COPY data, block 3 runs outside of a transaction\./,
    );
  });

  it("has one transaction per block when told so", async () => {
    const text = await textOf(bundle([block("1"), block("2"), block("3")]), {
      transaction: "block",
    });

    assert.equal(text.match(/^COMMIT;$/gm)?.length, 3);
  });

  it("cuts the data of a large block into parts of one transaction", async () => {
    const large = Array.from({ length: 30 }, (_, n) =>
      statement(`SELECT '${"x".repeat(100_000)}${n}';`),
    );
    const text = await textOf(bundle([block("1", large)]));

    assert.equal(text.match(/^DO \$rowgate\$$/gm)?.length, 9);
    assert.equal(text.match(/^COMMIT;$/gm)?.length, 1);
  });

  for (const [what, given, reason] of [
    ["COPY data", bundle([block("1", [copy("COPY a FROM stdin;", "1\n")])]), /COPY data/],
    [
      "two transactions",
      bundle([block("1", undefined, { commitAfter: true }), block("2")]),
      /block 2/,
    ],
  ] as const) {
    it(`cannot be a procedure with ${what}`, async () => {
      await assert.rejects(textOf(given, { form: "procedure" }), {
        code: "script-form",
        message: reason,
      });
    });
  }

  it("keeps no COPY data beside statements without a transaction", async () => {
    const given = bundle([
      block("1", [copy("COPY a FROM stdin;", "1\n"), statement("VACUUM a;")], {
        transaction: "none",
      }),
    ]);

    await assert.rejects(textOf(given), { code: "script-form", hint: /file of its own/ });
  });

  it("holds nothing of the machine that it was built on", async () => {
    const text = await readFile(path, "utf8");

    assert.equal(text.includes(folder), false);
  });
});
