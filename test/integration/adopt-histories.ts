/** The trees and the history tables of other tools, as each of them makes and fills its own. */
import type { DialectName } from "../../src/domain/bundle.ts";

const CUSTOMER = "CREATE TABLE customer (id int PRIMARY KEY);\n";
const ORDERS = "CREATE TABLE orders (id int PRIMARY KEY);\n";
const NAMES = "CREATE OR REPLACE VIEW names AS SELECT id FROM customer;\n";
const RETURNS = "CREATE TABLE returns (id int PRIMARY KEY);\n";

/** What `sha384sum` says of the first two files; sqlx keeps it. */
const SHA384 = [
  "46f838e502fbcd63c68b845d78d4a642fc7500236c6cf986a0f7aa6d3ef1b96c74ba220185344649d987d0abb7d38ae8",
  "4ae1bface3d6644ec82dd395dce4e33670c9fbf7f71a7eaf4c1485b2a4e5495bf84d60a9cc42b54e056263ecd11d9c94",
] as const;

export interface ToolHistory {
  readonly tool: string;
  /** The tree of the source. It has two blocks that were applied, and then one that was not. */
  readonly files: Readonly<Record<string, string>>;
  /** Makes the table and its rows; undefined where the tool does not work. */
  readonly sql: Readonly<Partial<Record<DialectName, string>>>;
  /** Removes what is not in the schema of the tests, where it is there. */
  readonly tidy?: Readonly<Partial<Record<DialectName, string>>>;
  /** Whether the tool keeps checksums that can be compared. */
  readonly hasSums?: boolean;
}

const NUMBERED = { "1_customer.sql": CUSTOMER, "2_orders.sql": ORDERS, "3_returns.sql": RETURNS };

/** A tree that main.sql orders. */
function ordered(...files: readonly (readonly [string, string])[]): Record<string, string> {
  const list = files.map(([path]) => path);

  return {
    ...Object.fromEntries(files),
    "main.pg.sql": list.map((path) => `\\ir ${path}\n`).join(""),
    "main.mysql.sql": list.map((path) => `source ${path}\n`).join(""),
  };
}

/** A numbered tree whose files say where going up begins. */
function marked(mark: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(NUMBERED).map(([path, text]) => [path, `${mark}\n${text}`]),
  );
}

function both(sql: string): Record<DialectName, string> {
  return { postgres: sql, mysql: sql };
}

const FLYWAY = (booleanType: string): string => `
  CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL, success ${booleanType} NOT NULL);
  INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) VALUES
    (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', 'public', NULL, 'app', 0, true),
    (1, '1', 'customer', 'SQL', 'V1__customer.sql', 1018839034, 'app', 12, true),
    (2, '2', 'orders', 'SQL', 'V2__orders.sql', 1, 'app', 12, true),
    (3, '2', 'orders', 'UNDO_SQL', 'U2__orders.sql', 7, 'app', 12, true),
    (4, '2', 'orders', 'SQL', 'V2__orders.sql', 62222706, 'app', 12, true),
    (5, NULL, 'names', 'SQL', 'R__names.sql', 5, 'app', 12, true),
    (6, NULL, 'names', 'SQL', 'R__names.sql', -1698984243, 'app', 12, true)`;

const RAILS = (key: string): string => `
  CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY);
  CREATE TABLE ar_internal_metadata (${key} varchar(255) NOT NULL PRIMARY KEY, value varchar(255), created_at timestamp(6) NULL, updated_at timestamp(6) NULL);
  INSERT INTO schema_migrations (version) VALUES ('2'), ('1')`;

