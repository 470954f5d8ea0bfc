/** One message of statements on mysql2's connection. */
import type { Connection as RawConnection, FieldPacket } from "mysql2";
import type { Row } from "../../domain/ports.ts";
import type { LocalFiles } from "./local-files.ts";

/** A query that failed, with the number of results that came before, notices apart. */
export class QueryFailure extends Error {
  override readonly name = "QueryFailure";
  readonly statement: number | undefined;

  constructor(cause: unknown, statement: number | undefined) {
    super("the query failed", { cause });
    this.statement = statement;
  }
}

interface QueryOptions {
  readonly files: LocalFiles;
  /** Hears the text of each result of one column `rowgate`, at once; nobody unless given. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Sends a text of one or more statements and keeps only the rows of the last one that returns any,
 * as texts. Rejects with a `QueryFailure`.
 */
export function runQuery(
  connection: RawConnection,
  sql: string,
  { files, onNotice = () => undefined }: QueryOptions,
): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const reader = new ResultReader(onNotice);
    const fail = (error: unknown, statement?: number): void => {
      connection.off("error", fail);
      files.abandon();
      reject(new QueryFailure(error, statement));
    };
    // mysql2 tells the connection, and not the query, when the session ends.
    connection.on("error", fail);

    const query = connection.query({
      sql,
      // Values stay as they came: no number is rounded, no date turned into another time zone.
      typeCast: false,
      rowsAsArray: true,
      infileStreamFactory: (name) => files.open(name),
    });
    query.on("fields", (columns: readonly FieldPacket[] | undefined) => reader.begin(columns));
    query.on("result", (row: unknown) => reader.take(row));
    query.on("error", (error: unknown) => {
      fail(error, reader.statement(Number(Reflect.get(query, "_resultIndex"))));
    });
    query.on("end", () => {
      connection.off("error", fail);
      resolve(reader.rows);
    });
  });
}

class ResultReader {
  rows: Row[] = [];
  readonly #onNotice: (text: string) => void;
  #names: readonly string[] | undefined;
  #results = 0;
  /** Which of the results were notices. */
  readonly #notices: number[] = [];
  #isNotice = false;

  constructor(onNotice: (text: string) => void) {
    this.#onNotice = onNotice;
  }

  /** A new result begins; without columns it is only an acknowledgement. */
  begin(columns: readonly FieldPacket[] | undefined): void {
    const names = columns?.map(({ name }) => name);
    this.#names = names;
    this.#isNotice = names?.length === 1 && names[0] === "rowgate";

    if (this.#isNotice) {
      this.#notices.push(this.#results);
    } else if (names !== undefined) {
      this.rows = [];
    }

    this.#results += 1;
  }

  take(row: unknown): void {
    if (this.#names === undefined || !Array.isArray(row)) {
      return;
    }

    const values = row.map(textOf);

    if (this.#isNotice) {
      this.#onNotice(values[0] ?? "");
    } else {
      this.rows.push(Object.fromEntries(this.#names.map((name, at) => [name, values[at] ?? null])));
    }
  }

  /** The index of a result among those that are no notices. */
  statement(result: number): number {
    return result - this.#notices.filter((notice) => notice < result).length;
  }
}

function textOf(value: unknown): string | null {
  return Buffer.isBuffer(value) ? value.toString("utf8") : null;
}
