/** One simple query on pg's connection. */
import type { Connection, Submittable } from "pg";
import type { Row } from "../../domain/ports.ts";

/**
 * Sends a text of one or more statements and keeps only the rows of the last one that returns any,
 * as texts. pg's own query keeps a result object for each of thousands of statements. The methods
 * are those that pg's client calls.
 */
export class SimpleQuery implements Submittable {
  readonly text: string;
  /** Settled when the server answered. */
  readonly rows: Promise<readonly Row[]>;
  #names: readonly string[] = [];
  #rows: Row[] = [];
  #resolve: (rows: readonly Row[]) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(text: string) {
    this.text = text;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleRowDescription(message: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#names = message.fields.map(({ name }) => name);
    this.#rows = [];
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(
      Object.fromEntries(this.#names.map((name, at) => [name, message.fields[at] ?? null])),
    );
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyData(): void {}

  /** COPY … FROM STDIN without data: the server answers with an error. */
  handleCopyInResponse(connection: { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("no data was sent");
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#rows);
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }
}
