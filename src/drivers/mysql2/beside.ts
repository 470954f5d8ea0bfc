/** A second connection to the same server, for what is to be said of the first. */
import { RowgateError } from "../../domain/errors.ts";
import type { Row } from "../../domain/ports.ts";
import { connectError, queryError } from "./errors.ts";
import { NO_FILES } from "./local-files.ts";
import { logInWith, type Session } from "./login.ts";
import { QueryFailure, runQuery } from "./query.ts";

/**
 * The rows that a statement returns on a connection of its own.
 *
 * @throws RowgateError as `connectMysql2` does, and `database-unreachable` when the address leads to
 * another server by now; DatabaseError when the server refuses the statement.
 */
export async function askBeside(
  { settings, tls, peer, server }: Session,
  sql: string,
): Promise<readonly Row[]> {
  const second = await logInWith(settings, tls).catch((error: unknown) => {
    throw error instanceof RowgateError ? error : connectError(error, peer);
  });

  try {
    // Behind an address with several servers the number may be another's session.
    if (second.server.hostName !== server.hostName) {
      throw anotherServer(peer.address);
    }
    return await runQuery(second.raw, sql, { files: NO_FILES });
  } catch (error) {
    throw error instanceof QueryFailure ? queryError(error.cause, peer) : error;
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
