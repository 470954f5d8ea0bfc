/** Scripts with seeds, run by mysql and mariadb. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeByHand, RECEIPT } from "./script-by-hand-mysql-setup.ts";

const seed = (rows: string): Record<string, string> => ({
  "0001_t.sql":
    "CREATE TABLE country (code VARCHAR(9) PRIMARY KEY, name VARCHAR(99), n DECIMAL(5, 1), at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6));\n",
  "seeds/country.csv": `# rowgate: table country\n# rowgate: key code\n# rowgate: delete missing\ncode,name,n\n${rows}`,
});

describeByHand("a script with seeds", (hand) => {
  const { history, runTree } = hand;
  const rows = async (): Promise<readonly unknown[]> =>
    (await hand.db.query("SELECT code, name, n FROM country ORDER BY code")).map((row) =>
      Object.values(row).join("|"),
    );

  it("fills the table, and changes only the rows that differ when it is run again", async () => {
    await runTree(seed('A,"x\n\\ */ \'y\'",1.0\nB,"",\nC,,3\n'));
    assert.deepEqual(await rows(), ["A|x\n\\ */ 'y'|1.0", "B||", "C||3.0"]);
    const kept = await hand.db.query("SELECT at FROM country WHERE code = 'B'");

    const { code, stdout, stderr } = await runTree(seed('A,🙂,1.0\nB,"",\nD,d,4\n'));
    await hand.db.query("UPDATE country SET name = 'mine' WHERE code = 'D'");
    await runTree(seed('A,🙂,1.0\nB,"",\nD,d,4\n'));

    assert.equal(code, 0, stderr);
    assert.match(stdout, RECEIPT);
    assert.deepEqual(await rows(), ["A|🙂|1.0", "B||", "D|mine|4.0"]);
    assert.deepEqual(await hand.db.query("SELECT at FROM country WHERE code = 'B'"), kept);
    assert.match(await history(), /^1 applied 1\/1, seeds\/country applied /);
  });

  it("goes on once the file is mended, when a value did not fit", async () => {
    const first = await runTree(seed("A,a,1\nB,b,two\n"));
    const second = await runTree(seed("A,a,1\nB,b,2\n"));

    assert.notEqual(first.code, 0);
    assert.match(first.stderr, /Incorrect decimal value: 'two'/);
    assert.equal(second.code, 0, second.stderr);
    assert.deepEqual(await rows(), ["A|a|1.0", "B|b|2.0"]);
  });
});
