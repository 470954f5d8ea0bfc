/** Seeds: tables that a CSV file fills, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import * as fc from "fast-check";
import { countSeeds } from "../../src/deployer/count-seeds.ts";
import { prove } from "../../src/rowgate-test/prove.ts";
import { check } from "../../src/rowgate-check/check.ts";
import { accessTo, deployTo } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { describeTrees } from "./trees-setup.ts";

const TABLE = {
  "0001_t.sql": "CREATE TABLE country (code varchar(20) PRIMARY KEY, name varchar(200), n int);",
};
const HEAD = "# rowgate: table country\n# rowgate: key code\n";

/** What must be true behind the seeds. */
const holds = (query: string): Record<string, string> => ({
  "after/check.sql": `-- rowgate: assert SELECT ${query}\nSELECT 1;`,
});

/** A tree whose table has these rows, and no others. */
const only = (rows: string): Record<string, string> => ({
  ...TABLE,
  "seeds/country.csv": `${HEAD}# rowgate: delete missing\ncode,name,n\n${rows}`,
});

describeTrees("seeds", (given) => {
  const { bundleOf } = given;

  it("write NULL, quotes, line ends and backslashes as they are", async () => {
    const bundle = await bundleOf({
      ...TABLE,
      "seeds/country.csv": `${HEAD}code,name,n\r\nA,,1\r\nB,"",\nC,"x ""y""\n'z', ü",3\nD,a\\nb*/,4\n`,
      ...holds(
        "(SELECT count(*) FROM country) = 4 AND (SELECT count(*) FROM country WHERE (code = 'A' AND name IS NULL AND n = 1) OR (code = 'B' AND name = '' AND n IS NULL) OR (code = 'C' AND char_length(name) = 12) OR (code = 'D' AND char_length(name) = 6)) = 4",
      ),
    });
    const { report } = await deployTo(given.db, bundle);

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["1", "seeds/country", "after/check"]);
  });

  it("change, add and delete rows when the file changes", async () => {
    await deployTo(given.db, await bundleOf(only("A,a,1\nB,b,2\n")));
    const { report } = await deployTo(
      given.db,
      await bundleOf({
        ...only("B,B,2\nC,c,3\n"),
        ...holds(
          "count(*) = 2 FROM country WHERE (code = 'B' AND ascii(name) = 66) OR (code = 'C' AND n = 3)",
        ),
      }),
    );

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["seeds/country", "after/check"]);
  });

  it("are counted before they run, as far as their table is there", async () => {
    const counted = async (rows: string): Promise<readonly unknown[]> => {
      const bundle = await bundleOf(only(rows));
      return countSeeds({ ...accessTo(given.db), bundle }, bundle.blocks);
    };
    const [early] = (await counted("A,a,1\n")) as readonly { readonly reason?: string }[];
    assert.match(early?.reason ?? "", /country/);

    await deployTo(given.db, await bundleOf(only("A,a,1\nB,b,2\nC,c,3\n")));

    const change = { inserted: 2, updated: 1, deleted: 1 };
    assert.deepEqual(await counted("B,B,2\nC,c,3\nD,d,4\nE,e,5\n"), [
      { id: "seeds/country", change },
    ]);
    const { report } = await deployTo(given.db, await bundleOf(only("A,a,1\nB,b,2\nC,c,3\n")));
    assert.deepEqual(report.applied, []);
  });

  it("say why they cannot be counted, and are not changed by it", async () => {
    const reasonFor = async (csv: string, url = given.db.url): Promise<string> => {
      const bundle = await bundleOf({ ...TABLE, "seeds/country.csv": csv });
      const access = { ...accessTo(given.db, { url }), bundle };
      const [count] = await countSeeds(access, bundle.blocks);
      return count?.reason ?? "counted";
    };
    await deployTo(given.db, await bundleOf(only("A,a,1\n")));
    const rows = async (): Promise<readonly unknown[]> =>
      given.db.query("SELECT code, name, n FROM country");
    const before = await rows();

    const missing = "# rowgate: delete missing\n";
    assert.match(await reasonFor(`${HEAD}${missing}code,name\nB\n`), /1 fields/);
    assert.match(await reasonFor(`${HEAD}${missing}code,nope\nB,b\n`), /nope/);
    const odd = "ALTER TABLE country ADD COLUMN";
    await given.db.query(given.isLedger ? `${odd} \`x\ny\` INT` : `${odd} "x\ny" int`);
    assert.match(await reasonFor(`${HEAD}code,"x\ny"\nA,5\n`), /not of the form/);

    if (given.engine.kind !== "pglite") {
      const texts = textsFor(given.engine);
      const url = new URL(given.db.url);
      url.username = `reader_${given.db.name.slice(-20)}`;
      url.password = "secret";
      await given.db.query(texts.createReader(url.username));
      const refused = await reasonFor(`${HEAD}code,name\nB,b\n`, url.href);
      await given.db.query(texts.dropReader(url.username));
      assert.match(refused, /denied/);
    }
    assert.deepEqual(await rows(), before);
  });

  it("take a delimiter, a text for NULL, a condition for what goes, and an order", async () => {
    const bundle = await bundleOf({
      "0001_t.sql":
        "CREATE TABLE parent (id int PRIMARY KEY, name varchar(20));\nCREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL, name varchar(20), FOREIGN KEY (parent) REFERENCES parent (id));\nINSERT INTO parent VALUES (7, 'old'), (8, 'mine');\n",
      "seeds/child.csv":
        "# rowgate: table child\n# rowgate: key id\n#rowgate:requires seeds/parent\nid,parent,name\n1,1,x\n",
      "seeds/parent.csv":
        "\uFEFF# rowgate: table parent\n# rowgate: key id\n# rowgate: delete where name = 'old'\n# rowgate: null \\N\n# rowgate: delimiter tab\nid\tname\n1\t\n2\t\\N\n",
      ...holds(
        "(SELECT count(*) FROM parent) = 3 AND (SELECT count(*) FROM parent WHERE (id = 1 AND name = '') OR (id = 2 AND name IS NULL) OR id = 8) = 3 AND (SELECT count(*) FROM child) = 1",
      ),
    });
    const { report } = await deployTo(given.db, bundle);

    assert.equal(report.error, undefined);
    assert.deepEqual(report.applied, ["1", "seeds/parent", "seeds/child", "after/check"]);
  });

  it("keep any text that a database can hold", async () => {
    const text = fc.string({ unit: "binary", maxLength: 30 }).filter((one) => !one.includes("\0"));
    const texts = fc.array(fc.option(text), { minLength: 1, maxLength: 30 });

    await fc.assert(
      fc.asyncProperty(texts, async (names) => {
        const rows = names.map((name, index) => `k${index},${quoted(name)},${index}\n`);
        const { report } = await deployTo(given.db, await bundleOf(only(rows.join(""))));
        const found = await given.db.query("SELECT name FROM country ORDER BY n");

        assert.equal(report.error, undefined);
        assert.deepEqual(
          found.map(({ name }) => name),
          names,
        );
      }),
      { numRuns: 5, examples: [[["a\r\nb", "\r", "\n", "\\N", "", null, "*/ '; -- #", "\\."]]] },
    );
  });

  it("go on wherever they are broken off", async () => {
    const proof = await prove(await bundleOf(only("A,a,1\nB,b,2\n")), {
      on: given.engine.kind === "pglite" ? undefined : accessTo(given.db).target,
    });

    const cut = proof.steps.find(({ name }) => name === "cut");
    assert.deepEqual([cut?.state, cut?.details], ["proved", []]);
  });

  it("are no danger to the safety check", async () => {
    const { findings } = await check(await bundleOf(only("A,a,1\n")));

    assert.deepEqual(findings, []);
  });

  it("take many rows", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `k${index},name ${index},${index}`);
    const { report } = await deployTo(
      given.db,
      await bundleOf({
        ...TABLE,
        "seeds/country.csv": `${HEAD}code,name,n\n${rows.join("\n")}`,
        ...holds("count(*) = 20000 FROM country"),
      }),
    );

    assert.equal(report.error, undefined);
  });

  it("refuse what is no text", async () => {
    for (const [bytes, message] of [
      [Buffer.from(`\uFEFF${HEAD}code\nA\n`, "utf16le"), /UTF-16/],
      [Buffer.from(`${HEAD}code,name\nA,a\0b\n`), /NUL/],
      [Buffer.from(`${HEAD}code,name\nA,\xe9\n`, "latin1"), /UTF-8/],
    ] as const) {
      await assert.rejects(bundleOf({ ...TABLE, "seeds/country.csv": bytes }), {
        code: "file-encoding",
        message,
      });
    }
  });

  it("say where a file is wrong", async () => {
    const faults: readonly (readonly [string, number, RegExp])[] = [
      ["code,name\nA,a,1\n", 4, /3 fields/],
      ["code,name\nA,a\nA,b\n", 5, /in line 4 already/],
      ['code,name\nA,"a\n', 4, /never closed/],
      ['code,name\nA,a"b\n', 4, /a quote where none can stand/],
      ["code,code\n", 3, /stands here twice/],
      ["name,n\n", 3, /the key code is none/],
      ["code,name\n,a\n", 4, /is NULL/],
      ["", 3, /no row with the names/],
      ["# rowgate: delete missing\ncode,name\n", 4, /would empty the table/],
    ];

    for (const [rows, line, message] of faults) {
      const bundle = await bundleOf({ ...TABLE, "seeds/country.csv": HEAD + rows });

      await assert.rejects(
        bundle.compile(bundle.blocks),
        (error: { code?: string; at?: { line: number }; message: string }) => {
          assert.equal(error.code, "seed-invalid");
          assert.match(error.message, message);
          assert.equal(error.at?.line, line, rows);
          return true;
        },
      );
    }
  });
});

function quoted(text: string | null): string {
  return text === null ? "" : `"${text.replaceAll('"', '""')}"`;
}
