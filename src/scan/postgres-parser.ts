/** PostgreSQL's own parser: what a statement is, and whether it is one. */
import { checkBodies } from "./plpgsql-check.ts";
import { definitionsIn, type Definition } from "./postgres-definitions.ts";
import { classOf, PLAIN_CLASS, type StatementClass } from "./statement-class.ts";
import type { ParsedTree } from "./parse-tree.ts";

export type { StatementClass } from "./statement-class.ts";

/** A syntax error. */
export interface SyntaxFinding {
  /** PostgreSQL's own words. */
  readonly message: string;
  /** In code points from 0 in the text; -1 when it is not known. */
  readonly offset: number;
}

export interface PostgresParser {
  /** The tree of a text; undefined for one that is too large, or has a syntax error. */
  parse(text: string): ParsedTree | undefined;
  /**
   * What the statements of the text are, or the first syntax error in it. A text of more than
   * `MAX_PARSED_BYTES` is not parsed: it counts as one statement with nothing special about it.
   */
  classify(text: string): StatementClass | SyntaxFinding;
  /**
   * The first syntax error in a PL/pgSQL body of the text; undefined when there is none, or when
   * it is not certain.
   */
  checkBodies(text: string): SyntaxFinding | undefined;
  /** The objects that the statements of the text define; empty also for what cannot be parsed. */
  definitions(text: string): readonly Definition[];
}

/** What is larger, in UTF-8, is not parsed: the parser needs some 25 times as much memory. */
export const MAX_PARSED_BYTES = 1024 * 1024;

let loaded: Promise<PostgresParser> | undefined;

/** PostgreSQL's parser, loaded once, at the first call. */
export function loadPostgresParser(): Promise<PostgresParser> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<PostgresParser> {
  const { loadModule, parsePlPgSQLSync, parseSync, hasSqlDetails } = await import("libpg-query");
  await loadModule();

  const parse = (text: string): ParsedTree | SyntaxFinding | undefined => {
    try {
      return parseSync(text);
    } catch (error) {
      // Anything but a syntax error is a limit of the parser, not a fault of the text.
      return hasSqlDetails(error)
        ? { message: error.message, offset: error.sqlDetails?.cursorPosition ?? -1 }
        : undefined;
    }
  };

  return {
    parse(text) {
      const tree = isTooLarge(text) ? undefined : parse(text);
      return tree === undefined || "message" in tree ? undefined : tree;
    },
    classify(text) {
      if (isTooLarge(text) || text === "") {
        return text === "" ? { ...PLAIN_CLASS, count: 0 } : PLAIN_CLASS;
      }
      const tree = parse(text);
      if (tree === undefined) {
        return PLAIN_CLASS;
      }

      return "message" in tree ? tree : classOf(tree);
    },
    checkBodies(text) {
      return isTooLarge(text) || !/plpgsql|\bdo\b/i.test(text)
        ? undefined
        : checkBodies(text, { parse, parseBody: parsePlPgSQLSync });
    },
    definitions(text) {
      const tree = isTooLarge(text) ? undefined : parse(text);

      return tree === undefined || "message" in tree ? [] : definitionsIn(tree);
    },
  };
}

function isTooLarge(text: string): boolean {
  return text.length > MAX_PARSED_BYTES || Buffer.byteLength(text) > MAX_PARSED_BYTES;
}
