/** Definitions of all but tables. */
import type { MysqlClass, ReplaceableKind } from "../../../src/scan/mysql-class.ts";
import { about, BLIND, object, samples, type StatementSample } from "./mysql-samples.ts";

const REPEATABLE = { effect: "repeatable" } as const;

function creates(kind: ReplaceableKind, nameText: string): Pick<MysqlClass, "creates"> {
  return { creates: { kind, nameText, at: "CREATE".length } };
}

const PROGRAMS: readonly StatementSample[] = [
  ...samples(
    { ...about(object("routine", "f2")), ...creates("function", "f2"), inProcedure: false },
    `CREATE FUNCTION f2() RETURNS INT DETERMINISTIC RETURN 1
    CREATE DEFINER = CURRENT_USER() FUNCTION f2() RETURNS INT DETERMINISTIC RETURN 1
    CREATE DEFINER = root@\`%\` FUNCTION f2() RETURNS INT DETERMINISTIC RETURN 1`,
  ),
  ...samples(
    {
      ...about(object("routine", "event")),
      ...creates("procedure", "`event`"),
      inProcedure: false,
    },
    `CREATE PROCEDURE \`event\`() BEGIN END`,
  ),
  ...samples(
    {
      ...about(object("routine", "event")),
      ...creates("procedure", "`event`"),
      inProcedure: false,
      looksBack: true,
    },
    "CREATE DEFINER = 'trigger'@'a.b' PROCEDURE `event`() SELECT LAST_INSERT_ID(1)",
  ),
  ...samples(
    { ...about(object("trigger", "tr2")), ...creates("trigger", "tr2"), inProcedure: false },
    `CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 1
    CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW FOLLOWS tr SET NEW.n = 1`,
  ),
  ...samples(
    { ...about(object("event", "e2")), ...creates("event", "e2"), inProcedure: false },
    `CREATE EVENT e2 ON SCHEDULE EVERY 1 YEAR DO SET @a = 1
    CREATE DEFINER = root@localhost EVENT e2 ON SCHEDULE EVERY 1 YEAR DISABLE DO BEGIN END`,
  ),
  ...samples(
    { ...about(object("table", "v2")), ...creates("view", "v2") },
    `CREATE VIEW v2 AS SELECT 1
    CREATE ALGORITHM = MERGE DEFINER = CURRENT_USER SQL SECURITY INVOKER VIEW v2 AS SELECT id FROM t`,
  ),
  ...samples(
    { ...about(object("table", "v2")), ...creates("view", "v2"), only: "mysql" },
    `CREATE JSON RELATIONAL DUALITY VIEW v2 AS SELECT JSON_DUALITY_OBJECT('_id': id) FROM u
    CREATE MATERIALIZED VIEW v2 AS SELECT 1 AS a`,
  ),
  ...samples(
    { ...REPEATABLE, inProcedure: false },
    `CREATE FUNCTION IF NOT EXISTS f() RETURNS INT DETERMINISTIC RETURN 1
    CREATE TRIGGER IF NOT EXISTS tr BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 1
    CREATE EVENT IF NOT EXISTS ev ON SCHEDULE EVERY 1 YEAR DO SET @a = 1
    ALTER FUNCTION f COMMENT 'x'
    ALTER PROCEDURE pr SQL SECURITY INVOKER
    ALTER VIEW v AS SELECT 1
    ALTER ALGORITHM = MERGE VIEW v AS SELECT id FROM t
    ALTER EVENT ev DO SET @a = 2`,
  ),
  ...samples(
    { ...REPEATABLE, inProcedure: false, only: "mariadb" },
    `CREATE OR REPLACE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1
    CREATE OR REPLACE PROCEDURE pr() BEGIN END
    CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 1
    CREATE OR REPLACE DEFINER = CURRENT_USER EVENT ev ON SCHEDULE EVERY 1 YEAR DO SET @a = 1`,
  ),
  ...samples(
    REPEATABLE,
    `CREATE OR REPLACE VIEW v AS SELECT 1
    CREATE VIEW IF NOT EXISTS v AS SELECT 1
    ALTER EVENT ev DISABLE COMMENT 'do'
    ALTER EVENT ev ON SCHEDULE EVERY 2 YEAR
    DROP VIEW IF EXISTS v, v2`,
  ),
  ...samples(
    about(object("event", "ev"), object("event", "e2")),
    "ALTER EVENT ev ON SCHEDULE EVERY 2 YEAR RENAME TO e2",
  ),
  ...samples(about(object("table", "v")), "DROP VIEW v"),
  ...samples({ ...about(object("routine", "f")), inProcedure: false }, "DROP FUNCTION f"),
  ...samples({ ...about(object("routine", "pr")), inProcedure: false }, "DROP PROCEDURE pr"),
  ...samples(about(object("trigger", "tr")), "DROP TRIGGER tr"),
  ...samples(about(object("event", "ev")), "DROP EVENT ev"),
  ...samples(
    { ...REPEATABLE, inProcedure: false, drops: { kind: "function", nameText: "`f`" } },
    "DROP FUNCTION IF EXISTS `f`",
  ),
  ...samples(
    { ...REPEATABLE, inProcedure: false, drops: { kind: "procedure", nameText: "pr" } },
    "DROP PROCEDURE IF EXISTS pr",
  ),
  ...samples(
    { ...REPEATABLE, drops: { kind: "trigger", nameText: "tr" } },
    "DROP TRIGGER IF EXISTS tr",
  ),
  ...samples(
    { ...REPEATABLE, drops: { kind: "event", nameText: "ev" } },
    "DROP EVENT IF EXISTS ev",
  ),
  ...samples(
    { ...REPEATABLE, drops: { kind: "view", nameText: "v" } },
    "DROP VIEW IF EXISTS v CASCADE",
  ),
  ...samples({ ...BLIND, isUnfit: true }, "CREATE FUNCTION f2 RETURNS STRING SONAME 'x.so'"),
];

