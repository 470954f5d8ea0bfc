/** Definitions of tables. */
import { about, BLIND, object, samples, type StatementSample } from "./mysql-samples.ts";

const REPEATABLE = { effect: "repeatable" } as const;
const SESSION = { effect: "session" } as const;

const TABLES: readonly StatementSample[] = [
  ...samples(
    about(object("table", "n1")),
    `CREATE TABLE n1 (a INT)
    CREATE TABLE \`n1\` LIKE t
    CREATE TABLE n1 SELECT 1 AS a`,
  ),
  ...samples(
    { ...about(object("table", "n.`1", "mysql")), isUnfit: true },
    "CREATE TABLE mysql.`n.``1` (a INT)",
  ),
  ...samples(
    REPEATABLE,
    `CREATE TABLE IF NOT EXISTS n1 (a INT)
    CREATE TABLE IF NOT EXISTS u SELECT 1 AS id, 2 AS n
    TRUNCATE t
    TRUNCATE TABLE t
    DROP TABLE IF EXISTS t
    DROP TABLE IF EXISTS t, u, tmp
    ANALYZE TABLE t
    ANALYZE NO_WRITE_TO_BINLOG TABLE t
    OPTIMIZE TABLE t
    REPAIR TABLE t`,
  ),
  ...samples({ ...REPEATABLE, inProcedure: false }, "CHECK TABLE t"),
  ...samples({ ...REPEATABLE, only: "mariadb" }, "CREATE OR REPLACE TABLE n1 (a INT)"),
  ...samples(
    about(object("table", "t")),
    `DROP TABLE t
    DROP TABLE t, tmp
    DROP TABLE t CASCADE`,
  ),
  ...samples(
    about(object("index", "t")),
    `CREATE INDEX ii ON t (n)
    CREATE UNIQUE INDEX ii USING BTREE ON t (id)
    CREATE FULLTEXT INDEX ii ON t (s)
    DROP INDEX i ON t`,
  ),
  ...samples(about(object("table", "t"), object("table", "u")), "DROP TABLES t, u RESTRICT"),
  ...samples(
    { ...about(object("table", "t")), inProcedure: false, only: "mariadb" },
    "DROP TABLE t WAIT 5",
  ),
  ...samples(
    { ...REPEATABLE, only: "mariadb" },
    `CREATE INDEX IF NOT EXISTS ii ON t (n)
    CREATE OR REPLACE INDEX ii ON t (n)
    DROP INDEX IF EXISTS i ON t`,
  ),
  ...samples(
    SESSION,
    `CREATE TEMPORARY TABLE n1 (a INT)
    CREATE TEMPORARY TABLE IF NOT EXISTS n1 SELECT 1 AS a
    ALTER TABLE tmp ADD b INT
    ALTER TABLE tmp RENAME TO tmp2
    CREATE INDEX ii ON tmp (a)
    TRUNCATE tmp
    DROP TABLE tmp
    DROP TEMPORARY TABLE tmp
    DROP TEMPORARY TABLE IF EXISTS x, y`,
  ),
  ...samples(
    { ...SESSION, only: "mariadb" },
    `RENAME TABLE tmp TO tmp2
    CREATE OR REPLACE TEMPORARY TABLE tmp SELECT 1 AS a`,
  ),
];

const ALTERS: readonly StatementSample[] = [
  ...samples(
    about(object("table", "t")),
    `ALTER TABLE t ADD c INT
    ALTER TABLE t ADD INDEX (n), ADD c INT FIRST, ENGINE = InnoDB
    ALTER TABLE t MODIFY n BIGINT
    ALTER TABLE t CHANGE n m BIGINT
    ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4
    ALTER TABLE t ALTER n SET DEFAULT 5
    ALTER TABLE t COMMENT = 'x'
    ALTER TABLE t RENAME COLUMN n TO m
    ALTER TABLE t RENAME INDEX i TO j
    ALTER TABLE t ADD c INT PARTITION BY HASH (id) PARTITIONS 4`,
  ),
  ...samples(
    { ...about(object("table", "t")), only: "mariadb" },
    `ALTER ONLINE TABLE t ADD c INT
    ALTER IGNORE TABLE t ADD c INT
    ALTER TABLE IF EXISTS t ADD c INT
    ALTER TABLE t CHANGE COLUMN IF EXISTS n m INT
    ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT, ADD d INT`,
  ),
  ...samples(
    about(object("table", "p")),
    `ALTER TABLE p ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))
    ALTER TABLE p DROP PARTITION p0
    ALTER TABLE p REORGANIZE PARTITION p0, p1 INTO (PARTITION q VALUES LESS THAN (20))
    ALTER TABLE p REMOVE PARTITIONING
    ALTER TABLE p ENGINE = InnoDB REMOVE PARTITIONING`,
  ),
  ...samples(
    about(object("table", "t"), object("table", "t2")),
    `ALTER TABLE t RENAME TO t2
    ALTER TABLE t RENAME AS t2
    ALTER TABLE t ADD c INT, RENAME t2
    RENAME TABLE t TO t2`,
  ),
  ...samples(
    about(object("table", "t"), object("table", "to"), object("table", "u")),
    "RENAME TABLE t TO `to`, u TO t",
  ),
  ...samples(
    { ...about(object("table", "t"), object("table", "t2")), inProcedure: false, only: "mariadb" },
    `RENAME TABLE t WAIT 5 TO t2
    RENAME TABLE t NOWAIT TO t2`,
  ),
  ...samples(
    { ...about(object("table", "t")), inProcedure: false, only: "mysql" },
    "ALTER TABLE t ADD j JSON, ADD INDEX j_tags ((CAST(j->'$.tags' AS CHAR(20) ARRAY)))",
  ),
  ...samples(
    BLIND,
    `RENAME TABLE t TO x, u TO t, x TO u
    ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE px
    ALTER TABLE t DISCARD TABLESPACE`,
  ),
  ...samples({ ...BLIND, isUnfit: true }, "ALTER TABLE u IMPORT TABLESPACE"),
  ...samples(
    REPEATABLE,
    `ALTER TABLE t
    ALTER TABLE t ENGINE = InnoDB
    ALTER TABLE t ENGINE InnoDB, ALGORITHM = COPY
    ALTER TABLE t FORCE, LOCK = SHARED
    ALTER TABLE t DISABLE KEYS
    ALTER TABLE p TRUNCATE PARTITION p0, p1
    ALTER TABLE p REBUILD PARTITION p0
    ALTER TABLE p OPTIMIZE PARTITION p0
    ALTER TABLE p ANALYZE PARTITION p0
    ALTER TABLE p CHECK PARTITION p0
    ALTER TABLE p REPAIR PARTITION ALL`,
  ),
  ...samples(
    { ...REPEATABLE, only: "mariadb" },
    `ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT
    ALTER TABLE t DROP COLUMN IF EXISTS n, ADD INDEX IF NOT EXISTS j (id)
    ALTER TABLE p DROP PARTITION IF EXISTS p0`,
  ),
];

export const TABLE_STATEMENTS: readonly StatementSample[] = [...TABLES, ...ALTERS];
