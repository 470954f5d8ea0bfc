import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { boolean, record, sample, subarray } from "fast-check";
import { createConnection } from "mysql2/promise";
import { gateText, unwrapVersionComments } from "../../src/scan/mysql-gate.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";
import { nastyBody } from "./mysql-nasty-bodies.ts";

/** The body of a function, and whether its gate is to be open. */
interface Case {
  readonly body: string;
  readonly isOpen: boolean;
}

const CASES: readonly Case[] = sample(record({ body: nastyBody(), isOpen: boolean() }), {
  numRuns: 120,
  seed: 20240601,
});

const OPEN = CASES.flatMap(({ isOpen }, number) => (isOpen ? [number] : []));

type Send = (database: MysqlDatabase, packets: readonly string[]) => Promise<void>;

const SENDERS: Readonly<Record<string, Send>> = {
  mysql2: throughMysql2,
  "the client with comments": throughClient("--comments"),
  "the client without comments": throughClient("--skip-comments"),
};

for (const engine of MYSQL_ENGINES) {
  describe(`the gate on ${engine.name}`, { skip: engine.skip }, () => {
    let database: MysqlDatabase;

    before(async () => {
      database = await engine.createDatabase();
      await throughMysql2(
        database,
        CASES.map(({ body }, number) => functionOf(`plain_${number}`, body)),
      );
    });

    after(() => database.close());

    beforeEach(async () => {
      await database.query("DROP TABLE IF EXISTS modes; CREATE TABLE modes (mode TEXT)");
      for (const number of await gatedFunctions(database)) {
        await database.query(`DROP FUNCTION gated_${number}`);
      }
    });

    for (const [name, send] of Object.entries(SENDERS)) {
      it(`runs or skips any text that comes through ${name}`, async () => {
        await send(database, [START, ...CASES.flatMap((each, number) => packetsOf(each, number))]);

        assert.deepEqual(await gatedFunctions(database), OPEN);
        for (const number of OPEN) {
          const [row] = await database.query(
            `SELECT gated_${number}() AS gated, plain_${number}() AS plain`,
          );
          assert.equal(row?.["gated"], row?.["plain"], CASES[number]?.body);
        }
        assert.deepEqual(
          await database.query(
            "SELECT mode = @@sql_mode AS same, COUNT(*) AS n FROM modes GROUP BY 1",
          ),
          [{ same: 1, n: CASES.length }],
        );
      });
    }

    it("is not needed for version comments that every server runs", async () => {
      const terms = subarray(TERMS, { minLength: 1 }).map((parts) => parts.join(" "));
      for (const text of sample(terms, { numRuns: 80, seed: 20240601 })) {
        const query = `SELECT 0 ${text} AS sum`;
        const unwrapped = unwrapVersionComments(query) ?? query;
        assert.deepEqual(await database.query(unwrapped), await database.query(query), query);
      }
    });
  });
}

/** Each adds a number of its own where a server runs it. */
const TERMS = [
  "/*! + 1 */",
  "/*!40101+2*/",
  "/*!50699 + 4 */",
  "/*!50700 + 8 */",
  "/*!080000 + 16 */",
  "/*!050600 + 32 */",
  "/*!80000 + 64 */",
  "/*!99999 + 128 /* + 256 */ + 512 */",
  "/*!100100 + 1024 */",
  "/*M! + 2048 */",
  "/*M!100100 + 4096 */",
  "/*!40101 + 8192 /* + 16384 */ + 32768 */",
  "/*!40101 + LENGTH('*/') */",
  "/* + 65536 */",
  "-- + 131072\n",
];

const START =
  "SET NAMES utf8mb4; SET @open = @@sql_mode, @shut = CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'NO_BACKSLASH_ESCAPES')";

/** The gate, and what tells how the server reads text behind it. */
function packetsOf({ body, isOpen }: Case, number: number): readonly string[] {
  const gate = gateText(functionOf(`gated_${number}`, body));
  assert.ok("text" in gate, body);

  return [
    `SET sql_mode = ${isOpen ? "@open" : "@shut"}; DO '\\' /*';\n${gate.text}\n;\nDO 0 /*!*/; SET sql_mode = @open`,
    "INSERT INTO modes VALUES (@@sql_mode)",
  ];
}

function functionOf(name: string, body: string): string {
  return `CREATE FUNCTION ${name}() RETURNS TEXT CHARSET utf8mb4 DETERMINISTIC\n${body}`;
}

async function gatedFunctions(database: MysqlDatabase): Promise<readonly number[]> {
  const rows = await database.query(
    "SELECT SUBSTRING(routine_name, 7) AS number FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name LIKE 'gated%'",
  );

  return rows.map(({ number }) => Number(number)).toSorted((a, b) => a - b);
}

async function throughMysql2(database: MysqlDatabase, packets: readonly string[]): Promise<void> {
  const connection = await createConnection({
    uri: database.url,
    multipleStatements: true,
    flags: ["-IGNORE_SPACE"],
  });

  try {
    for (const packet of packets) {
      await connection.query(packet);
    }
  } finally {
    connection.destroy();
  }
}

function throughClient(option: string): Send {
  return async (database, packets) => {
    const input = `DELIMITER $rg$\n${packets.map((packet) => `${packet}$rg$\n`).join("")}`;
    const { code, stderr } = await database.client(["--batch", option], { input });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  };
}
