/** What blocks are about to replace, read before they run. */
import type { Block } from "../domain/block.ts";
import { DatabaseError } from "../domain/errors.ts";
import type { MadeObject } from "../domain/made-object.ts";
import type { DefinitionQuestion, Row } from "../domain/ports.ts";
import type { Run } from "./run.ts";

/** By block id, of the blocks that are applied again; what is not there or may not be seen is left out. */
export async function oldDefinitions(
  { request, session, pending }: Run,
  blocks: readonly Block[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const question = request.dialect.definitions;
  const changed = new Set(
    pending.flatMap(({ block, reason }) => (reason === "changed" ? block.id : [])),
  );
  const found = new Map<string, readonly string[]>();
  const replacing = question === undefined ? [] : blocks.filter(({ id }) => changed.has(id));

  if (question === undefined || replacing.length === 0) {
    return found;
  }

  const made = await madeObjects({ request, session });
  for (const block of replacing) {
    const own = made.filter(({ id, isLeft }) => id === block.id && !isLeft);
    const queries = [
      ...(await question.queries(block)),
      ...(await Promise.all(own.map((object) => request.dialect.objects.definitionQuery(object)))),
    ];
    const texts = new Set<string>();

    for (const query of queries) {
      const [row] = await askOrNothing(session, query);
      const text = row === undefined ? undefined : question.read(row);
      if (text !== undefined) {
        texts.add(text);
      }
    }
    found.set(block.id, [...texts, ...(await grantsOn(session, question, block))]);
  }
  return found;
}

/** The GRANT statements of the routines that a block makes, as they are now. */
export async function grantsOn(
  session: Asked,
  question: DefinitionQuestion,
  block: Block,
): Promise<readonly string[]> {
  const grants: string[] = [];

  for (const query of await question.grantQueries(block)) {
    const [row] = await askOrNothing(session, query);
    grants.push(...(row === undefined ? [] : question.readGrants(row)));
  }
  return grants;
}

/** What the file no longer makes goes into the log with what it makes anew. */
async function madeObjects({
  request: { dialect, target },
  session,
}: Pick<Run, "request" | "session">): Promise<readonly MadeObject[]> {
  const rows = await askOrNothing(session, dialect.objects.query(target.versions));

  return rows.map((row) => dialect.objects.read(row));
}

interface Asked {
  readonly query: (sql: string) => Promise<readonly Row[]>;
}

/** No rows where the server refuses. */
export async function askOrNothing(session: Asked, query: string): Promise<readonly Row[]> {
  try {
    return await session.query(query);
  } catch (error) {
    if (error instanceof DatabaseError) {
      return [];
    }
    throw error;
  }
}
