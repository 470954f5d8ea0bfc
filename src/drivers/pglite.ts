/** The driver for the embedded PostgreSQL, on PGlite's own interface. */
import type { Extensions, PGlite } from "@electric-sql/pglite";
import type { CopyPiece } from "../domain/block.ts";
import { DatabaseError, type RowgateError } from "../domain/errors.ts";
import type { Connection, Notice, Row } from "../domain/ports.ts";
import { fromBlob, partsOf, withLinesBefore, type CopyPart } from "./pglite/copy.ts";
import { openDirectory, type OpenDatabase } from "./pglite/directory.ts";
import { pgliteExtensions } from "./pglite/extensions.ts";
import { findExtensions, type ExtensionSource } from "./pglite/memory.ts";
import type { SessionName } from "./failures.ts";
import { noticeOf, queryError } from "./server-errors.ts";

export interface PgliteOptions {
  /** The extensions that the SQL will create: PGlite must know them when it starts. None by default. */
  readonly extensions?: ExtensionSource | undefined;
}

/**
 * Opens the embedded database in a directory, and makes it when there is none; `memory://` is a new
 * one that lives as long as the connection. Values of rows are texts as the server writes them, or
 * null. The database works in this process: nothing else runs while it does.
 *
 * @throws RowgateError `embedded-in-use`, `usage-invalid` for a directory that holds other files, or
 * `database-unreachable` when PGlite cannot open it.
 */
export async function connectPglite(
  directory: string,
  options: PgliteOptions = {},
): Promise<Connection> {
  const found = await findExtensions(directory, options.extensions);
  const extensions: Extensions = await pgliteExtensions(found.names);
  const database = await openDirectory(directory, extensions);
  await found.remember();
  const [row] = await rowsOf(
    database.db,
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text",
  );
  const version = { number: Number(row?.["number"]), text: String(row?.["text"]) };

  return new PgliteConnection(database, version);
}

class PgliteConnection implements Connection {
  readonly description: string;
  readonly maxMessageBytes = Infinity;
  readonly serverVersion: number;
  readonly #database: OpenDatabase;
  readonly #name: SessionName;
  #lost: RowgateError | undefined;
  #listener: (notice: Notice) => void = () => undefined;

  constructor(database: OpenDatabase, version: { readonly number: number; readonly text: string }) {
    this.#database = database;
    this.#name = { address: `the embedded database in ${database.directory}`, secrets: [] };
    this.serverVersion = version.number;
    this.description = `PostgreSQL ${version.text}, embedded (PGlite) in ${database.directory}`;
  }

  query(sql: string): Promise<readonly Row[]> {
    return this.#run(sql);
  }

  /** Data that has to be cut into parts is still copied whole or not at all. */
  async copyIn(piece: CopyPiece): Promise<void> {
    const sql = fromBlob(piece.text);
    let opened = false;

    try {
      for await (const part of partsOf(piece)) {
        opened ||= part.before === 0 && !part.last && (await this.#begin());
        await this.#copyPart(sql, part);
      }
      await (opened ? this.#run("COMMIT") : undefined);
    } catch (error) {
      await (opened && this.#lost === undefined ? this.#run("ROLLBACK") : undefined);
      throw error;
    }
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listener = listener;
  }

  /** PGlite blocks this process while it runs a query, so there is never one to cancel. */
  async cancel(): Promise<void> {}

  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Begins a transaction when there is none; says whether it did. */
  async #begin(): Promise<boolean> {
    try {
      await this.#run("SAVEPOINT rowgate_copy; RELEASE rowgate_copy");
      return false;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.server.sqlState !== "25P01") {
        throw error;
      }
    }

    await this.#run("BEGIN");
    return true;
  }

  async #copyPart(sql: string, { blob, before }: CopyPart): Promise<void> {
    try {
      await this.#run(sql, blob);
    } catch (error) {
      throw error instanceof DatabaseError ? movedDown(error, before) : error;
    }
  }

  async #run(sql: string, blob?: Blob): Promise<readonly Row[]> {
    if (this.#lost !== undefined) {
      throw this.#lost;
    }

    try {
      return await rowsOf(this.#database.db, sql, {
        ...(blob === undefined ? {} : { blob }),
        onNotice: (fields) => {
          this.#listener(noticeOf(fields, []));
        },
      });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): DatabaseError | RowgateError {
    if (error instanceof Error) {
      // The whole text that was sent, up to megabytes.
      Reflect.deleteProperty(error, "query");
    }

    const failure = queryError(error, this.#name);

    if (!(failure instanceof DatabaseError)) {
      this.#lost = failure;
    }

    return failure;
  }
}

type ExecOptions = NonNullable<Parameters<PGlite["exec"]>[1]>;

/** The rows of the last statement that returns any. */
async function rowsOf(db: PGlite, sql: string, options: ExecOptions = {}): Promise<readonly Row[]> {
  const results = await db.exec(sql, { ...options, parsers: textParsers(db) });

  return results.findLast(({ fields }) => fields.length > 0)?.rows ?? [];
}

/** PGlite turns numbers, dates and JSON into values of its own; types it does not know stay text. */
function textParsers(db: PGlite): Record<string, typeof asText> {
  return Object.fromEntries(Object.keys(db.parsers).map((type) => [type, asText]));
}

function asText(value: string): string {
  return value;
}

function movedDown(error: DatabaseError, lines: number): DatabaseError {
  const { context = "" } = error.server;

  return new DatabaseError(
    { ...error.server, context: withLinesBefore(context, lines) },
    error,
    error.cause,
  );
}
