/** Scripts with seeds, run by psql. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeByHand, STOP } from "./script-by-hand-postgres-setup.ts";

const seed = (rows: string): Record<string, string> => ({
  "0001_t.sql": "CREATE TABLE country (code text PRIMARY KEY, name text, n numeric);\n",
  "seeds/country.csv": `# rowgate: table country\n# rowgate: key code\n# rowgate: delete missing\ncode,name,n\n${rows}`,
});

describeByHand("a script with seeds", (hand) => {
  const { script, history } = hand;

  it("fills the table, and changes only the rows that differ when it is run again", async () => {
    await hand.db.psql([...STOP, (await script(seed('A,"x\n\\.",1.0\nB,"",\nC,,3\n'))).path]);
    const kept = await hand.db.query("SELECT ctid::text FROM country WHERE code = 'B'");

    const changed = await script(seed('A,ü,1.0\nB,"",\nD,d,4\n'));
    const { code, stderr } = await hand.db.psql([...STOP, changed.path]);
    await hand.db.query("UPDATE country SET name = 'mine' WHERE code = 'D'");
    await hand.db.psql([...STOP, changed.path]);

    assert.equal(code, 0, stderr);
    assert.deepEqual(await hand.db.query("SELECT code, name, n::text FROM country ORDER BY code"), [
      { code: "A", name: "ü", n: "1.0" },
      { code: "B", name: "", n: null },
      { code: "D", name: "mine", n: "4" },
    ]);
    assert.deepEqual(await hand.db.query("SELECT ctid::text FROM country WHERE code = 'B'"), kept);
    assert.match(await history(), /^1 applied 1, seeds\/country applied \d+$/);
  });

  it("changes nothing when a value does not fit, and says where", async () => {
    const made = await script(seed("A,a,1\nB,b,two\n"));

    const { code, stderr } = await hand.db.psql([...STOP, made.path]);

    assert.equal(code, 3);
    assert.match(stderr, /invalid input syntax for type numeric: "two"/);
    assert.equal(await hand.exists("country"), false);
  });
});
