/** One connection of a deployment: it can be cancelled, and replaced when it was lost. */
import type { CopyPiece, LocalFile } from "../domain/block.ts";
import { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Connection, Notice, Packet, Row, ScriptEvent } from "../domain/ports.ts";
import type { DeployRequest } from "./request.ts";

/** A message costs a round trip; a larger one costs the server and us memory. */
const MESSAGE_BYTES = 2 * 1024 * 1024;

/** A statement that was stopped may be followed by others in the same message. */
const CANCEL_INTERVAL_MS = 1000;

export class Session {
  readonly #request: DeployRequest;
  #connection: Connection;
  #listener: ((event: ScriptEvent) => void) | undefined;
  #isMuted = false;

  private constructor(request: DeployRequest, connection: Connection) {
    this.#request = request;
    this.#connection = connection;
    this.#hear();
  }

  /** Connects. Throws what `connect` throws. */
  static async open(request: DeployRequest): Promise<Session> {
    const connection = await request.connect(request.target.connection);
    request.onEvent({
      event: "connected",
      target: request.target.name,
      server: connection.description,
    });

    return new Session(request, connection);
  }

  get serverVersion(): number {
    return this.#connection.serverVersion;
  }

  /** How long a message should be at most, in bytes. */
  get messageBytes(): number {
    return Math.min(MESSAGE_BYTES, this.#connection.maxMessageBytes / 2);
  }

  /**
   * As `Connection.query`; aborting the request's signal cancels it.
   *
   * @throws RowgateError `cancelled`; without a word to the server when the signal is aborted already.
   */
  async query(sql: string, files: readonly LocalFile[] = []): Promise<readonly Row[]> {
    return this.#cancellable(() => this.#connection.query(sql, files));
  }

  /** As `query`, but cancelling comes too late for it: it checks or writes down what is done already. */
  async conclude(sql: string): Promise<readonly Row[]> {
    return this.#connection.query(sql);
  }

  /** As `query`, for one packet. */
  async send(packet: Packet): Promise<void> {
    if (packet.kind === "sql") {
      await this.query(packet.text, packet.files);
    } else {
      await this.copyIn(packet.piece);
    }
  }

  async copyIn(piece: CopyPiece): Promise<void> {
    await this.#cancellable(() => this.#connection.copyIn(piece));
  }

  /**
   * Runs what must be tried after a failure, even a cancelled one. Returns undefined when the
   * server refuses it or is gone: the first failure is the one to tell. Its notices are not heard.
   */
  async cleanUp(sql: string): Promise<readonly Row[] | undefined> {
    this.#isMuted = true;

    try {
      return await this.#connection.query(sql);
    } catch (error) {
      if (error instanceof DatabaseError || error instanceof RowgateError) {
        return undefined;
      }
      throw error;
    } finally {
      this.#isMuted = false;
    }
  }

  /** Hears what Rowgate's own SQL says from now on; one listener at a time. */
  listen(listener: (event: ScriptEvent) => void): void {
    this.#listener = listener;
  }

  /** Replaces a lost connection by a new one. Throws what `connect` throws. */
  async reopen(): Promise<void> {
    await this.#connection.close();
    this.#connection = await this.#request.connect(this.#request.target.connection);
    this.#hear();
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #hear(): void {
    this.#connection.onNotice((notice) => {
      if (!this.#isMuted) {
        this.#tell(notice);
      }
    });
  }

  #tell(notice: Notice): void {
    const { dialect, onEvent, target } = this.#request;
    const event = dialect.parseEvent(notice);

    if (event !== undefined) {
      this.#listener?.(event);
    } else if (!notice.sqlState.startsWith("RG")) {
      onEvent({
        event: "notice",
        target: target.name,
        severity: notice.severity,
        message: notice.message,
      });
    }
  }

  async #cancellable<T>(action: () => Promise<T>): Promise<T> {
    const { signal } = this.#request;

    if (signal.aborted) {
      throw new RowgateError("cancelled", { message: "the deployment was cancelled" });
    }

    let cancelling: Promise<void> | undefined;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      // A server that cannot be asked goes on to the end of the statement; its answer is awaited.
      cancelling = this.#connection.cancel().catch(() => undefined);
    };
    const onAbort = (): void => {
      cancel();
      timer = setInterval(cancel, CANCEL_INTERVAL_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });

    try {
      return await action();
    } catch (error) {
      if (signal.aborted && error instanceof DatabaseError) {
        throw new RowgateError("cancelled", { message: error.message, cause: error });
      }
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      clearInterval(timer);
      await cancelling;
    }
  }
}
