/** What a deployment to an environment would do, as one value that an approval is bound to. */
import { createHash } from "node:crypto";
import type { RowgateError } from "../domain/errors.ts";

/** What a target has, and what it lacks of a bundle. */
export interface Outlook {
  readonly target: string;
  /** The same history, the same value. */
  readonly head: string;
  readonly pending: readonly {
    readonly id: string;
    readonly reason: string;
    readonly done: number;
  }[];
  /** The history forbids it; undefined when it does not. */
  readonly conflict: RowgateError | undefined;
  /** The target could not be asked, so that nothing else is known. */
  readonly error: RowgateError | undefined;
}

/** SHA-256, in hex, over the bundle and what each target has and lacks; the order of the targets is all one. */
export function planHash(checksum: string, outlooks: readonly Outlook[]): string {
  const targets = outlooks
    .map(({ target, head, pending }) => JSON.stringify([target, head, pending]))
    .toSorted();
  return createHash("sha256")
    .update([checksum, ...targets].join("\n"))
    .digest("hex");
}
