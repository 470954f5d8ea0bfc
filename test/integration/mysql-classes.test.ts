import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { MysqlObject } from "../../src/scan/mysql-class.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";
import { ROUTINE_STATEMENTS } from "../unit/scan/mysql-routine-samples.ts";
import { ROW_STATEMENTS } from "../unit/scan/mysql-row-samples.ts";
import type { StatementSample } from "../unit/scan/mysql-samples.ts";
import { SESSION_STATEMENTS } from "../unit/scan/mysql-session-samples.ts";
import { TABLE_STATEMENTS } from "../unit/scan/mysql-table-samples.ts";

const SAMPLES = [
  ...ROW_STATEMENTS,
  ...SESSION_STATEMENTS,
  ...TABLE_STATEMENTS,
  ...ROUTINE_STATEMENTS,
];

/** What the statements speak of, anew. */
const SETUP = `
  DROP TABLE IF EXISTS n1, t, t2, \`to\`, u, p, px, x;
  DROP VIEW IF EXISTS v, v2;
  DROP FUNCTION IF EXISTS f;
  DROP FUNCTION IF EXISTS f2;
  DROP PROCEDURE IF EXISTS pr;
  DROP PROCEDURE IF EXISTS \`event\`;
  DROP EVENT IF EXISTS ev;
  DROP EVENT IF EXISTS e2;
  CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, n INT, s VARCHAR(50), KEY i (n));
  CREATE TABLE u (id INT PRIMARY KEY, n INT);
  CREATE TABLE p (id INT PRIMARY KEY)
    PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
  CREATE TABLE px (id INT PRIMARY KEY);
  INSERT INTO t (n, s) VALUES (1, 'a');
  CREATE VIEW v AS SELECT id FROM t;
  CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1;
  CREATE PROCEDURE pr() BEGIN END;
  CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 1;
  CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO SET @a = 1;
`;

const SETUP_OF = {
  mariadb: "DROP SEQUENCE IF EXISTS s, sq; CREATE SEQUENCE s;",
  mysql: "DROP LIBRARY IF EXISTS li;",
};

const SESSION = "CREATE TEMPORARY TABLE tmp (a INT); PREPARE ps FROM 'SELECT 1';";

for (const engine of MYSQL_ENGINES) {
  describe(`the classes of statements on ${engine.name}`, { skip: engine.skip }, () => {
    const known = SAMPLES.filter(
      ({ only, isUnfit }) => !isUnfit && (only === undefined || only === engine.kind),
    );
    let database: MysqlDatabase;

    before(async () => {
      database = await engine.createDatabase();
      await setUp();
      await database.query("CREATE TABLE probe (a INT)");
    });

    after(() => database.close());

    const setUp = (): Promise<unknown> => database.query(SETUP + SETUP_OF[engine.kind]);

    /** Whether what was in a transaction before the statement outlives its end. */
    const commits = async (sql: string): Promise<boolean> => {
      const [row] = await database.query(
        `${SESSION} START TRANSACTION; INSERT INTO probe VALUES (1); ${sql}; ROLLBACK; SELECT COUNT(*) AS kept FROM probe; TRUNCATE probe;`,
      );
      return row?.["kept"] === 1;
    };

    it("leave a transaction open when they are about rows", async () => {
      for (const { sql } of known.filter(isAboutRows)) {
        assert.equal(await commits(sql), false, sql);
      }
    });

    it("are fit for a session that has temporary tables", async () => {
      for (const { sql } of known.filter(({ found: { effect } }) => effect === "session")) {
        await database.query(`${SESSION} ${sql}`);
      }
    });

    it("commit, and tell by their objects that they took effect", async () => {
      for (const { sql, found } of known.filter(isDefinition)) {
        await setUp();
        const looks = await looksOf(database, found.objects ?? []);
        assert.ok(await commits(sql), sql);
        const isSeen =
          found.objects === undefined ||
          JSON.stringify(looks) !== JSON.stringify(await looksOf(database, found.objects));
        assert.ok(isSeen || (await succeeds(database, sql)), sql);
      }
    });

    it("can run twice when they are repeatable", async () => {
      for (const { sql } of known.filter(({ found: { effect } }) => effect === "repeatable")) {
        await setUp();
        await database.query(`${SESSION} ${sql}`);
        const all = await catalogOf(database);
        await database.query(`${SESSION} ${sql}`);
        assert.deepEqual(await catalogOf(database), all, sql);
      }
    });
  });
}

function isAboutRows({ found: { effect, control } }: StatementSample): boolean {
  return effect === "rows" && control === undefined;
}

function isDefinition({ found: { effect } }: StatementSample): boolean {
  return effect === "definition";
}

async function succeeds(database: MysqlDatabase, sql: string): Promise<boolean> {
  return database.query(sql).then(
    () => true,
    () => false,
  );
}

const SHOWN: Readonly<Record<MysqlObject["kind"], readonly string[]>> = {
  table: ["TABLE"],
  index: ["TABLE"],
  routine: ["FUNCTION", "PROCEDURE"],
  trigger: ["TRIGGER"],
  event: ["EVENT"],
};

/** How the server shows each of the objects; nothing for those that are not there. */
async function looksOf(
  database: MysqlDatabase,
  objects: readonly MysqlObject[],
): Promise<readonly unknown[]> {
  const shows = objects.flatMap(({ kind, name }) =>
    SHOWN[kind].map((word) => database.query(`SHOW CREATE ${word} \`${name}\``).catch(() => [])),
  );

  return Promise.all(shows);
}

async function catalogOf(database: MysqlDatabase): Promise<readonly unknown[]> {
  const tables = await database.query("SHOW TABLES");
  const names = tables.flatMap((row) => Object.values(row)).map(String);

  return looksOf(database, [
    ...names.map((name) => ({ kind: "table" as const, schema: undefined, name })),
    ...["f", "f2", "pr"].map((name) => ({ kind: "routine" as const, schema: undefined, name })),
  ]);
}

const missing = MYSQL_ENGINES.map(({ skip }) => skip).find((skip) => skip !== false) ?? false;

describe("the statements that a procedure may hold", { skip: missing }, () => {
  const databases: MysqlDatabase[] = [];

  before(async () => {
    databases.push(...(await Promise.all(MYSQL_ENGINES.map((engine) => engine.createDatabase()))));
  });

  after(() => Promise.all(databases.map((database) => database.close())));

  it("are those that every server takes there", async () => {
    const asked = SAMPLES.filter(
      ({ isUndone, found: { refused } }) => !isUndone && refused === undefined,
    );

    for (const { sql, only, found } of asked) {
      const servers = databases.filter(({ engine }) => only === undefined || engine.kind === only);
      const text = `CREATE PROCEDURE held() BEGIN\n${sql}\n;\nEND; DROP PROCEDURE held`;
      const taken = await Promise.all(servers.map((database) => succeeds(database, text)));
      assert.equal(taken.every(Boolean), found.inProcedure, sql);
    }
  });
});
