/** What the tests of `rowgate adopt` share: a source, and what was built of it before Rowgate came. */
export const FILES = {
  "sql/0001_customer.sql": "CREATE TABLE customer (id int PRIMARY KEY);\n",
  "sql/0002_orders.sql": "CREATE TABLE orders (id int PRIMARY KEY);\n",
  "sql/0003_returns.sql": "CREATE TABLE returns (id int PRIMARY KEY);\n",
  "sql/0004_wishes.sql": "CREATE TABLE wishes (id int PRIMARY KEY);\n",
  "sql/views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT id FROM customer;\n",
};

/** What was built before Rowgate came: all but the last two tables. */
export const BUILT = `${FILES["sql/0001_customer.sql"]}${FILES["sql/0002_orders.sql"]}${FILES["sql/views/names.sql"]}`;

/** One row for each: rank, version, script, checksum, whether it succeeded. */
export function flyway(...rows: readonly string[]): string {
  return `CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL, success BOOL NOT NULL);
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) VALUES ${rows.join(", ")};\n`;
}

export const CUSTOMER =
  "(1, '1', 'customer', 'SQL', 'V1__customer.sql', 1018839034, 'app', 1, true)";
export const ORDERS = "(2, '2', 'orders', 'SQL', 'V2__orders.sql', 62222706, 'app', 1, true)";
export const NAMES = "(3, NULL, 'names', 'SQL', 'R__names.sql', -1698984243, 'app', 1, true)";

export const GOLANG = `CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null); `;
