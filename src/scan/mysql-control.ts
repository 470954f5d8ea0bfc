/** What statements about transactions and locks do. */
import type { MysqlRule } from "./mysql-finding.ts";
import { remaining } from "./mysql-reader.ts";

/** Also MariaDB's block that needs no routine around it. */
export const beginRule: MysqlRule = ({ reader }) => {
  if (reader.sees("NOT", "ATOMIC")) {
    return { effect: "call" };
  }
  reader.take("WORK");

  // With more behind it, it is an error outside a procedure, and has to stay one.
  return reader.peek() === undefined
    ? { effect: "rows", control: "begin", inProcedure: false }
    : { effect: "call", inProcedure: false };
};

/** START TRANSACTION; all else that can be started is replication. */
export const startRule: MysqlRule = ({ reader }) =>
  reader.sees("TRANSACTION") ? { effect: "rows", control: "begin" } : { effect: "repeatable" };

const GOES_ON: ReadonlySet<string> = new Set(["CHAIN", "RELEASE"]);

export const commitRule: MysqlRule = ({ reader }) => {
  const words = [...remaining(reader)].map(({ word }) => word);
  const isEnd = words.every((word, index) => !GOES_ON.has(word) || words[index - 1] === "NO");

  return { effect: "rows", control: isEnd ? "commit" : "other" };
};

/** LOCK, UNLOCK and BACKUP, whatever they lock. */
export const lockRule: MysqlRule = ({ first, reader }) => {
  const what = reader.peek()?.word ?? "";
  const reason = first.word === "UNLOCK" ? "no lock is taken" : LOCKS;

  return {
    effect: "session",
    inProcedure: what === "INSTANCE",
    leaveOut: `${first.word} ${what} is left out: ${reason}`,
  };
};

const LOCKS = "the lock would keep Rowgate from its own tables";

/** FLUSH, which can also lock. */
export const flushRule: MysqlRule = ({ reader }) => {
  const locks = [...remaining(reader)].some(({ word }) => word === "READ" || word === "EXPORT");

  return {
    effect: "repeatable",
    leaveOut: locks ? `FLUSH TABLES with a lock is left out: ${LOCKS}` : undefined,
  };
};
