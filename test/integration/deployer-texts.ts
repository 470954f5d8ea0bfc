/** The SQL of tests that are about no database in particular, where the families have no common words. */
import type { DialectName } from "../../src/domain/bundle.ts";
import type { Engine } from "../helpers/engines.ts";

export interface Texts {
  /** Empties the test's database, whose name it is given. */
  readonly clean: (name: string) => string;
  /** The schema that tables are made in, which holds those of Rowgate too. */
  readonly schema: (name: string) => string;
  /** Selects the `name` of each table. */
  readonly tables: string;
  /** A statement that takes minutes. */
  readonly sleep: string;
  /** Selects the `id` of each session that sleeps. */
  readonly sleepers: string;
  /** A statement that waits until the `holder` has ended. */
  readonly hold: string;
  /** Makes `hold` wait for this session. */
  readonly holder: string;
  /** Selects the `id` of each session that waits in `hold`. */
  readonly waiters: string;
  /** Keeps others from changing the table `t`, to the end of the session. */
  readonly lockTable: string;
  /** Breaks off what a session is doing. */
  readonly cancel: (id: unknown) => string;
  /** Ends a session. */
  readonly end: (id: unknown) => string;
  /** What the server says when a statement has waited too long for a lock. */
  readonly lockTimeout: RegExp;
  /** What it says of a statement that was cancelled by somebody. */
  readonly cancelled: RegExp;
  /** What it says of a statement that has reached its time limit. */
  readonly timedOut: RegExp;
  /** Makes a user with the password `secret` who may read the history and do nothing else. */
  readonly createReader: (user: string) => string;
  readonly dropReader: (user: string) => string;
  /** How the product names a session. */
  readonly session: RegExp;
}

const POSTGRES_SESSIONS =
  "SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND";
const MYSQL_SESSIONS =
  "SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND";

/** Locks are the server's, not the database's. */
const HOLD = "DO GET_LOCK(CONCAT('test:', DATABASE()), 300)";

const TEXTS: Readonly<Record<DialectName, Texts>> = {
  postgres: {
    clean: () =>
      "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC",
    schema: () => "public",
    tables: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    sleep: "SELECT pg_sleep(300);",
    sleepers: `${POSTGRES_SESSIONS} wait_event = 'PgSleep'`,
    hold: "SELECT pg_advisory_xact_lock(7);",
    holder: "SELECT pg_advisory_lock(7)",
    waiters: `${POSTGRES_SESSIONS} wait_event = 'advisory'`,
    lockTable: "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE",
    cancel: (id) => `SELECT pg_cancel_backend(${String(id)})`,
    end: (id) => `SELECT pg_terminate_backend(${String(id)})`,
    lockTimeout: /^canceling statement due to lock timeout; locks are held by pid \d+, .* on t$/,
    cancelled: /^canceling statement due to user request$/,
    timedOut: /^canceling statement due to statement timeout$/,
    createReader: (user) =>
      `CREATE ROLE ${user} LOGIN PASSWORD 'secret'; GRANT SELECT ON versions TO ${user}`,
    dropReader: (user) => `DROP OWNED BY ${user}; DROP ROLE ${user}`,
    session: /pid \d+, user postgres/,
  },
  mysql: {
    clean: (name) => `DROP DATABASE ${name}; CREATE DATABASE ${name}`,
    schema: (name) => name,
    tables:
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    // One SLEEP alone would end without an error when it is broken off.
    sleep: "SELECT SUM(SLEEP(1)) FROM information_schema.collations",
    sleepers: `${MYSQL_SESSIONS} state = 'User sleep'`,
    hold: HOLD,
    holder: HOLD,
    waiters: `${MYSQL_SESSIONS} state = 'User lock'`,
    lockTable: "START TRANSACTION; SELECT * FROM t",
    cancel: (id) => `KILL QUERY ${String(id)}`,
    end: (id) => `KILL ${String(id)}`,
    lockTimeout: /^Lock wait timeout exceeded; try restarting transaction; locks are held by /,
    cancelled: /^Query execution was interrupted$/,
    timedOut: /^Query execution was interrupted.*max/,
    createReader: (user) =>
      `CREATE USER ${user} IDENTIFIED BY 'secret'; GRANT SELECT ON versions TO ${user}`,
    dropReader: (user) => `DROP USER ${user}`,
    session: /connection \d+, user root@/,
  },
};

export function textsFor({ dialect }: Pick<Engine, "dialect">): Texts {
  return TEXTS[dialect];
}
