/** Drops what a source has left behind. */
import type { Bundle } from "../domain/bundle.ts";
import { leftObjects, type MadeObject } from "../domain/made-object.ts";
import type { Connection } from "../domain/ports.ts";
import { withConnection } from "./connection.ts";
import { askOrNothing } from "./old-definitions.ts";
import { readIfThere } from "./read-history.ts";
import type { TargetAccess } from "./request.ts";
import { writeText } from "./write-marks.ts";

/**
 * What blocks that are gone, and files that make something else now, have left in a target; empty for most.
 *
 * @throws RowgateError when the target cannot be reached or read.
 */
export async function leftInTarget(
  access: TargetAccess & { readonly bundle: Bundle },
): Promise<readonly MadeObject[]> {
  return withConnection(access, async (connection) => readLeft(connection, access));
}

/**
 * Drops what was left, and forgets the blocks that are gone. Returns what was dropped, in order; on
 * PostgreSQL all of it or nothing.
 *
 * @throws RowgateError `lock-busy`, while a deployment is at work; when the target cannot be reached or
 * written, or something needs what is to be dropped.
 */
export async function pruneTarget(
  access: TargetAccess & { readonly bundle: Bundle },
): Promise<readonly MadeObject[]> {
  const { bundle, dialect, target } = access;

  return withConnection(access, async (connection) => {
    if ((await readLeft(connection, access)).length === 0) {
      return [];
    }

    const definitions = new Map<string, string>();
    for (const object of await readLeft(connection, access)) {
      const query = await dialect.objects.definitionQuery(object);
      const [row = {}] = await askOrNothing(connection, query);
      const definition = dialect.objects.definition(row);

      if (definition !== undefined) {
        definitions.set(keyOf(object), definition);
      }
    }
    await writeText(connection, access, await dialect.markOpening(target.versions));
    const left = await readLeft(connection, access);
    const there = new Set(bundle.blocks.map(({ id }) => id));
    const texts = dialect.objects.drop(
      target.versions,
      left.map((object) => ({ ...object, definition: definitions.get(keyOf(object)) })),
      {
        release: bundle.release,
        ids: [...new Set(left.flatMap(({ id }) => (there.has(id) ? [] : id)))],
      },
    );

    for (const text of [...texts, dialect.markClosing]) {
      await writeText(connection, access, text);
    }
    return left;
  });
}

/** As `leftInTarget`, on a connection that is there. */
export async function readLeft(
  connection: Connection,
  { bundle, dialect, target }: TargetAccess & { readonly bundle: Bundle },
): Promise<readonly MadeObject[]> {
  const { objects } = dialect;
  const table = { versions: target.versions, suffix: "_objects" };
  const query = async (sql: string): ReturnType<typeof connection.query> => connection.query(sql);
  const rows = await readIfThere(objects.query(target.versions), table, { query, dialect });

  return leftObjects(
    bundle,
    (rows ?? []).map((row) => objects.read(row)),
  );
}

function keyOf({ type, identity }: MadeObject): string {
  return `${type} ${identity}`;
}
