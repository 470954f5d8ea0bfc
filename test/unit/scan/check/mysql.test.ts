import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rulesOf, seenInMysql } from "./see.ts";

/** A statement, and the rules that it breaks; empty for the safe way. */
const CASES: readonly (readonly [sql: string, rules: string])[] = [
  ["DROP TABLE IF EXISTS a, `b c`", "drop-table drop-table"],
  ["DROP TEMPORARY TABLE a", ""],
  ["DROP VIEW a", ""],
  ["DROP DATABASE d", "drop-schema"],
  ["DROP FUNCTION f", "drop-function"],
  ["TRUNCATE TABLE a", "truncate"],
  ["ALTER TABLE a DROP PARTITION p", "truncate"],
  ["ALTER TABLE a TRUNCATE PARTITION p", "truncate"],
  ["ALTER TABLE a DROP COLUMN b", "drop-column"],
  ["ALTER TABLE a DROP b", "drop-column"],
  ["ALTER TABLE a DROP COLUMN IF EXISTS b", "drop-column"],
  ["ALTER TABLE a DROP INDEX b", ""],
  ["ALTER TABLE a DROP FOREIGN KEY b", ""],
  ["ALTER TABLE a DROP PRIMARY KEY", "primary-key"],
  ["ALTER TABLE a ADD PRIMARY KEY (b)", "primary-key"],
  ["ALTER TABLE a ADD CONSTRAINT c PRIMARY KEY (b)", "primary-key"],
  ["RENAME TABLE a TO b", "rename"],
  ["RENAME TABLE a TO b, s.c WAIT 5 TO s.d", "rename rename"],
  ["SET @old = @@sql_mode, sql_mode = 'ANSI'", "session-mode"],
  ["SET sql_mode := @old", ""],
  ["ALTER TABLE a WAIT 5 DROP COLUMN b", "drop-column"],
  ["ALTER TABLE a NOWAIT DROP COLUMN b", "drop-column"],
  ["ALTER TABLE a RENAME TO b", "rename"],
  ["ALTER TABLE a RENAME COLUMN b TO c", "rename"],
  ["ALTER TABLE a RENAME INDEX b TO c", ""],
  ["ALTER TABLE a CHANGE b c int", "rename change-type"],
  ["ALTER TABLE a CHANGE COLUMN b B int", "change-type"],
  ["ALTER TABLE a MODIFY COLUMN b bigint", "change-type"],
  ["ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4", "change-type"],
  ["ALTER TABLE a ADD b int", ""],
  ["ALTER TABLE a ADD b int NOT NULL", "add-not-null"],
  ["ALTER TABLE a ADD COLUMN (b int NOT NULL, c decimal(4, 2) NOT NULL DEFAULT 0)", "add-not-null"],
  ["ALTER TABLE a ADD b int NOT NULL DEFAULT 0", ""],
  ["ALTER TABLE a ADD b datetime DEFAULT CURRENT_TIMESTAMP", ""],
  ["ALTER TABLE a ADD b datetime DEFAULT now()", ""],
  ["ALTER TABLE a ADD b char(36) DEFAULT (uuid())", "expression-default"],
  ["ALTER TABLE a ADD b char(36) DEFAULT uuid()", "expression-default"],
  ["ALTER TABLE a ADD b int AUTO_INCREMENT UNIQUE", "generated-column"],
  ["ALTER TABLE a ADD b int AS (c + 1) STORED", "generated-column"],
  ["ALTER TABLE a ADD b int AS (c + 1) VIRTUAL NOT NULL", ""],
  ["ALTER TABLE a ADD INDEX i (b)", ""],
  ["ALTER TABLE a ADD UNIQUE KEY i (b)", ""],
  ["ALTER TABLE a ADD FULLTEXT INDEX i (b)", "fulltext-index"],
  ["CREATE FULLTEXT INDEX i ON a (b)", "fulltext-index"],
  ["CREATE INDEX i ON a (b)", ""],
  ["ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d)", "add-foreign-key"],
  ["ALTER TABLE a ADD CONSTRAINT x FOREIGN KEY (b) REFERENCES c (d)", "add-foreign-key"],
  ["ALTER TABLE a ADD b int, ALGORITHM=COPY", "copy-algorithm"],
  ["ALTER TABLE a ADD b int, LOCK = SHARED", "copy-algorithm"],
  ["ALTER TABLE a ADD b int, ALGORITHM=INSTANT, LOCK=NONE", ""],
  ["ALTER TABLE a ENGINE=InnoDB", "rewrite-table"],
  ["OPTIMIZE TABLE a", "rewrite-table"],
  ["UPDATE a SET b = 1", "no-where"],
  ["UPDATE a SET b = (SELECT c FROM d WHERE e = 1)", "no-where"],
  ["UPDATE a SET b = 1 WHERE b IS NULL", ""],
  ["UPDATE a SET b = 1 LIMIT 10", ""],
  ["DELETE FROM a", "no-where"],
  ["DELETE FROM a WHERE b = 1", ""],
  ["WITH x AS (SELECT ')' FROM c WHERE 1) DELETE FROM a", "no-where"],
  ["WITH x AS (SELECT 1) UPDATE a SET b = 1", "no-where"],
  ["WITH x AS (SELECT 1) DELETE FROM a WHERE b IN (SELECT * FROM x)", ""],
  ["WITH x AS (SELECT 1) SELECT * FROM x", ""],
  ["WITH x AS (SELECT 1) UPDATE a SET b = LOAD_FILE('/c') WHERE d = 1", "server-access"],
  ["DELETE x FROM a AS x JOIN c ON c.d = x.d", ""],
  ["SELECT LOAD_FILE('/etc/passwd')", "server-access"],
  ["SELECT 'load_file()'", ""],
  ["SELECT * FROM a INTO OUTFILE '/tmp/a'", "server-access"],
  ["LOAD DATA INFILE '/tmp/a' INTO TABLE a", "server-access"],
  ["LOAD DATA LOCAL INFILE 'a' INTO TABLE a", ""],
  ["GRANT SELECT ON a TO b", "privileges"],
  ["CREATE USER IF NOT EXISTS a", "privileges"],
  ["ALTER USER a ACCOUNT LOCK", "privileges"],
  ["DROP ROLE a", "privileges"],
  ["CREATE DEFINER = root@localhost VIEW a AS SELECT 1", "named-definer"],
  ["CREATE DEFINER = CURRENT_USER VIEW a AS SELECT 1", ""],
  ["CREATE PROCEDURE p() SELECT 1", "numbered-routine"],
  ["SET sql_mode = ''", "session-mode"],
  ["SET @@SESSION.sql_mode := ''", "session-mode"],
  ["SET @old = @@sql_mode", ""],
  ["LOCK TABLES a WRITE", "lock-table"],
  ["CREATE TABLE a (b int) ENGINE=MyISAM", "engine-without-transactions"],
  ["CREATE TABLE a (b int) ENGINE=InnoDB", ""],
  ["-- a comment\nDROP TABLE a", "drop-table"],
  ["ALTER TABLE a DROP b, ADD c int NOT NULL", "drop-column add-not-null"],
];

describe("the rules for MySQL and MariaDB", () => {
  for (const [sql, rules] of CASES) {
    it(`${rules === "" ? "let pass" : `find ${rules} in`}: ${sql}`, async () => {
      assert.equal(rulesOf(await seenInMysql(sql)), rules);
    });
  }

  it("know which tables a statement makes, changes and writes to", async () => {
    assert.deepEqual((await seenInMysql("CREATE TABLE IF NOT EXISTS `s`.`a` (b int)")).creates, [
      "s.a",
    ]);
    assert.deepEqual((await seenInMysql("CREATE TEMPORARY TABLE a (b int)")).tables, []);
    assert.deepEqual((await seenInMysql("INSERT IGNORE INTO a VALUES (1)")).writes, ["a"]);
  });
});
