/** What is known of a transaction while it runs. */
import type { Block, BlockHeader } from "../domain/block.ts";
import { formatPosition } from "../domain/source.ts";
import type { DatabaseError, RowgateError } from "../domain/errors.ts";
import type { Packet, Place, ScriptEvent } from "../domain/ports.ts";
import type { Run } from "./run.ts";

/** How a transaction ends when nothing fails: `ROLLBACK` only tries it. */
export type TransactionEnd = "COMMIT" | "ROLLBACK";

export class Trace {
  readonly blocks: readonly Block[];
  readonly end: TransactionEnd;
  readonly #run: Run;
  readonly #applied: string[] = [];
  #sent = "";
  #started: string | undefined;
  #isEnding = false;

  constructor(run: Run, blocks: readonly Block[], end: TransactionEnd) {
    this.#run = run;
    this.blocks = blocks;
    this.end = end;
    run.session.listen((event) => {
      this.#hear(event);
    });
  }

  /** Ids of the blocks that the server said it applied, in order; they count once committed. */
  get applied(): readonly string[] {
    return this.#applied;
  }

  /** The text that was sent last. */
  get sent(): string {
    return this.#sent;
  }

  /** Whether all blocks are through, and only the end of the transaction is outstanding. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Whether the server may have committed it. */
  get isCommitting(): boolean {
    return this.#isEnding && this.end === "COMMIT";
  }

  send(packet: Packet): void {
    this.#sent = packet.kind === "sql" ? packet.text : packet.piece.text;
  }

  sendEnd(): void {
    this.#isEnding = true;
  }

  /** Undefined for an error that belongs to no statement of the user. */
  locate(error: DatabaseError): Place | undefined {
    return this.#isEnding ? undefined : this.#run.request.dialect.locate(error, this.#sent);
  }

  /**
   * Writes the failure of the block that ran into the log, as well as it can be done. What
   * Rowgate's own SQL refuses is no block's failure.
   */
  async logFailure(failure: RowgateError): Promise<void> {
    const { bundle, dialect, target } = this.#run.request;
    const block = this.#current();

    const isRefusal =
      failure.code !== "verify-failed" && failure.server?.sqlState.startsWith("RG") === true;
    if (block === undefined || isRefusal) {
      return;
    }

    const place = failure.at === undefined ? "" : `${formatPosition(failure.at)}: `;
    const detail = `${place}${failure.message}`;
    const failed = { block, detail, errno: failure.server?.errno };
    await this.#run.session.cleanUp(dialect.logFailure(target.versions, bundle, failed));
  }

  /** The block that was running: the one that was begun last, or the next that is not applied. */
  #current(): BlockHeader | undefined {
    const started = this.blocks.find((block) => block.id === this.#started);
    const last = this.blocks.findIndex((block) => block.id === this.#applied.at(-1));

    return started ?? this.blocks[last + 1];
  }

  #hear(event: ScriptEvent): void {
    if (event.event === "applied") {
      this.#applied.push(event.id);
      this.#started = undefined;
    }
    if (event.event === "started") {
      this.#started = event.id;
    }
    this.#run.tell(event);
  }
}
