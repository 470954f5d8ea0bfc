/** Statements about rows, and what runs other statements. */
import { samples, type StatementSample } from "./mysql-samples.ts";

const ROWS = { effect: "rows" } as const;
const CALL = { effect: "call" } as const;

const ROW_SAMPLES: readonly StatementSample[] = [
  ...samples(
    ROWS,
    `INSERT INTO u VALUES (5, 1)
    INSERT u (id) VALUES (LENGTH('🚀'))
    INSERT INTO u SET id = 7
    INSERT LOW_PRIORITY IGNORE INTO u SELECT 1, 2 ON DUPLICATE KEY UPDATE n = 3
    REPLACE INTO u VALUES (5, 1)
    UPDATE t SET n = 2
    UPDATE LOW_PRIORITY IGNORE t AS x SET x.n = 1 WHERE x.id = 1
    UPDATE t, u SET t.n = 1 WHERE t.id = u.id
    UPDATE tmp JOIN u ON tmp.a = u.id SET u.n = 1
    UPDATE tmp JOIN u ON tmp.a = u.id SET n = 1, a = 2
    DELETE FROM t
    DELETE QUICK FROM t WHERE id = 1
    DELETE t FROM t JOIN u ON t.id = u.id
    DELETE x.* FROM t AS x JOIN u ON x.id = u.id
    DELETE FROM x USING t AS x JOIN tmp ON x.id = tmp.a
    SELECT 1
    SELECT n FROM t FOR UPDATE
    (SELECT 1) UNION (SELECT 2)
    WITH c AS (SELECT 1 AS id) SELECT * FROM c
    DO SLEEP(0)
    DO GET_LOCK('x', 1)
    SHOW TABLES
    SHOW CREATE TABLE t
    DESCRIBE t
    DESC t
    EXPLAIN UPDATE t SET n = 1
    CHECKSUM TABLE t
    SIGNAL SQLSTATE '01000'`,
  ),
  ...samples(
    { ...ROWS, only: "mariadb" },
    `INSERT INTO u VALUES (6, 1) RETURNING id
    DELETE FROM t RETURNING id
    VALUES (1, 2)
    ANALYZE UPDATE t SET n = 1
    ANALYZE FORMAT=JSON SELECT 1
    SET STATEMENT max_statement_time = 10 FOR SELECT 1`,
  ),
  ...samples(
    { ...ROWS, only: "mysql" },
    `INSERT INTO u SELECT * FROM (TABLE u) x WHERE 0
    TABLE t
    VALUES ROW(1, 2)
    WITH c AS (SELECT 1 AS id) DELETE FROM t WHERE id IN (SELECT id FROM c)
    WITH RECURSIVE c (id) AS (SELECT 1) UPDATE t SET n = 2 WHERE id IN (SELECT id FROM c)
    EXPLAIN ANALYZE SELECT 1`,
  ),
  ...samples(
    { ...ROWS, isUnfit: true },
    `SELECT 1 INTO OUTFILE 'x'
    KILL 1
    RESIGNAL
    BINLOG 'x'`,
  ),
  ...samples(
    { ...ROWS, inProcedure: false },
    `HELP 'x'
    SELECT 1 /* 🚀 */
    SELECT n FROM t FOR UPDATE NOWAIT`,
  ),
  ...samples({ ...ROWS, inProcedure: false, only: "mariadb" }, "SELECT n FROM t FOR UPDATE WAIT 5"),
  ...samples(
    { ...ROWS, inProcedure: false, localFile: "a'b.csv", isUnfit: true },
    `LOAD DATA LOCAL INFILE 'a''b.csv' INTO TABLE u
    LOAD DATA CONCURRENT LOCAL INFILE 'a\\'b.csv' REPLACE INTO TABLE u FIELDS TERMINATED BY ','
    LOAD XML LOCAL INFILE "a'b.csv" INTO TABLE u`,
  ),
  ...samples({ ...ROWS, inProcedure: false, isUnfit: true }, "LOAD DATA INFILE 'x' INTO TABLE u"),
  ...samples(
    { ...ROWS, looksBack: true },
    `INSERT INTO u VALUES (LAST_INSERT_ID() + 90, 1)
    SELECT ROW_COUNT()
    SELECT found_rows() INTO @x
    SET @x = LAST_INSERT_ID()
    SET @x = @@identity
    SET @x = @@SESSION.last_insert_id
    SELECT @@warning_count
    SHOW WARNINGS
    SHOW COUNT(*) ERRORS
    GET DIAGNOSTICS @n = NUMBER`,
  ),
  ...samples(
    { ...ROWS, isUnfit: true, refused: freesLocks() },
    `DO RELEASE_ALL_LOCKS()
    SELECT release_all_locks()`,
  ),
];

function freesLocks(): StatementSample["found"]["refused"] {
  return {
    message: "RELEASE_ALL_LOCKS() would free the lock that keeps other deployments out",
    hint: "Free your own locks by name, with RELEASE_LOCK().",
  };
}

const CALL_SAMPLES: readonly StatementSample[] = [
  ...samples(
    CALL,
    `CALL pr()
    EXECUTE ps`,
  ),
  ...samples(
    { ...CALL, only: "mariadb" },
    `EXECUTE IMMEDIATE 'SELECT 1'
    BEGIN NOT ATOMIC SELECT 1; END
    IF 1 THEN SELECT 1; END IF
    CASE 1 WHEN 1 THEN SELECT 1; END CASE
    WHILE 0 DO SELECT 1; END WHILE
    REPEAT SELECT 1; UNTIL 1 END REPEAT
    FOR i IN 1..2 DO SELECT 1; END FOR`,
  ),
];

export const ROW_STATEMENTS: readonly StatementSample[] = [...ROW_SAMPLES, ...CALL_SAMPLES];
