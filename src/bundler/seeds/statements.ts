/** The statements that bring a table in line with the rows of a seed, alike in both dialects. */
import type { SourcePosition } from "../../domain/source.ts";
import type { WalkedStatement } from "../reading/walked.ts";
import type { SeedHeader } from "./header.ts";

export interface SeedTable {
  readonly header: SeedHeader;
  readonly columns: readonly string[];
  /** Where the names of the columns stand. */
  readonly at: SourcePosition;
}

/** How a dialect writes them; `t` is the table, `s` the temporary one with the rows. */
export interface SeedForm {
  readonly seed: string;
  readonly name: (name: string) => string;
  readonly differs: (one: string, other: string) => string;
  readonly update: (parts: Readonly<Record<"table" | "seed" | "sets" | "where", string>>) => string;
  readonly setter: (name: string) => string;
  readonly remove: (parts: Readonly<Record<"table" | "where", string>>) => string;
  readonly overriding: string;
}

/**
 * DELETE, UPDATE and INSERT of the rows that differ, so that triggers see no others. An upsert of
 * the server's own would fire triggers for rows that stay and, on MySQL, overwrite a row that only
 * shares another unique key. `domain/seed.ts` counts by their lines.
 */
export function* changesOf(seedTable: SeedTable, form: SeedForm): Generator<WalkedStatement> {
  const { header, columns } = seedTable;
  const table = header.table.map(form.name).join(".");
  const names = columns.map(form.name);
  const others = columns.filter((name) => !header.key.includes(name)).map(form.name);
  const same = header.key
    .map(form.name)
    .map((name) => `t.${name} = s.${name}`)
    .join(" AND ");
  const { seed } = form;

  if (header.remove !== "never") {
    const also = header.remove === "missing" ? "" : `(${header.remove.where}) AND `;

    yield statement(
      seedTable,
      form.remove({ table, where: `${also}NOT EXISTS (SELECT 1 FROM ${seed} AS s WHERE ${same})` }),
    );
  }
  if (others.length > 0) {
    const sets = others.map((name) => `${form.setter(name)} = s.${name}`).join(", ");
    const differ = others.map((name) => form.differs(`t.${name}`, `s.${name}`)).join(" OR ");

    yield statement(
      seedTable,
      form.update({ table, seed, sets, where: `${same} AND (${differ})` }),
    );
  }
  yield statement(
    seedTable,
    [
      `INSERT INTO ${table} (${names.join(", ")})${form.overriding}`,
      `SELECT ${names.map((name) => `s.${name}`).join(", ")}`,
      `FROM ${seed} AS s`,
      `WHERE NOT EXISTS (SELECT 1 FROM ${table} AS t WHERE ${same});`,
    ].join("\n"),
  );
}

export function statement({ at }: SeedTable, text: string, line = at.line): WalkedStatement {
  const head = text.toLowerCase().split(/\s+/u).slice(0, 4);

  return {
    kind: "statement",
    text,
    at: { ...at, line },
    head,
    lines: text.split("\n").map(() => line),
  };
}
