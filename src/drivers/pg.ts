/** The driver for PostgreSQL servers, on the package `pg`. */
import type { CopyPiece } from "../domain/block.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Connection, Notice, Row } from "../domain/ports.ts";
import { sendCancel } from "./pg/cancel.ts";
import { copyFrom, CopySourceError } from "./pg/copy.ts";
import { connectError } from "./pg/errors.ts";
import { login, type Session } from "./pg/login.ts";
import { SimpleQuery } from "./pg/query.ts";
import { resolvePgSettings } from "./pg/settings.ts";
import { lostError } from "./failures.ts";
import { noticeOf, queryError, type ServerFields } from "./server-errors.ts";
import { realSurroundings } from "./surroundings.ts";

export interface PgOptions {
  /** What the server shows for the session where neither URL nor PGAPPNAME says it; `rowgate`. */
  readonly applicationName?: string | undefined;
}

const CLOSE_TIMEOUT_MS = 2000;

/**
 * Opens a session with a PostgreSQL server. The URL is read as libpq reads it, with its variables,
 * password file and service files; an empty URL means that all comes from those. Values of rows are
 * texts as the server writes them, or null.
 *
 * @throws RowgateError `usage-invalid`, `config-missing`, `config-invalid` or `file-unreadable` for
 * settings that cannot be used, `database-unreachable`, `login-refused`, `database-missing` or
 * `server-unsupported` for a server that does not let us in.
 */
export async function connectPg(url: string, options: PgOptions = {}): Promise<Connection> {
  const settings = resolvePgSettings(
    url === "" ? "postgresql://" : url,
    realSurroundings(),
    options.applicationName,
  );

  return new PgConnection(await login(settings));
}

class PgConnection implements Connection {
  readonly description: string;
  readonly serverVersion: number;
  readonly maxMessageBytes = Infinity;
  readonly #session: Session;
  #lost: RowgateError | undefined;
  #listener: (notice: Notice) => void = () => undefined;

  constructor(session: Session) {
    const { client, peer } = session;
    this.#session = session;
    this.serverVersion = session.serverVersion;
    this.description = `PostgreSQL ${session.versionText}, database ${peer.database} on ${peer.address}, user ${peer.user}`;
    client.on("error", (error) => {
      this.#lost ??= lostError(error, peer);
    });
    client.on("notice", (fields: ServerFields) => {
      this.#listener(noticeOf(fields, peer.secrets));
    });
  }

  query(sql: string): Promise<readonly Row[]> {
    return this.#run(() => this.#session.client.query(new SimpleQuery(sql)).rows);
  }

  async copyIn(piece: CopyPiece): Promise<void> {
    await this.#run(() => copyFrom(this.#session.client, piece));
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listener = listener;
  }

  async cancel(): Promise<void> {
    const { settings, peer, tls, key } = this.#session;

    try {
      await sendCancel(settings, tls, key);
    } catch (error) {
      throw connectError(error, peer);
    }
  }

  async close(): Promise<void> {
    const { client } = this.#session;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    // Whatever it is, the session is over.
    await Promise.race([client.end().catch(() => undefined), timeout]);
    clearTimeout(timer);
    client.connection.stream.destroy();
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#lost !== undefined) {
      throw this.#lost;
    }

    try {
      return await action();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): unknown {
    const { peer } = this.#session;

    if (error instanceof CopySourceError) {
      return error.cause;
    }

    const failure = queryError(error, peer);

    if (failure instanceof RowgateError) {
      // The server's own words come first; that the socket closed follows.
      this.#lost ??= failure;
    }

    return failure;
  }
}
