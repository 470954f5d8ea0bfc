/** How long a deployment waits for others, and how it waits: in short turns, at random moments. */
import { RowgateError } from "../domain/errors.ts";
import type { Run } from "./run.ts";

const LONGEST_DELAY_MS = 10_000;

/** The waits of one transaction. The time begins to count with the first of them. */
export class Patience {
  readonly #run: Run;
  #since: number | undefined;
  #retries = 0;
  #holder: string | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Seconds since the first wait, for a message. */
  get seconds(): number {
    return this.#since === undefined ? 0 : Math.round((this.#run.clock.now() - this.#since) / 1000);
  }

  /** Waits a little for another deployment. False when the time is used up, and nothing was waited for. */
  async forHolder(holder: string): Promise<boolean> {
    const left = this.#left();

    if (left <= 0) {
      return false;
    }

    if (holder !== this.#holder) {
      this.#holder = holder;
      this.#run.tell({ event: "waiting", holder });
    }
    await this.#sleep(Math.min(left, 200 + this.#run.clock.random() * 800));

    return true;
  }

  /** Waits before all of it is tried again, longer each time. False as above. */
  async beforeRetry(reason: string): Promise<boolean> {
    const left = this.#left();

    if (left <= 0) {
      return false;
    }

    const longest = Math.min(LONGEST_DELAY_MS, 500 * 2 ** this.#retries);
    const delayMs = Math.round(Math.min(left, longest * this.#run.clock.random()));
    this.#retries += 1;
    this.#run.tell({ event: "retrying", reason, delayMs });
    await this.#sleep(delayMs);

    return true;
  }

  #left(): number {
    const { clock, request } = this.#run;
    this.#since ??= clock.now();

    return this.#since + request.options.lockWaitMs - clock.now();
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#run.request;
    await this.#run.clock.sleep(ms, signal);

    if (signal.aborted) {
      throw new RowgateError("cancelled", { message: "the deployment was cancelled" });
    }
  }
}
