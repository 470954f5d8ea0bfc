/**
 * What a text defines, and which names stand in it: enough to put definitions into an order. The
 * same for all dialects, because a name too many does no harm.
 */

export interface NamedText {
  /** The last part of the name of each function, procedure, view and the like that it creates, in small letters. */
  readonly defines: ReadonlySet<string>;
  /** All words and quoted names outside of comments, in small letters; those in strings too, which may be bodies. */
  readonly names: ReadonlySet<string>;
}

/** Comments, then names in quotes of any kind, then words. */
const TOKENS =
  /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<dot>\.)/gu;

const KINDS: ReadonlySet<string> = new Set(
  "function procedure view aggregate type domain table sequence".split(" "),
);

/** Their definitions name other objects by their kind: `CREATE TRIGGER t … EXECUTE FUNCTION f`. */
const OTHERS: ReadonlySet<string> = new Set(
  "create trigger event index rule policy cast operator extension role user schema database".split(
    " ",
  ),
);

/** Between the word for the kind and the name. */
const IF_NOT_EXISTS: ReadonlySet<string> = new Set(["if", "not", "exists"]);

/** How far behind CREATE the word for the kind may stand: `CREATE OR REPLACE DEFINER = a@b SQL SECURITY INVOKER VIEW`. */
const LONGEST_PREAMBLE = 12;

export function namesIn(text: string): NamedText {
  const tokens = tokensOf(text);
  const defines = new Set<string>();

  for (const [index, token] of tokens.entries()) {
    if (token === "create") {
      const name = definedName(tokens, index + 1);

      if (name !== undefined) {
        defines.add(name);
      }
    }
  }
  return { defines, names: new Set(tokens) };
}

function tokensOf(text: string): readonly string[] {
  return [...text.matchAll(TOKENS)].flatMap(({ groups }) => {
    const quoted = groups?.["quoted"];
    const name = quoted === undefined ? groups?.["word"] : quoted.slice(1, -1);

    return (name ?? groups?.["dot"])?.toLowerCase() ?? [];
  });
}

function definedName(tokens: readonly string[], start: number): string | undefined {
  const preamble = tokens.slice(start, start + LONGEST_PREAMBLE);
  const kind = preamble.findIndex((token) => KINDS.has(token));

  if (kind < 0 || preamble.slice(0, kind).some((token) => OTHERS.has(token))) {
    return undefined;
  }

  let index = start + kind + 1;

  while (IF_NOT_EXISTS.has(tokens[index] ?? "")) {
    index += 1;
  }
  while (tokens[index + 1] === ".") {
    index += 2;
  }
  return tokens[index];
}
