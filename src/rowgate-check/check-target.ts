/** The safety check of what is pending on a target, with the sizes that only the target knows. */
import { withConnection } from "../deployer/connection.ts";
import type { BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { DatabaseError } from "../domain/errors.ts";
import type { Finding, TableSize } from "../domain/finding.ts";
import type { Connection, Dialect, Row } from "../domain/ports.ts";
import type { TableName, Target } from "../domain/target.ts";
import { accessTo } from "../rowgate-access.ts";
import type { RuleLevels } from "../scan/check/check-block.ts";
import { check } from "./check.ts";

/** These break the code that uses the table, with or without rows. */
const WHATEVER_ITS_SIZE: ReadonlySet<string> = new Set(["drop-table", "drop-column", "rename"]);

/**
 * The findings on the blocks that are to be deployed together. On a table without rows they are
 * `info`, unless they break code.
 *
 * @throws RowgateError for faults in the blocks, or when the target cannot be reached.
 */
export async function checkTarget(
  bundle: Bundle,
  target: Target,
  {
    blocks,
    levels,
  }: { readonly blocks: readonly BlockHeader[]; readonly levels?: RuleLevels | undefined },
): Promise<readonly Finding[]> {
  const { findings } = await check(bundle, { blocks, levels, versions: target.versions });
  const tables = new Set(findings.flatMap(({ table }) => table ?? []));

  if (tables.size === 0) {
    return findings;
  }
  const access = await accessTo(target, bundle);
  const sizes = await withConnection(access, async (connection) =>
    sizesOf(connection, access.dialect, [...tables]),
  );

  return findings.map((finding) => withSize(finding, sizes.get(keyOf(finding.table ?? ""))));
}

function withSize(finding: Finding, size: TableSize | undefined): Finding {
  const isHarmless = size?.isEmpty === true && !WHATEVER_ITS_SIZE.has(finding.rule);

  return size === undefined
    ? finding
    : { ...finding, size, level: isHarmless ? "info" : finding.level };
}

async function sizesOf(
  connection: Connection,
  dialect: Dialect,
  tables: readonly string[],
): Promise<ReadonlyMap<string, TableSize>> {
  const names = new Map(tables.map((table) => [keyOf(table), tableNameOf(table)]));
  const rows = await askOrNothing(connection, dialect.tableSizesQuery([...names.values()]));
  const sizes = new Map<string, TableSize>();

  for (const row of rows) {
    const [schema, name] = [String(row["schema"]), String(row["table"])];
    const keys = [keyOf(name), keyOf(`${schema}.${name}`)].filter((key) => names.has(key));
    const estimate = Number(row["rows"]);
    const isEmpty = await isEmptyTable(connection, dialect, { schema, name });

    for (const key of keys) {
      sizes.set(key, {
        rows: estimate < 0 ? undefined : estimate,
        bytes: Number(row["bytes"]),
        isEmpty,
      });
    }
  }
  return sizes;
}

/** What may not be read, or is locked, counts as filled. */
async function isEmptyTable(
  connection: Connection,
  dialect: Dialect,
  table: TableName,
): Promise<boolean> {
  const [row] = await askOrNothing(connection, dialect.isFilledQuery(table));

  return row !== undefined && Number(row["filled"]) === 0;
}

/** No rows when the server refuses: then nothing is known. */
async function askOrNothing(connection: Connection, sql: string): Promise<readonly Row[]> {
  try {
    return await connection.query(sql);
  } catch (error) {
    if (error instanceof DatabaseError) {
      return [];
    }
    throw error;
  }
}

function keyOf(table: string): string {
  return table.toLowerCase();
}

/** A name with a dot in it is not found, so that nothing is known of its size. */
function tableNameOf(table: string): TableName {
  const dot = table.indexOf(".");

  return dot === -1
    ? { schema: undefined, name: table }
    : { schema: table.slice(0, dot), name: table.slice(dot + 1) };
}
