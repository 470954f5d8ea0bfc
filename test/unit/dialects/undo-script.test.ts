import { describe, it } from "node:test";
import { matchesGolden } from "../../helpers/golden.ts";
import { scriptOf } from "../../helpers/scripts.ts";

const FILES = {
  "0001_a.sql": "CREATE TABLE a (x int);\n",
  "0002_b.sql": "CREATE TABLE b (y int);\n\n-- rowgate: undo\nDROP TABLE b;\n",
  "0003_rows.sql": "INSERT INTO a VALUES (1), (2);\n",
  "undo/0003_rows.sql":
    "-- rowgate: assert SELECT count(*) = 0 FROM a\nDELETE FROM a WHERE x = 1;\nDELETE FROM a;\n",
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;\n",
};

describe("a script that goes back", () => {
  for (const [dialect, file] of [
    ["postgres", "undo.golden.sql"],
    ["mysql", "mysql-undo.golden.sql"],
  ] as const) {
    it(`is this for ${dialect}`, async () => {
      const script = await scriptOf(FILES, { dialect, backTo: "1" });
      await script.close();

      await matchesGolden(script.text, new URL(file, import.meta.url));
    });
  }
});
