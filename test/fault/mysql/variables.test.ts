/** What a block that was broken off had in the session's variables. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MYSQL_ENGINES, type MysqlEngine } from "../../helpers/engines.ts";
import { dataDump } from "../../helpers/catalog.ts";
import { treeOf, type FaultTree } from "../trees.ts";
import { CLIENTS, startClient, type Client } from "./clients.ts";
import { plainForm } from "./forms.ts";
import { withSite } from "./site.ts";

/** Values of every type; what is read and changed by the statements that are done; prepared statements. */
const BEFORE = String.raw`INSERT INTO seen (name) VALUES ('x'), ('y');
SET @checks = @@foreign_key_checks, foreign_key_checks = 0;
SET @bytes = X'00FF10', @text = 'ä"\\ ''q', @latin = _latin1 X'E4', @digits = '007', @empty = '', @nothing = NULL;
SET @whole = -5, @large = 18446744073709551615, @exact = 1.50, @float = 1e20, @${"`odd ``name`"} = 'odd';
SET @insert = 'INSERT INTO seen (name, value) VALUES (''first'', ?)';
PREPARE first_one FROM @insert;
SET @insert = 'INSERT INTO seen (name, value) VALUES (''second'', ?)';
PREPARE second_one FROM @insert;
UPDATE seen SET text = (@counter := COALESCE(@counter, 0) + 1) WHERE name = 'y';
SELECT COUNT(*) INTO @count FROM seen;
SET @count = @count + 1;
CALL count_them(@result);
DELETE FROM seen WHERE name = 'y';
ALTER TABLE seen ADD COLUMN extra integer;
`;

const AFTER = String.raw`INSERT INTO seen (name, value, text) VALUES
  ('bytes', @bytes, HEX(@bytes)), ('text', @text, @text), ('latin', @latin, @latin), ('digits', @digits, @digits),
  ('empty', @empty, @empty), ('nothing', @nothing, @nothing), ('whole', @whole, @whole + 1),
  ('large', @large, @large), ('exact', @exact, @exact * 2), ('float', @float, @float), ('odd', @${"`odd ``name`"}, ''),
  ('counter', @counter, @counter), ('count', @count, @count + 1), ('result', @result, @result),
  ('checks', @checks, @@foreign_key_checks);
EXECUTE first_one USING @text;
EXECUTE second_one USING @bytes;
SET foreign_key_checks = @checks;
INSERT INTO seen (name, value) VALUES ('checks then', @@foreign_key_checks);
`;

const FAILURE = "SELECT * FROM nowhere;\n";

const SETUP = `CREATE TABLE seen (name varchar(40), value varbinary(200), text varchar(40)) CHARACTER SET utf8mb4;
CREATE PROCEDURE count_them(OUT result integer)
BEGIN
  SELECT COUNT(*) + 100 INTO result FROM seen;
END;
`;

/** A block with a limit of time stands in packets of their own, all others in a procedure. */
const PLACES = { procedure: "", packets: "-- rowgate: statement-timeout 60s\n" };

function treeWith(head: string, middle: string): Promise<FaultTree> {
  return treeOf(
    "variables",
    { "0001_setup.sql": SETUP, "0002_seen.sql": `${head}${BEFORE}${middle}${AFTER}` },
    "mysql",
  );
}

/** The rows after deployments of these trees to one database, of which only the last goes through. */
async function rowsAfter(
  engine: MysqlEngine,
  client: Client,
  trees: readonly FaultTree[],
): Promise<string> {
  return withSite(engine, await engine.server(), async (site) => {
    for (const tree of trees) {
      const { ok, said } = await startClient(client, await plainForm(tree), site).outcome;
      assert.equal(ok, tree === trees.at(-1), said);
    }

    return dataDump(site.db);
  });
}

for (const engine of MYSQL_ENGINES) {
  describe(`variables of a broken-off block on ${engine.name}`, { skip: engine.skip }, () => {
    for (const client of CLIENTS) {
      for (const [place, head] of Object.entries(PLACES)) {
        it(`have their values again: ${client}, ${place}`, async () => {
          const broken = await treeWith(head, FAILURE);
          const mended = await treeWith(head, "");
          const expected = await rowsAfter(engine, client, [mended]);
          const actual = await rowsAfter(engine, client, [broken, mended]);
          await broken.close();
          await mended.close();

          assert.match(expected, /'checks then'/);
          assert.equal(actual, expected);
        });
      }
    }

    it("are set by a statement that was not there before", async () => {
      const broken = await treeWith("", FAILURE);
      const mended = await treeWith(
        "SET @late = 'late';\n",
        "INSERT INTO seen (name, text) VALUES ('late', @late);\n",
      );
      const rows = await rowsAfter(engine, "native", [broken, mended]);
      await broken.close();
      await mended.close();

      assert.match(rows, /'late',NULL,'late'/);
    });
  });
}
