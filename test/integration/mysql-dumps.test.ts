import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readTree } from "../../src/bundler/read-tree.ts";
import { writeScript } from "../../src/bundler/write-script.ts";
import { mysqlDialect } from "../../src/dialects/mysql/index.ts";
import type { ScriptOptions } from "../../src/domain/ports.ts";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";

const SCRIPT: ScriptOptions = {
  versions: { schema: undefined, name: "versions" },
  form: "do",
  transaction: "release",
  outOfOrder: false,
};

/** What dumps stumble over: quotes, bytes, keys in circles, generated columns, stored programs. */
const SHOP = `
SET NAMES utf8mb4;
CREATE TABLE a (
  id INT PRIMARY KEY AUTO_INCREMENT, b_id INT, data VARBINARY(9),
  name VARCHAR(50) NOT NULL COMMENT 'it''s; a \\\\ "name"',
  size INT GENERATED ALWAYS AS (LENGTH(name)) VIRTUAL, KEY n (name)
);
CREATE TABLE b (id INT PRIMARY KEY, a_id INT, CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id);
CREATE TABLE p (id INT) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);
INSERT INTO a (name, data) VALUES ('it''s', x'00FF27'), ('Zoë */ /* -- # ; \\n', x'5C'), ('😀', NULL);
INSERT INTO b VALUES (1, 1), (2, 2);
UPDATE a SET b_id = 1;
INSERT INTO p VALUES (1), (20);
CREATE VIEW v AS SELECT a.id, a.name FROM a JOIN b ON b.a_id = a.id;
CREATE VIEW w AS SELECT * FROM v WHERE name <> ';';
DELIMITER $$
CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC COMMENT 'a; function' BEGIN -- it's
  IF x > 1 THEN RETURN x; END IF; RETURN 0; # ;
END $$
CREATE PROCEDURE q(OUT y INT) BEGIN SELECT COUNT(*) INTO y FROM a WHERE name <> 'end;'; END $$
CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW BEGIN SET NEW.a_id = IF(NEW.a_id < 0, 1, NEW.a_id); END $$
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO BEGIN DELETE FROM b WHERE id < 0; END $$
DELIMITER ;
`;

const PROGRAMS = ["--routines", "--triggers", "--events"];

const DUMPS: Readonly<Record<string, readonly string[]>> = {
  "as it is by default": PROGRAMS,
  "without autocommit": [...PROGRAMS, "--no-autocommit", "--single-transaction"],
  "of one row a statement": [...PROGRAMS, "--skip-opt", "--create-options", "--complete-insert"],
  "without rows": [...PROGRAMS, "--no-data"],
};

/** The server that a dump comes from refuses it; it is for a new replica. */
const GTIDS = /^SET @@GLOBAL\.GTID_PURGED=[^;]*;$/m;

for (const engine of MYSQL_ENGINES) {
  const { name, skip } = engine;

  describe(`a dump of ${name}`, { skip }, () => {
    let folder = "";
    let shop: MysqlDatabase;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "rowgate-dump-"));
      shop = await engine.createDatabase();
      assert.deepEqual(await run(shop, SHOP), "");
    });

    after(async () => {
      await shop.close();
      await rm(folder, { recursive: true, force: true });
    });

    for (const [title, options] of Object.entries(DUMPS)) {
      it(`is a source, ${title}`, async () => {
        const dump = await shop.dump(["--hex-blob", ...options]);
        const [restored, deployed] = [await engine.createDatabase(), await engine.createDatabase()];

        try {
          assert.equal(await run(restored, dump.replace(GTIDS, "")), "");
          assert.equal(await run(deployed, await scriptOf(join(folder, "dump.sql"), dump)), "");
          assert.equal(await contentOf(deployed), await contentOf(restored));
        } finally {
          await restored.close();
          await deployed.close();
        }
      });
    }
  });
}

/** What the client says that went wrong. */
async function run(database: MysqlDatabase, input: string): Promise<string> {
  const { code, stderr } = await database.client(["--default-character-set=utf8mb4"], { input });

  return code === 0 ? "" : stderr;
}

async function scriptOf(file: string, dump: string): Promise<string> {
  await writeFile(file, dump);

  const bundle = await readTree(file, {
    dialect: "mysql",
    release: "dump",
    variables: {},
    syntaxCheck: true,
  });
  let text = "";

  for await (const chunk of writeScript(bundle, mysqlDialect, SCRIPT)) {
    text += chunk;
  }
  return text;
}

/** A dump of all but Rowgate's own tables, without what differs between two databases. */
async function contentOf(database: MysqlDatabase): Promise<string> {
  const own = ["versions", "versions_log"].map(
    (table) => `--ignore-table=${database.name}.${table}`,
  );
  const dump = await database.dump([...PROGRAMS, "--hex-blob", "--skip-comments", ...own]);

  return dump.replaceAll(database.name, "shop");
}
