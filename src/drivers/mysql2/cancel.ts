/** Asking a MySQL server to stop what a session runs. */
import { DatabaseError, RowgateError } from "../../domain/errors.ts";
import { connectError, queryError } from "./errors.ts";
import { NO_FILES } from "./local-files.ts";
import { logInWith, type Session } from "./login.ts";
import { QueryFailure, runQuery } from "./query.ts";

/** There is no session of this number. */
const UNKNOWN_THREAD = 1094;

/**
 * Sends KILL QUERY over a connection of its own. Resolves when the server has taken it, or the
 * session is over by now.
 *
 * @throws RowgateError as `connectMysql2` does, DatabaseError when the server refuses.
 */
export async function sendKill({ settings, tls, peer, server }: Session): Promise<void> {
  const second = await logInWith(settings, tls).catch((error: unknown) => {
    throw error instanceof RowgateError ? error : connectError(error, peer);
  });

  try {
    // Behind an address with several servers the number may be another's session.
    if (second.server.hostName !== server.hostName) {
      throw anotherServer(peer.address);
    }
    await runQuery(second.raw, `KILL QUERY ${server.connectionId}`, { files: NO_FILES });
  } catch (error) {
    const failure = error instanceof QueryFailure ? queryError(error.cause, peer) : error;

    if (!(failure instanceof DatabaseError) || failure.server.errno !== UNKNOWN_THREAD) {
      throw failure;
    }
  } finally {
    second.raw.end();
  }
}

function anotherServer(address: string): RowgateError {
  return new RowgateError("database-unreachable", {
    message: `${address} leads to another server than before, so that nothing can be cancelled`,
    hint: "Cancel the statement on the server by hand.",
  });
}
