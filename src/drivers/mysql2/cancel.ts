/** Asking a MySQL server to stop what a session runs. */
import { DatabaseError } from "../../domain/errors.ts";
import { askBeside } from "./beside.ts";
import type { Session } from "./login.ts";

/** There is no session of this number. */
const UNKNOWN_THREAD = 1094;

/**
 * Sends KILL QUERY over a connection of its own. Resolves when the server has taken it, or the
 * session is over by now.
 *
 * @throws RowgateError as `connectMysql2` does, DatabaseError when the server refuses.
 */
export async function sendKill(session: Session): Promise<void> {
  try {
    await askBeside(session, `KILL QUERY ${session.server.connectionId}`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.server.errno !== UNKNOWN_THREAD) {
      throw error;
    }
  }
}
