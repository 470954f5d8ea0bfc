/** A seed as PostgreSQL takes it: COPY into a temporary table, and what differs from there. */
import type { WalkedPiece } from "../reading/walked.ts";
import type { SeedRow } from "./rows.ts";
import { changesOf, type SeedForm, type SeedTable, statement } from "./statements.ts";

const FORM: SeedForm = {
  seed: "pg_temp.rowgate_seed",
  name: (name) => `"${name.replaceAll('"', '""')}"`,
  // As text: a type without an equality is compared too, and 1.0 is not 1.00.
  differs: (one, other) => `${one}::text IS DISTINCT FROM ${other}::text`,
  update: ({ table, seed, sets, where }) =>
    `UPDATE ${table} AS t\nSET ${sets}\nFROM ${seed} AS s\nWHERE ${where};`,
  setter: (name) => name,
  remove: ({ table, where }) => `DELETE FROM ${table} AS t\nWHERE ${where};`,
  overriding: " OVERRIDING SYSTEM VALUE",
};

export async function* postgresSeed(
  table: SeedTable,
  rows: AsyncGenerator<SeedRow>,
): AsyncGenerator<WalkedPiece> {
  const names = table.columns.map(FORM.name).join(", ");
  let isCurrent = true;

  yield statement(
    table,
    `CREATE TEMPORARY TABLE rowgate_seed ON COMMIT DROP AS SELECT ${names} FROM ${table.header.table.map(FORM.name).join(".")} WITH NO DATA;`,
  );
  yield {
    kind: "copy",
    text: `COPY ${FORM.seed} (${names}) FROM STDIN;`,
    at: table.at,
    head: ["copy"],
    dataLine: table.at.line + 1,
    isCurrent: () => isCurrent,
    async *data() {
      for await (const { values } of rows) {
        yield `${values.map(copyField).join("\t")}\n`;
      }
    },
  };
  isCurrent = false;
  // What nobody has read counts for the checksum all the same.
  while ((await rows.next()).done !== true) {
    continue;
  }
  yield* changesOf(table, FORM);
  yield statement(table, `DROP TABLE ${FORM.seed};`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function copyField(value: string | null): string {
  return value === null ? "\\N" : value.replaceAll(/[\\\t\n\r]/gu, (found) => ESCAPES[found] ?? "");
}
