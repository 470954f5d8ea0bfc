/** What is known of one statement of MySQL or MariaDB. */
import type { MysqlPart, MysqlReader } from "./mysql-reader.ts";
import type { TemporaryTables } from "./mysql-temporary.ts";

/**
 * - `rows`: it reads or changes rows in the current transaction.
 * - `definition`: it commits by itself and must not run twice.
 * - `repeatable`: it commits by itself, or outlasts the transaction otherwise, and run again it
 *   changes nothing.
 * - `session`: it matters to the session alone (variables, temporary tables and their rows), so it is
 *   run again when a block is resumed. It may commit.
 * - `call`: it runs other statements, which may commit or not.
 */
export type MysqlEffect = "rows" | "definition" | "repeatable" | "session" | "call";

/**
 * Something whose look tells whether a statement took effect. Names are unquoted; a view is a table,
 * and `index` stands for the indexes of the table of that name.
 */
export interface MysqlObject {
  readonly kind: "table" | "index" | "routine" | "trigger" | "event";
  readonly schema: string | undefined;
  readonly name: string;
}

export type ReplaceableKind = "function" | "procedure" | "trigger" | "event" | "view";

export interface MysqlDefinition {
  readonly kind: ReplaceableKind;
  /** Undefined for the database of the session. */
  readonly schema: string | undefined;
  readonly name: string;
}

export interface MysqlClass {
  readonly effect: MysqlEffect;
  /** Whether it does the same in a stored procedure, on every server that knows the statement. */
  readonly inProcedure: boolean;
  /** Of a definition: what tells whether it took effect; undefined when nothing can. Else empty. */
  readonly objects: readonly MysqlObject[] | undefined;
  /** A CREATE with neither OR REPLACE nor IF NOT EXISTS, of what can be replaced; else undefined. */
  readonly creates:
    | {
        readonly kind: ReplaceableKind;
        /** The name as it is written. */
        readonly nameText: string;
        /** Behind the word CREATE, where ` OR REPLACE` goes. */
        readonly at: number;
      }
    | undefined;
  /** What it makes that can be replaced, whether it may be there or not; names are unquoted; else undefined. */
  readonly makes: MysqlDefinition | undefined;
  /** A DROP … IF EXISTS of exactly one name, of what can be replaced; else undefined. */
  readonly drops: { readonly kind: ReplaceableKind; readonly nameText: string } | undefined;
  /** Transaction control: `begin` and `commit`, or `other`, such as ROLLBACK or SAVEPOINT. */
  readonly control: "begin" | "commit" | "other" | undefined;
  /** Why it is left out of a bundle; undefined for most. */
  readonly leaveOut: string | undefined;
  /** Why no bundle can hold it; undefined for most. */
  readonly refused: { readonly message: string; readonly hint: string } | undefined;
  /** It sets the sql_mode or the character set of the session, which a procedure undoes at its end. */
  readonly setsLexing: boolean;
  /** The variables of the session that a SET changes, in small letters; empty for all else. */
  readonly sets: readonly string[];
  /** The file of a LOAD … LOCAL, unquoted; undefined for all else. */
  readonly localFile: string | undefined;
  /** It reads what the statement before it left: ROW_COUNT(), FOUND_ROWS(), LAST_INSERT_ID(), warnings. */
  readonly looksBack: boolean;
}

/** What a rule says of a statement; the rest is as for a statement with nothing special about it. */
export type MysqlFinding = Pick<MysqlClass, "effect"> & Partial<MysqlClass>;

/** A statement whose first word has been read. */
export interface MysqlStatement {
  readonly first: MysqlPart;
  /** Stands behind the first word. */
  readonly reader: MysqlReader;
  /** Of the statements before; a rule takes note of what the statement changes. */
  readonly temporary: TemporaryTables;
}

export type MysqlRule = (statement: MysqlStatement) => MysqlFinding;

/** The whole class of what a rule found. */
export function classOf(finding: MysqlFinding): MysqlClass {
  return {
    inProcedure: true,
    objects: finding.effect === "definition" ? undefined : [],
    creates: undefined,
    makes: undefined,
    drops: undefined,
    control: undefined,
    leaveOut: undefined,
    refused: undefined,
    setsLexing: false,
    sets: [],
    localFile: undefined,
    looksBack: false,
    ...finding,
  };
}