export const HISTORIES: readonly ToolHistory[] = [
  {
    tool: "golang-migrate",
    files: {
      "1_customer.up.sql": CUSTOMER,
      "1_customer.down.sql": "DROP TABLE customer;\n",
      "2_orders.up.sql": ORDERS,
      "3_returns.up.sql": RETURNS,
    },
    sql: both(`
      CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null);
      INSERT INTO schema_migrations (version, dirty) VALUES (2, false)`),
  },
  {
    tool: "dbmate",
    files: marked("-- migrate:up"),
    sql: {
      postgres: `
        CREATE TABLE schema_migrations (version varchar(128) primary key);
        INSERT INTO schema_migrations (version) VALUES ('1'), ('2')`,
      mysql: `
        CREATE TABLE schema_migrations (version varchar(128) primary key, dump mediumtext);
        INSERT INTO schema_migrations (version, dump) VALUES ('1', ''), ('2', '')`,
    },
  },
  {
    tool: "rails",
    files: NUMBERED,
    sql: { postgres: RAILS('"key"'), mysql: RAILS("`key`") },
  },
  {
    tool: "ecto",
    files: NUMBERED,
    sql: both(`
      CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, inserted_at timestamp(0));
      INSERT INTO schema_migrations VALUES (1, '2024-01-01 12:00:00'), (2, '2024-02-01 12:00:00')`),
  },
  {
    tool: "sqlx",
    files: NUMBERED,
    hasSums: true,
    sql: {
      postgres: `
        CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL);
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (1, 'customer', TRUE, '\\x${SHA384[0]}', 1), (2, 'orders', TRUE, '\\x${SHA384[1]}', 1)`,
      mysql: `
        CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (1, 'customer', TRUE, x'${SHA384[0]}', 1), (2, 'orders', TRUE, x'${SHA384[1]}', 1)`,
    },
  },
  {
    tool: "flyway",
    files: {
      "V1__customer.sql": CUSTOMER,
      "V2__orders.sql": ORDERS,
      "R__names.sql": NAMES,
      "R__other.sql": NAMES.replace("names", "other"),
    },
    hasSums: true,
    sql: { postgres: FLYWAY("BOOL"), mysql: FLYWAY("BOOL") },
  },
  {
    tool: "liquibase",
    files: {
      "changelog/1_customer.sql": `-- liquibase formatted sql\n-- changeset ann:table\n${CUSTOMER}-- changeset ann:data\nINSERT INTO customer VALUES (1);\n`,
      "changelog/2_orders.sql": `-- liquibase formatted sql\n-- changeset bob:table\n${ORDERS}`,
      "changelog/3_returns.sql": `-- liquibase formatted sql\n-- changeset bob:table\n${RETURNS}`,
    },
    sql: both(`
      CREATE TABLE DATABASECHANGELOG (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, DATEEXECUTED TIMESTAMP NOT NULL, ORDEREXECUTED INT NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10));
      INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM) VALUES
        ('table', 'ann', 'db/changelog/1_customer.sql', '2024-01-01 12:00:00', 1, 'EXECUTED', '9:aa'),
        ('data', 'ann', 'db/changelog/1_customer.sql', '2024-01-01 12:00:00', 2, 'MARK_RAN', '9:ab'),
        ('table', 'bob', 'db/changelog/2_orders.sql', '2024-01-01 12:00:00', 3, 'RERAN', '9:ac'),
        ('table', 'bob', 'db/changelog/3_returns.sql', '2024-01-01 12:00:00', 4, 'SKIPPED', '9:ad')`),
  },
  {
    tool: "alembic",
    files: {
      "1_27c6a30d7c24_customer.sql": CUSTOMER,
      "2_ae1027a6acf_orders.sql": ORDERS,
      "3_1975ea83b712_returns.sql": RETURNS,
    },
    sql: both(`
      CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
      INSERT INTO alembic_version (version_num) VALUES ('ae1027a6acf')`),
  },
  {
    tool: "sqitch",
    files: {
      "sqitch.plan":
        "%project=shop\n\n" +
        ["customer", "orders", "returns"]
          .map((name) => `${name} 2024-01-01T12:00:00Z Ann <ann@example.org>\n`)
          .join(""),
      "deploy/customer.sql": CUSTOMER,
      "deploy/orders.sql": ORDERS,
      "deploy/returns.sql": RETURNS,
    },
    hasSums: true,
    sql: {
      postgres: `
        CREATE SCHEMA sqitch;
        CREATE TABLE sqitch.changes (change_id TEXT PRIMARY KEY, script_hash TEXT NULL, change TEXT NOT NULL, project TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', committed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), committer_name TEXT NOT NULL, committer_email TEXT NOT NULL, planned_at TIMESTAMPTZ NOT NULL, planner_name TEXT NOT NULL, planner_email TEXT NOT NULL, UNIQUE(project, script_hash));
        INSERT INTO sqitch.changes (change_id, script_hash, change, project, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES
          ('a', '8e725ff4551b74b5c0f07cfb052ccbff30c44c61', 'customer', 'shop', '2024-01-01 12:00:00Z', 'a', 'a@b', now(), 'a', 'a@b'),
          ('b', 'ebe7adb7f65b97e0c3602028c3e50586696b491c', 'orders', 'shop', '2024-01-01 12:00:01Z', 'a', 'a@b', now(), 'a', 'a@b')`,
      mysql: `
        CREATE DATABASE sqitch;
        CREATE TABLE sqitch.changes (change_id VARCHAR(40) PRIMARY KEY, script_hash VARCHAR(40) NULL, \`change\` VARCHAR(255) NOT NULL, project VARCHAR(255) NOT NULL, note TEXT NOT NULL, committed_at DATETIME(6) NOT NULL, committer_name VARCHAR(255) NOT NULL, committer_email VARCHAR(255) NOT NULL, planned_at DATETIME(6) NOT NULL, planner_name VARCHAR(255) NOT NULL, planner_email VARCHAR(255) NOT NULL);
        INSERT INTO sqitch.changes VALUES
          ('a', '8e725ff4551b74b5c0f07cfb052ccbff30c44c61', 'customer', 'shop', '', '2024-01-01 12:00:00', 'a', 'a@b', '2024-01-01 11:00:00', 'a', 'a@b'),
          ('b', 'ebe7adb7f65b97e0c3602028c3e50586696b491c', 'orders', 'shop', '', '2024-01-01 12:00:01', 'a', 'a@b', '2024-01-01 11:00:00', 'a', 'a@b')`,
    },
    tidy: {
      postgres: "DROP SCHEMA IF EXISTS sqitch CASCADE",
      mysql: "DROP DATABASE IF EXISTS sqitch",
    },
  },
  {
    tool: "prisma",
    files: {
      "20240101120000_init/migration.sql": CUSTOMER,
      "20240201120000_orders/migration.sql": ORDERS,
      "20240301120000_returns/migration.sql": RETURNS,
    },
    hasSums: true,
    sql: both(`
      CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP NULL, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, applied_steps_count INTEGER NOT NULL DEFAULT 0);
      INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at, started_at) VALUES
        ('1', 'f6967e17076bf31404b8d6fcf9f8ca3a5112ca47673496cfd0abd768fa58939d', '2024-01-02 12:00:00', '20240101120000_init', NULL, '2024-01-02 12:00:00'),
        ('2', 'ff', NULL, '20240201120000_orders', '2024-02-02 13:00:00', '2024-02-02 12:00:00'),
        ('3', 'd13d7806466ed342fca507377687987abb76ae1b243467cedeca2b168132cd2c', '2024-02-03 12:00:00', '20240201120000_orders', NULL, '2024-02-03 12:00:00')`),
  },
  {
    tool: "diesel",
    files: {
      "2024-01-01-120000_customer/up.sql": CUSTOMER,
      "2024-02-01-120000_orders/up.sql": ORDERS,
      "2024-03-01-120000_returns/up.sql": RETURNS,
    },
    sql: both(`
      CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
      INSERT INTO __diesel_schema_migrations (version) VALUES ('20240101120000'), ('20240201120000')`),
  },
  {
    tool: "goose",
    files: marked("-- +goose Up"),
    sql: {
      postgres: `
        CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
        INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (3, true), (3, false)`,
      mysql: `
        CREATE TABLE goose_db_version (id serial NOT NULL, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NULL default now(), PRIMARY KEY(id));
        INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (3, true), (3, false)`,
    },
  },
  {
    tool: "django",
    files: ordered(
      ["auth/0001_initial.sql", CUSTOMER],
      ["shop/migrations/0001_initial.sql", ORDERS],
      ["shop/migrations/0002_returns.sql", RETURNS],
    ),
    sql: {
      postgres: `
        CREATE TABLE django_migrations (id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamp with time zone NOT NULL);
        INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0001_initial', now()), ('shop', '0001_initial', now())`,
      mysql: `
        CREATE TABLE django_migrations (id bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime(6) NOT NULL);
        INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0001_initial', now()), ('shop', '0001_initial', now())`,
    },
  },
  {
    tool: "ef-core",
    files: {
      "20240101120000_Customer.sql": CUSTOMER,
      "20240201120000_Orders.sql": ORDERS,
      "20240301120000_Returns.sql": RETURNS,
    },
    sql: {
      postgres: `
        CREATE TABLE "__EFMigrationsHistory" ("MigrationId" character varying(150) NOT NULL, "ProductVersion" character varying(32) NOT NULL, CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId"));
        INSERT INTO "__EFMigrationsHistory" VALUES ('20240101120000_Customer', '8.0.0'), ('20240201120000_Orders', '8.0.0')`,
      mysql: `
        CREATE TABLE \`__EFMigrationsHistory\` (\`MigrationId\` varchar(150) NOT NULL, \`ProductVersion\` varchar(32) NOT NULL, PRIMARY KEY (\`MigrationId\`));
        INSERT INTO \`__EFMigrationsHistory\` VALUES ('20240101120000_Customer', '8.0.0'), ('20240201120000_Orders', '8.0.0')`,
    },
  },
  {
    tool: "node-pg-migrate",
    files: {
      "1704110400000_customer.sql": `-- Up Migration\n${CUSTOMER}`,
      "1706788800000_orders.sql": `-- Up Migration\n${ORDERS}-- Down Migration\nDROP TABLE orders;\n`,
      "1709294400000_returns.sql": `-- Up Migration\n${RETURNS}`,
    },
    sql: {
      postgres: `
        CREATE TABLE pgmigrations (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
        INSERT INTO pgmigrations (name, run_on) VALUES ('1704110400000_customer', now()), ('1706788800000_orders', now())`,
    },
  },
  {
    tool: "graphile-migrate",
    files: {
      "migrations/committed/000001-customer.sql": `--! Previous: -\n--! Hash: sha1:aa\n\n${CUSTOMER}`,
      "migrations/committed/000002.sql": `--! Previous: sha1:aa\n--! Hash: sha1:bb\n\n${ORDERS}`,
      "migrations/committed/000003.sql": `--! Previous: sha1:bb\n--! Hash: sha1:cc\n\n${RETURNS}`,
    },
    hasSums: true,
    sql: {
      postgres: `
        CREATE SCHEMA graphile_migrate;
        CREATE TABLE graphile_migrate.migrations (hash text primary key, previous_hash text references graphile_migrate.migrations, filename text not null, date timestamptz not null default now());
        INSERT INTO graphile_migrate.migrations (hash, previous_hash, filename) VALUES ('sha1:aa', NULL, '000001-customer.sql'), ('sha1:bb', 'sha1:aa', '000002.sql')`,
    },
    tidy: { postgres: "DROP SCHEMA IF EXISTS graphile_migrate CASCADE" },
  },
];
