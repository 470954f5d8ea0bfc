/** The temporary tables of a block, which its session sees in place of all others of their names. */
import { keyOfName, type MysqlName } from "./mysql-names.ts";

export interface TemporaryTables {
  has(name: MysqlName | undefined): boolean;
  add(name: MysqlName | undefined): void;
  delete(name: MysqlName): void;
  /** Gives a table its new name, and says whether there is such a table. */
  rename(from: MysqlName, to: MysqlName): boolean;
}

/** No tables yet. */
export function createTemporaryTables(): TemporaryTables {
  const keys = new Set<string>();

  return {
    has: (name) => name !== undefined && keys.has(keyOfName(name)),
    add: (name) => {
      if (name !== undefined) {
        keys.add(keyOfName(name));
      }
    },
    delete: (name) => {
      keys.delete(keyOfName(name));
    },
    rename: (from, to) => {
      const isThere = keys.delete(keyOfName(from));
      if (isThere) {
        keys.add(keyOfName(to));
      }

      return isThere;
    },
  };
}
