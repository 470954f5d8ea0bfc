/** By what a statement is known again. */
import { createHash } from "node:crypto";
import { gateText } from "../../scan/mysql-gate.ts";

/** The same for a text and for what stands for it in a gate, so that a script and its source agree. */
export function sumOf(text: string): string {
  const gated = gateText(text);

  return createHash("sha256")
    .update("text" in gated ? gated.text : text)
    .digest("hex")
    .slice(0, 8);
}
