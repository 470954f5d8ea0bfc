/** What blocks have made, and how it is dropped. */
import type { ObjectTable } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import {
  type DropSql,
  droppedText,
  forgottenText,
  objectsQuery,
  readObject,
} from "../made-objects.ts";
import { definitionIn } from "./objects.ts";
import { literal } from "./quoting.ts";
import { tableName } from "./versions-table.ts";

const SQL = (versions: VersionsTable): DropSql => ({
  table: tableName(versions),
  log: tableName(versions, "_log"),
  objects: tableName(versions, "_objects"),
  release: "`release`",
  literal,
  now: "UTC_TIMESTAMP(6)",
  user: "USER()",
});

/** The drop commits by itself: what it leaves in the log is written before, so that no definition is lost. */
export const mysqlObjects: ObjectTable = {
  query: (versions) => objectsQuery(tableName(versions, "_objects")),
  read: readObject,
  definitionQuery: async ({ type, identity }) => `SHOW CREATE ${type.toUpperCase()} ${identity}`,
  definition: definitionIn,
  // MySQL takes the `;` that stood behind a trigger for a part of it.
  statements: async (definition) => [definition.replace(/\s*;\s*$/u, "")],
  drop: (versions, objects, { release, ids }) => [
    ...objects.map((object) => {
      const [log = "", forget = ""] = droppedText(SQL(versions), object, release);
      const drop = `DROP ${object.type.toUpperCase()} IF EXISTS ${object.identity}`;

      return [log, drop, forget].join(";\n");
    }),
    ...(ids.length === 0 ? [] : [forgottenText(SQL(versions), ids)]),
  ],
};
