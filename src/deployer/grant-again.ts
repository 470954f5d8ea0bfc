/** Grants on routines that had to be dropped to be replaced, and with which the server forgot them. */
import type { Block } from "../domain/block.ts";
import { DatabaseError } from "../domain/errors.ts";
import { isApply } from "../domain/row-state.ts";
import { grantsOn } from "./old-definitions.ts";
import { readLog } from "./read-history.ts";
import type { Run } from "./run.ts";

/** By block id, the GRANT statements of before it was begun. */
export type Grants = ReadonlyMap<string, readonly string[]>;

/** Those among the definitions that are replaced, and of blocks that go on those that the log keeps. */
export async function grantsBefore(
  run: Run,
  definitions: ReadonlyMap<string, readonly string[]>,
): Promise<Grants> {
  const grants = new Map(definitions);

  for (const { block, reason } of run.pending) {
    if (block.kind === "on-change" && reason === "resume") {
      grants.set(block.id, await keptIn(run, block.id));
    }
  }
  return new Map([...grants].map(([id, texts]) => [id, texts.filter(isGrant)]));
}

/** What the log keeps since the block was applied last. */
async function keptIn({ request, session }: Run, id: string): Promise<readonly string[]> {
  const { dialect, target } = request;
  const query = async (sql: string): ReturnType<typeof session.query> => session.query(sql);
  const log = await readLog(target.versions, { id }, { query, dialect });
  const end = log.findIndex(isApply);

  return log
    .slice(0, end === -1 ? undefined : end)
    .flatMap(({ event, detail }) => (event === "replaced" ? (detail ?? []) : []));
}

function isGrant(text: string): boolean {
  return text.startsWith("GRANT ");
}

/** Grants again what is missing behind the blocks. What the user may not grant is told as a warning. */
export async function grantAgain(
  run: Run,
  blocks: readonly Block[],
  grants: Grants,
): Promise<void> {
  const question = run.request.dialect.definitions;

  for (const block of blocks) {
    const before = grants.get(block.id) ?? [];

    if (question !== undefined && before.length > 0) {
      const now = await grantsOn(run.session, question, block);

      for (const grant of before.filter((text) => !now.includes(text))) {
        await tryGrant(run, grant);
      }
    }
  }
}

async function tryGrant(run: Run, grant: string): Promise<void> {
  try {
    await run.session.query(grant);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    run.tell({
      event: "notice",
      severity: "WARNING",
      message: `a grant was lost with the routine that was replaced: ${error.message}; let somebody who may run: ${grant}`,
    });
  }
}
