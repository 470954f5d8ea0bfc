/** What RENAME statements do. */
import type { MysqlFinding, MysqlRule } from "./mysql-finding.ts";
import { keyOfName, readName, type MysqlName } from "./mysql-names.ts";
import { objectsOf } from "./mysql-object.ts";
import type { MysqlReader } from "./mysql-reader.ts";
import type { TemporaryTables } from "./mysql-temporary.ts";

type Rename = readonly [from: MysqlName, to: MysqlName];

export const renameRule: MysqlRule = ({ reader, temporary }) => {
  if (!reader.take("TABLE") && !reader.take("TABLES")) {
    return { effect: "definition" };
  }
  reader.take("IF", "EXISTS");

  return renameTables(readRenames(reader), temporary);
};

/** What renaming tables one after the other does, by RENAME or ALTER TABLE. */
export function renameTables(renames: readonly Rename[], temporary: TemporaryTables): MysqlFinding {
  const others = renames.filter(([from, to]) => !temporary.rename(from, to));

  if (others.length === 0) {
    return { effect: "session" };
  }

  return {
    effect: "definition",
    objects: isSwap(others) ? undefined : objectsOf("TABLE", distinct(others.flat())),
  };
}

/** What stands between a name and TO is how long to wait for the table. */
function readRenames(reader: MysqlReader): readonly Rename[] {
  const renames: Rename[] = [];

  do {
    const from = readName(reader);
    while (reader.peek() !== undefined && !reader.take("TO")) {
      reader.next();
    }
    const to = readName(reader);
    if (from !== undefined && to !== undefined) {
      renames.push([from, to]);
    }
  } while (reader.take(","));

  return renames;
}

/** Whether there are the same names before and after: then only the rows tell. */
function isSwap(renames: readonly Rename[]): boolean {
  const before = new Set<string>();
  const after = new Set<string>();

  for (const [from, to] of renames) {
    if (!after.delete(keyOfName(from))) {
      before.add(keyOfName(from));
    }
    after.add(keyOfName(to));
  }

  return before.size === after.size && [...before].every((key) => after.has(key));
}

function distinct(names: readonly MysqlName[]): readonly MysqlName[] {
  return [...new Map(names.map((name) => [keyOfName(name), name])).values()];
}
