/** Every class of file that real trees for MySQL have comes out as it does through the native client. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import { buildBundle, createTarget, deploy, readBundle, writeBundle } from "../../src/rowgate.ts";
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import { MYSQL_ENGINES, type MysqlDatabase, type MysqlEngine } from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";
import { meaningOf } from "./mysql-meaning.ts";

type Files = Readonly<Record<string, string>>;

/** In the order that they mean; each is a session of its own, as the trees' own tools have it. */
const CLASSES: Files = {
  "0001_no_end.sql": "CREATE TABLE a (i int)",
  "0002_last_line_is_comment.sql": "INSERT INTO a VALUES (2);\n-- the end",
  "0003_comment_is_all.sql": "-- nothing\n/* to do; */\n# at all\n",
  "0004_empty.sql": "",
  "00005_crlf.sql":
    "CREATE FUNCTION crlf() RETURNS text DETERMINISTIC\r\nBEGIN\r\n  RETURN 'a\r\nb';\r\nEND;\r\nINSERT INTO a\r\nVALUES (5);\r\n",
  "06_bom.sql": "\uFEFFINSERT INTO a VALUES (6);\n",
  "7 blanks ## and -- dashes.sql": "INSERT INTO a VALUES (7);\n",
  '0008_it\'s "quoted" `$$` *_ é e\u0301.sql': "INSERT INTO a VALUES (8);\n",
  "x/0009_same.sql": "CREATE TABLE x1 (i int);",
  "y/0011_same.sql": "CREATE TABLE y1 (i int);",
  "00010_between.sql": "INSERT INTO a VALUES (10);",
  "12_own_transaction.sql": "BEGIN;\nINSERT INTO a VALUES (12);\nCOMMIT;\n",
  "13_own_transaction.sql":
    "-- head\nSTART TRANSACTION;\nINSERT INTO a VALUES (13);\nCOMMIT;\n-- tail",
  "14_delimiter.sql":
    "DELIMITER $$\nCREATE PROCEDURE p(i int)\nBEGIN\n  DECLARE n int DEFAULT 0;\n  -- it's $ ; here\n  WHILE n < 2 DO\n    INSERT INTO a VALUES (i);\n    SET n = n + 1;\n  END WHILE;\nEND$$\nDELIMITER ;\nCALL p(14);\n",
  "15_delimiter_word.sql":
    "delimiter //\nCREATE TRIGGER r BEFORE INSERT ON x1 FOR EACH ROW BEGIN SET NEW.i = NEW.i + 1; END //\ndelimiter ;\nINSERT INTO x1 VALUES (15);\n",
  "16_leaks.sql":
    "SET sql_mode = 'ANSI_QUOTES';\nSET time_zone = '+09:00', foreign_key_checks = 0;\nCREATE TABLE \"leak\" (t timestamp NULL DEFAULT NULL);\nINSERT INTO leak VALUES ('2024-01-01 00:00:00');\n",
  "17_after_leak.sql":
    "CREATE TABLE after_leak (t timestamp NULL, s text);\nINSERT INTO after_leak VALUES ('2024-01-01 00:00:00', \"text\");\n",
  "18_names.sql":
    "SET NAMES latin1;\nCREATE TABLE letters (s varchar(20) CHARACTER SET utf8mb4);\n",
  "19_quotes.sql":
    "CREATE TABLE q (s longtext);\n-- it's `$$` and ; here\n/* '; /* \" */\nINSERT INTO q # ;'\n  VALUES ('it''s; \\\\'), (\"a 'b' \\\"c\\\"\"), ('*/ -- /* #'), ('\\n\\t\\0\\Z'), (_utf8mb4'é😀'), (x'41'), ('a' 'b');\n",
  "20_delimiters_in_strings.sql":
    "INSERT INTO q VALUES ('\nDELIMITER ;;\n$0$ $$ $1234abcd$\n');\nINSERT INTO q VALUES ('\\\\');\n",
  "21_version_comments.sql":
    "/*!40101 SET @old = @@time_zone */;\n/*!40101 SET time_zone = '+00:00' */;\nCREATE TABLE vc (i int) /*!50100 PARTITION BY HASH (i) PARTITIONS 2 */;\n/*!99999 nonsense */;\n/*!40101 SET time_zone = @old */;\n",
  "22_hints.sql":
    "INSERT INTO a SELECT /*+ NO_INDEX_MERGE(a) */ 22 FROM a LIMIT 1;\nCREATE VIEW hinted AS SELECT i FROM a WHERE i > 20;\n",
  "23_temporary.sql":
    "CREATE TEMPORARY TABLE kept (i int);\nINSERT INTO kept VALUES (23);\nINSERT INTO a SELECT i FROM kept;\n",
  "24_variables.sql":
    "SET @n = 24, @m := 'x';\nSELECT @n + 0 INTO @k;\nPREPARE s FROM 'INSERT INTO a VALUES (?)';\nEXECUTE s USING @k;\nDEALLOCATE PREPARE s;\n",
  "25_long_line.sql": `INSERT INTO q VALUES ('${"x".repeat(200_000)}');\n`,
  "26_lock.sql": "LOCK TABLES a WRITE;\nINSERT INTO a VALUES (26);\nUNLOCK TABLES;\n",
  "27_swap.sql":
    "CREATE TABLE new_y LIKE y1;\nINSERT INTO new_y VALUES (27);\nRENAME TABLE y1 TO old_y, new_y TO y1;\nDROP TABLE old_y;\n",
  "28_keys.sql":
    "CREATE TABLE parents (id int AUTO_INCREMENT PRIMARY KEY, n varchar(9) UNIQUE);\nCREATE TABLE children (id int, parent int, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE);\nINSERT INTO parents (n) VALUES ('a'), ('b');\nINSERT INTO children VALUES (1, LAST_INSERT_ID());\n",
  "29_events.sql":
    "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2030-01-01 00:00:00' DISABLE DO BEGIN DELETE FROM a; DELETE FROM q; END;\n",
  "30_drop_many.sql":
    "CREATE TABLE d1 (i int);\nCREATE TABLE d2 (i int);\nDROP TABLE IF EXISTS d1, d2, d3;\n",
  "31_upsert.sql":
    "INSERT INTO parents VALUES (1, 'z') ON DUPLICATE KEY UPDATE n = 'c';\nREPLACE INTO parents VALUES (7, 'g');\nUPDATE parents p JOIN children c ON c.parent = p.id SET c.id = 31;\nDELETE c FROM children c WHERE c.id = 99;\n",
  "32_names.sql": "CREATE TABLE `tablé ``q`` 'x'` (`ü` int DEFAULT 1, `select` int);\n",
  "33_json.sql":
    "CREATE TABLE j (d json, g int GENERATED ALWAYS AS (JSON_EXTRACT(d, '$.a')) STORED, CHECK (g > 0));\nINSERT INTO j (d) VALUES ('{\"a\": 33}');\n",
  "34_views.sql":
    "CREATE OR REPLACE VIEW v AS SELECT i FROM a;\nALTER VIEW v AS SELECT i + 1 AS i FROM a;\nCREATE VIEW w AS SELECT i FROM v;\n",
  "35_comments_in_body.sql":
    "CREATE FUNCTION c(x int) RETURNS int DETERMINISTIC COMMENT 'it''s; a comment'\n/* before */ BEGIN /* in; */\n  # the; END\n  RETURN x /* times */ * 2; -- here\nEND /* behind */;\nINSERT INTO a VALUES (c(35));\n",
  "36_case.sql":
    "create procedure k(in x int) begin case x when 1 then select 1; else begin end; end case; if x then select 2; end if; end;\ncall k(1);\n",
  "37_semicolons.sql": "INSERT INTO a VALUES (37)\n;;;\n;",
  "2017-09-23-182408_date.sql": "INSERT INTO a VALUES (2017);\n",
  "20240101000000123456_timestamp.sql": "INSERT INTO a VALUES (2024);\n",
};

