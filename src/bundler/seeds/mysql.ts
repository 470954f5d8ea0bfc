/** A seed as MySQL and MariaDB take it: INSERTs into a temporary table, and what differs from there. */
import type { WalkedPiece, WalkedStatement } from "../reading/walked.ts";
import type { SeedRow } from "./rows.ts";
import { changesOf, type SeedForm, type SeedTable, statement } from "./statements.ts";

/** Far below the packet that any server takes. */
const INSERT_LENGTH = 64 * 1024;

const FORM: SeedForm = {
  seed: "rowgate_seed",
  name: (name) => `\`${name.replaceAll("`", "``")}\``,
  // As bytes: a collation would take "a" and "A" for one text.
  differs: (one, other) => `NOT (CAST(${one} AS BINARY) <=> CAST(${other} AS BINARY))`,
  update: ({ table, seed, sets, where }) =>
    `UPDATE ${table} AS t JOIN ${seed} AS s\nSET ${sets}\nWHERE ${where};`,
  setter: (name) => `t.${name}`,
  remove: ({ table, where }) => `DELETE t FROM ${table} AS t\nWHERE ${where};`,
  overriding: "",
};

/** Statements of MySQL stand in a bundle without what ends them. */
export async function* mysqlSeed(
  table: SeedTable,
  rows: AsyncGenerator<SeedRow>,
): AsyncGenerator<WalkedPiece> {
  for await (const piece of statementsOf(table, rows)) {
    yield { ...piece, text: piece.text.replace(/;$/u, "") };
  }
}

async function* statementsOf(
  table: SeedTable,
  rows: AsyncGenerator<SeedRow>,
): AsyncGenerator<WalkedStatement> {
  const { header, columns } = table;
  const names = columns.map(FORM.name).join(", ");
  const into = `INSERT INTO ${FORM.seed} (${names}) VALUES\n`;
  let texts: string[] = [];
  let length = 0;
  let first = table.at.line;

  yield statement(table, `DROP TEMPORARY TABLE IF EXISTS ${FORM.seed};`);
  yield statement(
    table,
    `CREATE TEMPORARY TABLE ${FORM.seed} AS SELECT ${names} FROM ${header.table.map(FORM.name).join(".")} LIMIT 0;`,
  );
  yield statement(
    table,
    `ALTER TABLE ${FORM.seed} ADD UNIQUE KEY seed_key (${header.key.map(FORM.name).join(", ")});`,
  );
  for await (const { values, line } of rows) {
    const text = `(${values.map(literalOf).join(", ")})`;

    if (length + text.length > INSERT_LENGTH && texts.length > 0) {
      yield statement(table, `${into}${texts.join(",\n")};`, first);
      texts = [];
      length = 0;
    }
    first = texts.length === 0 ? line : first;
    texts.push(text);
    length += text.length;
  }
  if (texts.length > 0) {
    yield statement(table, `${into}${texts.join(",\n")};`, first);
  }
  yield* changesOf(table, FORM);
  yield statement(table, `DROP TEMPORARY TABLE ${FORM.seed};`);
}

/** Whatever the modes of the session make of a backslash, and with nothing that ends a comment. */
function literalOf(value: string | null): string {
  if (value === null) {
    return "NULL";
  }
  return /[\\\p{Cc}]|\*\/|\/\*/u.test(value)
    ? `_utf8mb4 x'${Buffer.from(value).toString("hex")}'`
    : `'${value.replaceAll("'", "''")}'`;
}
