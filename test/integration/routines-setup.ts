/** Trees of routines that change, on the engines where others are bound to them. */
import assert from "node:assert/strict";
import type { RowgateError } from "../../src/domain/errors.ts";
import { deployTo } from "./deployer-setup.ts";
import { describeTrees, type Trees } from "./trees-setup.ts";

export type Files = Readonly<Record<string, string>>;

export const TABLE: Files = { "0001_t.sql": "CREATE TABLE t (a int DEFAULT 1, b text, c text);\n" };

export interface Routines extends Trees {
  /** The error of a deployment of the files. */
  readonly tried: (files: Files) => Promise<RowgateError | undefined>;
  /** Deploys the files without an error. */
  readonly deploy: (files: Files) => Promise<void>;
  /** All values of all rows. */
  readonly values: (sql: string) => Promise<readonly unknown[]>;
  /** Signature, kind, result, rights and comment of each routine. */
  readonly routines: () => Promise<readonly unknown[]>;
  /** Name, columns, rights and comment of each view. */
  readonly views: () => Promise<readonly unknown[]>;
  /** What was replaced, as `id: definition`. */
  readonly replaced: () => Promise<readonly unknown[]>;
  /** What was made by whom, as `id type identity[ left]`. */
  readonly made: () => Promise<readonly unknown[]>;
}

/** On MySQL and MariaDB a name has one routine, and nothing is bound to it. */
export function describeRoutines(title: string, define: (given: Routines) => void): void {
  describeTrees(title, (given) => {
    if (given.engine.dialect === "postgres") {
      define(routinesOf(given));
    }
  });
}

function routinesOf(given: Trees): Routines {
  const tried: Routines["tried"] = async (files) =>
    (await deployTo(given.db, await given.bundleOf(files))).report.error;
  const values: Routines["values"] = async (sql) =>
    (await given.db.query(sql)).flatMap((row) => Object.values(row));

  return {
    engine: given.engine,
    isLedger: given.isLedger,
    get db() {
      return given.db;
    },
    bundleOf: given.bundleOf,
    verified: given.verified,
    tried,
    values,
    deploy: async (files) => {
      assert.equal(await tried(files), undefined);
    },
    routines: () =>
      values(
        "SELECT concat_ws(' ', p.oid::regprocedure, p.prokind, pg_get_function_result(p.oid), p.proacl::text, obj_description(p.oid)) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
      ),
    views: () =>
      values(
        "SELECT concat_ws(' ', c.relname, (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid), c.relacl::text, obj_description(c.oid)) FROM pg_class c WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace ORDER BY 1",
      ),
    replaced: () =>
      values(
        "SELECT id || ': ' || detail FROM versions_log WHERE event = 'replaced' ORDER BY sequence",
      ),
    made: () =>
      values(
        "SELECT concat_ws(' ', id, type, identity, CASE WHEN is_left THEN 'left' END) FROM versions_objects ORDER BY identity",
      ),
  };
}