/** The clients need a delimiter around what the grammar ends by itself. */
const NEEDS_DELIMITER = new Set([
  "00005_crlf.sql",
  "29_events.sql",
  "35_comments_in_body.sql",
  "36_case.sql",
]);

/** With comments, as the deployer sends them, in letters of all languages. */
const AS_IS = ["--comments", "--default-character-set=utf8mb4"];

async function runRaw(db: MysqlDatabase): Promise<void> {
  for (const [path, text] of Object.entries(CLASSES)) {
    const input = NEEDS_DELIMITER.has(path) ? `DELIMITER $$\n${text}$$\n` : text;
    const result = await db.client(AS_IS, { input });
    assert.equal(result.code, 0, `${path}: ${result.stderr}`);
  }
}

async function deployed(db: MysqlDatabase, bundle: Bundle): Promise<void> {
  const [report] = await deploy(bundle, [createTarget(db.url)]);

  assert.equal(report?.error, undefined);
  assert.equal(report?.outcome, "deployed");
}

/** The schema and all data of a new database, once `work` is done. */
async function stateAfter(
  engine: MysqlEngine,
  work: (db: MysqlDatabase) => Promise<void>,
): Promise<string> {
  const db = await engine.createDatabase();

  try {
    await work(db);
    return meaningOf(await fingerprint(db)) + (await dataDump(db));
  } finally {
    await db.close();
  }
}

for (const engine of MYSQL_ENGINES) {
  describe(`by all ways it is the same on ${engine.name}`, { skip: engine.skip }, () => {
    it("with a tree that has every class of file", async () => {
      const tree = await writeTree(
        Object.fromEntries(Object.entries(CLASSES).map(([path, text]) => [`source/${path}`, text])),
      );
      const script = join(tree.root, "release.sql");
      const expected = await stateAfter(engine, runRaw);
      const bundle = await buildBundle(join(tree.root, "source"), { dialect: "mysql" });
      await writeBundle(bundle, script);
      const input = await readFile(script, "utf8");

      const byClient = await stateAfter(engine, async (db) => {
        const result = await db.client(AS_IS, { input });
        assert.equal(result.code, 0, result.stderr);
      });
      assert.equal(byClient, expected);
      assert.equal(await stateAfter(engine, (db) => deployed(db, bundle)), expected);
      const read = await readBundle(script);
      assert.equal(await stateAfter(engine, (db) => deployed(db, read)), expected);
      await tree.close();
    });
  });
}
