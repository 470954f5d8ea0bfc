/** Statements with their classes. What the servers make of them: test/integration/mysql-classes.test.ts. */
import type { MysqlClass, MysqlObject } from "../../../src/scan/mysql-class.ts";

export interface StatementSample {
  readonly sql: string;
  readonly found: Omit<MysqlClass, "sets" | "makes">;
  /** The only server that knows it; undefined when both do. */
  readonly only: "mariadb" | "mysql" | undefined;
  /** It cannot be run for a test: it would change the server, or needs what tests do not have. */
  readonly isUnfit: boolean;
  /** The servers take it in a procedure, but what it does ends with the procedure. */
  readonly isUndone: boolean;
}

/** What is not said is as in a statement that a procedure may hold and that has nothing special. */
export type Traits = Pick<MysqlClass, "effect"> &
  Partial<MysqlClass> & {
    readonly only?: StatementSample["only"];
    readonly isUnfit?: boolean;
    readonly isUndone?: boolean;
  };

/** The statements, one a line; white space around them does not count. */
export function samples(traits: Traits, lines: string): readonly StatementSample[] {
  const { only, isUnfit = false, isUndone = false, ...found } = traits;

  return lines
    .trim()
    .split(/\s*\n\s*/)
    .map((sql) => ({ sql, only, isUnfit, isUndone, found: { ...PLAIN, ...found } }));
}

const PLAIN = {
  inProcedure: true,
  objects: [],
  creates: undefined,
  drops: undefined,
  control: undefined,
  leaveOut: undefined,
  refused: undefined,
  setsLexing: false,
  localFile: undefined,
  looksBack: false,
};

export function object(kind: MysqlObject["kind"], name: string, schema?: string): MysqlObject {
  return { kind, schema, name };
}

/** A definition that the look of these objects tells of. */
export function about(...objects: readonly MysqlObject[]): Traits {
  return { effect: "definition", objects };
}

/** A definition that nothing tells of. */
export const BLIND = { effect: "definition", objects: undefined } as const;
