/** What blocks are about to replace, read before they run. */
import type { Block } from "../domain/block.ts";
import { DatabaseError } from "../domain/errors.ts";
import type { Row } from "../domain/ports.ts";
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

  for (const block of question === undefined ? [] : blocks) {
    if (changed.has(block.id)) {
      const texts: string[] = [];

      for (const query of (await question?.queries(block)) ?? []) {
        const [row] = await askOrNothing(session, query);
        texts.push(...(row === undefined ? [] : [question?.read(row) ?? []].flat()));
      }
      found.set(block.id, texts);
    }
  }
  return found;
}

/** No rows where the server refuses. */
export async function askOrNothing(
  session: { readonly query: (sql: string) => Promise<readonly Row[]> },
  query: string,
): Promise<readonly Row[]> {
  try {
    return await session.query(query);
  } catch (error) {
    if (error instanceof DatabaseError) {
      return [];
    }
    throw error;
  }
}
