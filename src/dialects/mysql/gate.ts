/**
 * The lexical gate: whether text runs is decided by the server's own lexer. In the usual mode
 * `'\' /*'` is one string. With NO_BACKSLASH_ESCAPES it is a string that ends at the second quote,
 * and a comment begins, which goes on to the end of the gate.
 */

/** A gate around text that must not hold the end of a comment. */
export interface Gate {
  /** An SQL expression for the mode: `@rg_open`, `@rg_shut`, or a message, which is an error. */
  readonly mode: string;
  /** Statements, each ended by `;`. */
  readonly text: string;
}

/** The gates one after the other, each open again at its end. */
export function gates(all: readonly Gate[]): string {
  return all
    .map(
      ({ mode, text }) =>
        `SET sql_mode = ${mode}; DO '\\' /*';\n${text.trimEnd()}\nDO 0 /*!*/; SET sql_mode = @rg_open;\n`,
    )
    .join("");
}
