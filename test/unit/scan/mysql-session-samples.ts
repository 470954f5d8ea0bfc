/** Statements about the session, its transactions and its locks. */
import { samples, type StatementSample } from "./mysql-samples.ts";

const ROWS = { effect: "rows" } as const;
const SESSION = { effect: "session" } as const;

const CONTROL_SAMPLES: readonly StatementSample[] = [
  ...samples(
    { ...ROWS, control: "begin" },
    `START TRANSACTION
    START TRANSACTION READ ONLY
    START TRANSACTION WITH CONSISTENT SNAPSHOT`,
  ),
  ...samples(
    { ...ROWS, control: "begin", inProcedure: false },
    `BEGIN
    BEGIN WORK`,
  ),
  ...samples(
    { ...ROWS, control: "commit" },
    `COMMIT
    COMMIT WORK
    COMMIT AND NO CHAIN NO RELEASE`,
  ),
  ...samples(
    { ...ROWS, control: "other", isUnfit: true },
    `COMMIT AND CHAIN
    COMMIT RELEASE
    ROLLBACK
    ROLLBACK TO a
    SAVEPOINT a
    RELEASE SAVEPOINT a
    XA RECOVER`,
  ),
];

const SESSION_SAMPLES: readonly StatementSample[] = [
  ...samples(
    SESSION,
    `SET @x = 1
    SET @x := 1, @y = (SELECT 2)
    SET foreign_key_checks = 0, @@session.unique_checks = 0, LOCAL time_zone = '+00:00'
    SET @OLD_NOTES = @@SQL_NOTES, SQL_NOTES = 0
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
    SET SESSION foreign_key_checks = 0, @@global.max_connections = @@global.max_connections
    SET GLOBAL max_connections = @@global.max_connections, SESSION foreign_key_checks = 0
    SET ROLE NONE
    SELECT n INTO @x FROM t LIMIT 1
    SELECT n FROM t LIMIT 1 INTO @x
    SELECT @x := 5
    DO @x := 5
    PREPARE ps2 FROM 'SELECT 1'
    INSERT INTO tmp VALUES (1)
    INSERT INTO \`tmp\` SELECT id FROM t
    UPDATE tmp SET a = 2
    UPDATE tmp AS x, u AS y SET x.a = y.n WHERE x.a = y.id
    DELETE FROM tmp
    DELETE x FROM tmp AS x JOIN u ON x.a = u.id
    DELETE FROM x USING tmp x JOIN u ON x.a = u.id`,
  ),
  ...samples(
    { ...SESSION, isUnfit: true },
    `DEALLOCATE PREPARE ps
    DROP PREPARE ps
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED`,
  ),
  ...samples(
    { ...SESSION, only: "mysql" },
    `TABLE u INTO @a, @b
    SET RESOURCE GROUP USR_default`,
  ),
  ...samples(
    { ...SESSION, inProcedure: false, localFile: "x", isUnfit: true },
    "LOAD DATA LOCAL INFILE 'x' INTO TABLE tmp",
  ),
  ...samples({ ...SESSION, inProcedure: false }, "HANDLER t OPEN AS h"),
  ...samples(
    { ...SESSION, setsLexing: true },
    `SET NAMES utf8mb4
    SET NAMES 'utf8mb4' COLLATE 'utf8mb4_general_ci', @x = 1
    SET CHARACTER SET utf8mb4
    SET CHARSET DEFAULT
    SET sql_mode = ''
    SET @@sql_mode := 'ANSI'
    SET @@LOCAL.sql_mode = 'ANSI_QUOTES', @x = 1
    SET @OLD = @@SQL_MODE, SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO'
    SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')
    SET character_set_client = utf8mb4
    SET collation_connection = utf8mb4_general_ci`,
  ),
  ...samples(
    { ...SESSION, isUnfit: true, setsLexing: true, refused: noBackslashEscapes() },
    `SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'
    SET sql_mode = CONCAT(@@sql_mode, ',no_backslash_escapes')
    SET SESSION sql_mode = NO_BACKSLASH_ESCAPES`,
  ),
  ...samples(
    { ...SESSION, isUnfit: true, setsLexing: true, refused: unsafe("gbk") },
    `SET NAMES gbk
    SET NAMES 'GBK' COLLATE 'gbk_bin'
    SET CHARACTER SET gbk
    SET @@character_set_client = "gbk"`,
  ),
];

