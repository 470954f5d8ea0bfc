/** Seeds: tables that a CSV file fills, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { deployTo } from "./deployer-setup.ts";
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
