/** The driver for MySQL and MariaDB servers, on the package `mysql2`. */
import { once } from "node:events";
import type { LocalFile } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Connection, Notice, Row } from "../domain/ports.ts";
import { redactSecrets } from "../domain/redact.ts";
import { lostError } from "./failures.ts";
import { sendKill } from "./mysql2/cancel.ts";
import { queryError } from "./mysql2/errors.ts";
import { LocalFileError, localFiles, type LocalFiles } from "./mysql2/local-files.ts";
import { login, type Session } from "./mysql2/login.ts";
import { checkPacketSize } from "./mysql2/packet-size.ts";
import { QueryFailure, runQuery } from "./mysql2/query.ts";
import { watchSilence } from "./mysql2/silence.ts";
import { resolveMysqlSettings } from "./mysql2/settings.ts";
import { realSurroundings } from "./surroundings.ts";

const CLOSE_TIMEOUT_MS = 2000;

/** A server takes packets of at least 1 KB; larger ones than this are not faster. */
const LARGEST_CHUNK_BYTES = 32 * 1024;

/**
 * Opens a session with a MySQL or MariaDB server. What the URL does not say comes from option files
 * and the environment, as with the native clients. Values of rows are texts as the server writes
 * them, or null; a result of one column `rowgate` is a notice.
 *
 * @throws RowgateError `usage-invalid` or `file-unreadable` for settings that cannot be used,
 * `database-unreachable`, `login-refused`, `permission-denied`, `database-missing` or
 * `server-unsupported` for a server that does not let us in.
 */
export async function connectMysql2(url: string): Promise<Connection> {
  return new MysqlConnection(await login(resolveMysqlSettings(url, realSurroundings())));
}

class MysqlConnection implements Connection {
  readonly description: string;
  readonly serverVersion: number;
  readonly maxMessageBytes: number;
  readonly #session: Session;
  #lost: RowgateError | undefined;
  #isBusy = false;
  #listener: (notice: Notice) => void = () => undefined;

  constructor(session: Session) {
    const { raw, peer, server } = session;
    this.#session = session;
    this.serverVersion = server.version;
    this.maxMessageBytes = server.maxPacketBytes;
    this.description = `${server.product} ${server.versionText}, database ${peer.database} on ${peer.address}, user ${peer.user}`;
    raw.on("error", (error) => {
      this.#lost ??= lostError(error, peer);
    });
  }

  async query(sql: string, files: readonly LocalFile[] = []): Promise<readonly Row[]> {
    const { raw, peer, server } = this.#session;

    if (this.#lost !== undefined) {
      throw this.#lost;
    }

    checkPacketSize(sql, server.maxPacketBytes, peer.address);
    this.#isBusy = true;
    const endWatch = watchSilence(this.#session);

    try {
      return await runQuery(raw, sql, {
        files: this.#serve(files),
        onNotice: (text) => this.#listener(noticeOf(text, peer.secrets)),
      });
    } catch (error) {
      throw this.#failure(error);
    } finally {
      endWatch();
      this.#isBusy = false;
    }
  }

  /** COPY is PostgreSQL's. */
  async copyIn(): Promise<void> {
    throw new RowgateError("copy-unsupported", {
      message: "MySQL and MariaDB have no COPY … FROM STDIN",
      hint: "Use LOAD DATA LOCAL or INSERT.",
    });
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listener = listener;
  }

  async cancel(): Promise<void> {
    await sendKill(this.#session);
  }

  async close(): Promise<void> {
    const { raw, socket } = this.#session;

    // In the middle of a query there is no way to say goodbye.
    if (this.#lost === undefined && !this.#isBusy) {
      const closed = once(socket, "close", { signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) });
      raw.end();
      // Whatever it is, the session is over.
      await closed.catch(() => undefined);
    }

    this.#lost ??= lostError(new Error("it was closed"), this.#session.peer);
    socket.destroy();
  }

  #serve(files: readonly LocalFile[]): LocalFiles {
    const { socket, server } = this.#session;

    return localFiles(files, {
      chunkBytes: Math.min(LARGEST_CHUNK_BYTES, server.maxPacketBytes / 2),
      breakOff: (error) => socket.destroy(error),
    });
  }

  #failure(error: unknown): unknown {
    const { cause, statement } = error instanceof QueryFailure ? error : { cause: error };
    const failure = queryError(cause, this.#session.peer, statement);

    if (failure instanceof RowgateError) {
      // The server's own words come first; that the socket closed follows.
      this.#lost ??= failure;
    }

    return cause instanceof LocalFileError ? (cause.cause ?? failure) : failure;
  }
}

/** Rowgate's own messages are results of one column, because there are no notices. */
function noticeOf(text: string, secrets: readonly string[]): Notice {
  return {
    severity: "NOTICE",
    sqlState: "RG000",
    message: redactSecrets(text, secrets),
    data: text.startsWith("{") ? text : "",
  };
}
