/** Asking a MySQL server to stop what a session runs. */
import { RowgateError } from "../../domain/errors.ts";
import { connectError } from "./errors.ts";
import { localFiles } from "./local-files.ts";
import { logInWith, type Session } from "./login.ts";
import { QueryFailure, runQuery } from "./query.ts";

/**
 * Sends KILL QUERY over a connection of its own. Resolves when the server has taken it.
 *
 * @throws RowgateError `database-unreachable` and the like, when it could not be asked.
 */
export async function sendKill({ settings, tls, peer, server }: Session): Promise<void> {
  try {
    const second = await logInWith(settings, tls);

    try {
      // Behind an address with several servers the number may be another's session.
      if (second.server.hostName !== server.hostName) {
        throw anotherServer(peer.address);
      }
      await runQuery(second.raw, `KILL QUERY ${server.connectionId}`, {
        files: localFiles([], { chunkBytes: 1, breakOff: () => undefined }),
        onNotice: () => undefined,
      });
    } finally {
      second.raw.end();
    }
  } catch (error) {
    throw error instanceof RowgateError
      ? error
      : connectError(error instanceof QueryFailure ? error.cause : error, peer);
  }
}

function anotherServer(address: string): RowgateError {
  return new RowgateError("database-unreachable", {
    message: `${address} leads to another server than before, so that nothing can be cancelled`,
    hint: "Cancel the statement on the server by hand.",
  });
}
