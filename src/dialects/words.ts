/** The words that differ with the way that a bundle goes. */
import type { Bundle, Undo } from "../domain/bundle.ts";

export interface Words {
  readonly undo: Undo | undefined;
  /** The command that runs the script. */
  readonly verb: "deploy" | "undo";
  /** What its receipt says of the release. */
  readonly deployed: string;
}

export function wordsOf({ undo }: Bundle): Words {
  if (undo === undefined) {
    return { undo, verb: "deploy", deployed: "deployed" };
  }

  return {
    undo,
    verb: "undo",
    deployed: undo.to === undefined ? "undone" : `undone down to block ${undo.to}`,
  };
}