const OTHERS: readonly StatementSample[] = [
  ...samples({ ...about(object("table", "sq")), only: "mariadb" }, "CREATE SEQUENCE sq"),
  ...samples(
    { ...REPEATABLE, only: "mariadb" },
    `CREATE SEQUENCE IF NOT EXISTS sq
    ALTER SEQUENCE s RESTART 5
    DROP SEQUENCE IF EXISTS s`,
  ),
  ...samples(
    { ...BLIND, only: "mysql" },
    "CREATE LIBRARY li LANGUAGE JAVASCRIPT AS $$ it's; /* */ $$",
  ),
  ...samples(
    { ...REPEATABLE, only: "mysql" },
    `CREATE LIBRARY IF NOT EXISTS li LANGUAGE JAVASCRIPT AS 'x'
    DROP LIBRARY IF EXISTS li
    ALTER INSTANCE RELOAD TLS
    SET PERSIST max_connections = 60
    RESET PERSIST`,
  ),
  ...samples(
    { ...REPEATABLE, inProcedure: false, isUndone: true },
    "ALTER DATABASE CHARACTER SET utf8mb4",
  ),
  ...samples(
    REPEATABLE,
    `FLUSH STATUS
    FLUSH NO_WRITE_TO_BINLOG TABLES
    LOAD INDEX INTO CACHE t
    CACHE INDEX t IN default
    SET GLOBAL max_connections = 60
    SET @@global.max_connections = 60, @@GLOBAL.max_connect_errors = 100`,
  ),
  ...samples(
    { ...REPEATABLE, isUnfit: true },
    `CREATE DATABASE IF NOT EXISTS d
    CREATE USER IF NOT EXISTS a@b
    CREATE ROLE IF NOT EXISTS a
    ALTER USER a IDENTIFIED BY 'x'
    DROP USER IF EXISTS a
    DROP ROLE IF EXISTS a
    GRANT SELECT ON t TO a
    REVOKE ALL PRIVILEGES, GRANT OPTION FROM a
    SET PASSWORD FOR a = 'x'
    PURGE BINARY LOGS TO 'x'
    START REPLICA
    STOP REPLICA
    ALTER SERVER s OPTIONS (HOST 'y')
    DROP SERVER IF EXISTS s`,
  ),
  ...samples(
    { ...BLIND, isUnfit: true },
    `CREATE DATABASE d
    CREATE USER a
    CREATE ROLE a
    DROP USER a
    RENAME USER a TO b
    REVOKE SELECT ON t FROM a
    CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')
    INSTALL PLUGIN x SONAME 'x'
    UNINSTALL PLUGIN x`,
  ),
  ...samples(
    { ...BLIND, isUnfit: true, only: "mysql" },
    `CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd'
    ALTER TABLESPACE ts RENAME TO ts2
    CREATE RESOURCE GROUP rg TYPE = USER
    IMPORT TABLE FROM 'x.sdi'
    ALTER USER a IDENTIFIED BY 'y' RETAIN CURRENT PASSWORD`,
  ),
  ...samples(
    { ...BLIND, isUnfit: true, refused: dropDatabase("`d`") },
    `DROP DATABASE IF EXISTS \`d\`
    DROP SCHEMA \`d\``,
  ),
  ...samples(
    {
      ...BLIND,
      isUnfit: true,
      inProcedure: false,
      refused: refusal("USE", "it changes the database, and a bundle is for one database"),
    },
    "USE d",
  ),
  ...samples(
    {
      ...BLIND,
      isUnfit: true,
      inProcedure: false,
      refused: refusal("SHUTDOWN", "it ends the server"),
    },
    "SHUTDOWN",
  ),
];

function dropDatabase(name: string): StatementSample["found"]["refused"] {
  return {
    message: `DROP DATABASE ${name} cannot be part of a bundle: what was deployed may be recorded in that database`,
    hint: "Drop the database by hand, or drop its tables here.",
  };
}

function refusal(word: string, reason: string): StatementSample["found"]["refused"] {
  return {
    message: `${word} cannot be part of a bundle: ${reason}`,
    hint: `Remove the ${word} statement.`,
  };
}

export const ROUTINE_STATEMENTS: readonly StatementSample[] = [...PROGRAMS, ...OTHERS];
