/** Texts that can stand in a gate, which is a comment for a server that skips it. */

/** The text for a gate, or why there is none and where. */
export type GatedText =
  | { readonly text: string }
  | { readonly fault: string; readonly offset: number };

/**
 * Text that can stand in a gate: it has no star-slash, and means the same in the default lexing. A
 * text without a star-slash comes back as it is.
 */
export function gateText(text: string): GatedText {
  return text.includes("*/") ? { fault: "a comment cannot stand in a gate", offset: 0 } : { text };
}

/**
 * The text without version comments that MySQL ≥ 8.0 and MariaDB ≥ 10.6 both run: what they hold
 * stays. Undefined when there are none.
 */
export function unwrapVersionComments(_text: string): string | undefined {
  return undefined;
}