function noBackslashEscapes(): StatementSample["found"]["refused"] {
  return {
    message: "Rowgate's gates need a sql_mode without NO_BACKSLASH_ESCAPES",
    hint: "Take NO_BACKSLASH_ESCAPES out of the mode, and double the backslashes in strings.",
  };
}

function unsafe(charset: string): StatementSample["found"]["refused"] {
  return {
    message: `in the character set ${charset} of a client a backslash or a quote may be part of a letter`,
    hint: "Write the file in UTF-8, and use utf8mb4.",
  };
}

const LOCK = "the lock would keep Rowgate from its own tables";

const LEFT_OUT_SAMPLES: readonly StatementSample[] = [
  ...samples(
    {
      ...SESSION,
      isUnfit: true,
      leaveOut: "SET autocommit is left out: Rowgate commits each step together with its count",
    },
    `SET autocommit = 0
    SET @OLD_AUTOCOMMIT = @@AUTOCOMMIT, AUTOCOMMIT = 0
    SET @@session.autocommit = 1`,
  ),
  ...samples(
    {
      ...SESSION,
      leaveOut: "SET completion_type is left out: it would change what Rowgate's own COMMIT does",
    },
    "SET completion_type = 0",
  ),
  ...samples(
    {
      ...SESSION,
      isUnfit: true,
      leaveOut: "SET sql_log_bin is left out: replicas need what is deployed",
    },
    "SET @@SESSION.SQL_LOG_BIN = 0",
  ),
  ...samples(
    {
      effect: "repeatable",
      only: "mysql",
      isUnfit: true,
      leaveOut: "SET gtid_purged is left out: it is for a new replica",
    },
    "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-2'",
  ),
  ...samples(
    {
      ...SESSION,
      isUnfit: true,
      leaveOut: "SET autocommit is left out: Rowgate commits each step together with its count",
      refused: {
        message:
          "SET autocommit is left out of every bundle, but this statement also sets sql_notes",
        hint: "Set sql_notes in a statement of its own.",
      },
    },
    "SET autocommit = 0, sql_notes = 0",
  ),
  ...samples(
    {
      ...SESSION,
      inProcedure: false,
      isUnfit: true,
      leaveOut: `LOCK TABLES is left out: ${LOCK}`,
    },
    "LOCK TABLES t WRITE, u READ",
  ),
  ...samples(
    {
      ...SESSION,
      inProcedure: false,
      isUnfit: true,
      leaveOut: "UNLOCK TABLES is left out: no lock is taken",
    },
    "UNLOCK TABLES",
  ),
  ...samples(
    {
      ...SESSION,
      only: "mysql",
      isUnfit: true,
      leaveOut: `LOCK INSTANCE is left out: ${LOCK}`,
    },
    "LOCK INSTANCE FOR BACKUP",
  ),
  ...samples(
    {
      ...SESSION,
      only: "mariadb",
      inProcedure: false,
      isUnfit: true,
      leaveOut: `BACKUP STAGE is left out: ${LOCK}`,
    },
    "BACKUP STAGE START",
  ),
  ...samples(
    {
      effect: "repeatable",
      isUnfit: true,
      leaveOut: `FLUSH TABLES with a lock is left out: ${LOCK}`,
    },
    `FLUSH TABLES WITH READ LOCK
    FLUSH TABLES t FOR EXPORT`,
  ),
];

export const SESSION_STATEMENTS: readonly StatementSample[] = [
  ...CONTROL_SAMPLES,
  ...SESSION_SAMPLES,
  ...LEFT_OUT_SAMPLES,
];
