/** Other ways to run a script for MySQL and MariaDB: with files of data, and by tools that do not know DELIMITER. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { createConnection } from "mysql2/promise";
import { type ByHand, describeByHand, RECEIPT } from "./script-by-hand-mysql-setup.ts";

const FILES = {
  "0001_t.sql": "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n",
  "0002_f.sql": "CREATE FUNCTION f() RETURNS int DETERMINISTIC\nBEGIN\n  RETURN 1;\nEND;\n",
  "0003_u.sql": "INSERT INTO t VALUES (3);\n",
};

interface Sent {
  readonly errors: number;
  /** Every value of every row that came back, one a line. */
  readonly said: string;
}

/** Sends each piece between two `;` as a message of its own, as a proxy does that knows no DELIMITER. */
async function sendPieces({ db }: ByHand, text: string, goesOn: boolean): Promise<Sent> {
  const connection = await createConnection(db.url);
  const lines = text.split("\n").filter((line) => !/^(DELIMITER .*|\$[0-9a-f]+\$)$/.test(line));
  const said: unknown[] = [];
  let errors = 0;

  for (const piece of lines.join("\n").split(";")) {
    try {
      const [rows] = await connection.query(piece);
      said.push(...(Array.isArray(rows) ? rows.flatMap(Object.values) : []));
    } catch {
      errors += 1;
      if (!goesOn) {
        break;
      }
    }
  }
  await connection.end();

  return { errors, said: said.join("\n") };
}

describeByHand("a tool that knows no DELIMITER", (hand) => {
  it("does nothing when it stops at the first error", async () => {
    const { text } = await hand.script(FILES);
    const { errors, said } = await sendPieces(hand, text, false);

    assert.equal(errors, 1);
    assert.doesNotMatch(said, /deployed/);
    assert.equal(await hand.exists("t"), false);
    assert.equal(await hand.routines(), "");
  });

  it("gets no receipt when it goes on after errors", async () => {
    const { text } = await hand.script(FILES);
    const { errors, said } = await sendPieces(hand, text, true);

    assert.ok(errors > 10);
    assert.doesNotMatch(said, / is deployed/);
  });
});

describeByHand("a script that loads files", (hand) => {
  const LOADING = {
    "0001_t.sql": "CREATE TABLE t (a int, b text);\n",
    "0002_load.sql":
      "INSERT INTO t VALUES (1, 'x');\nLOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE t FIELDS TERMINATED BY ',';\nINSERT INTO t VALUES (4, 'y');\n",
    "rows.csv": "2,ä\n3,it's\n",
  };

  it("loads them once where the client may, and asks for none the second time", async () => {
    const { run, script, db } = hand;
    await db.query("SET GLOBAL local_infile = 1");
    const made = await script(LOADING);
    const may = ["--local-infile=1"];

    const first = await run(made, may, { cwd: made.root });
    const again = await run(made, may, { cwd: "/" });
    await db.query("SET GLOBAL local_infile = DEFAULT");

    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, RECEIPT);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await hand.values("t"), "1 x, 2 ä, 3 it's, 4 y");
    assert.match(
      made.text,
      /^-- It loads data from files: start the client with --local-infile=1/m,
    );
    assert.match(made.text, /^-- {5}rows\.csv$/m);
  });

  it("stops at the statement where it may not, and goes on there when it may", async () => {
    const { run, script, db } = hand;
    const made = await script(LOADING);
    await db.query("SET GLOBAL local_infile = 0");
    const refused = await run(made, [], { cwd: made.root });
    await db.query("SET GLOBAL local_infile = 1");
    const allowed = await run(made, ["--local-infile=1"], { cwd: made.root });
    await db.query("SET GLOBAL local_infile = DEFAULT");

    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^ERROR (3948|4166|2068)/m);
    assert.doesNotMatch(refused.stdout, RECEIPT);
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.equal(await hand.values("t"), "1 x, 2 ä, 3 it's, 4 y");
  });
});
