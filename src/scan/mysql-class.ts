/** What the statements of a block do, one after the other. */
import type { MysqlClass, MysqlFinding } from "./mysql-finding.ts";
import { readMysql, type MysqlReader } from "./mysql-reader.ts";

export type { MysqlClass, MysqlEffect, MysqlObject, ReplaceableKind } from "./mysql-finding.ts";

/** Knows the temporary tables of the statements before. */
export interface MysqlClassifier {
  classify(text: string): MysqlClass;
}

/** A classifier for one block, which must see all its statements in order. */
export function createMysqlClassifier(): MysqlClassifier {
  return { classify: (text) => classOf(find(readMysql(text))) };
}

/** One DROP for each of several tables; undefined for all other statements. */
export function splitDrop(_text: string): readonly string[] | undefined {
  return undefined;
}

function classOf(finding: MysqlFinding): MysqlClass {
  return {
    inProcedure: true,
    objects: finding.effect === "definition" ? undefined : [],
    creates: undefined,
    drops: undefined,
    control: undefined,
    leaveOut: undefined,
    refused: undefined,
    setsLexing: false,
    localFile: undefined,
    looksBack: false,
    ...finding,
  };
}

function find(reader: MysqlReader): MysqlFinding {
  if (["CREATE", "ALTER", "DROP", "RENAME"].includes(reader.peek()?.word ?? "")) {
    return { effect: "definition" };
  }

  return { effect: "rows" };
}
