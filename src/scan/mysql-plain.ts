/** Statements of which the first words tell all. */
import type { MysqlFinding, MysqlRule } from "./mysql-finding.ts";
import { remaining } from "./mysql-reader.ts";

/** What is not known is a matter for the server: it has to come there as it is. */
export const UNKNOWN: MysqlFinding = { effect: "definition", inProcedure: false };

const ROWS: MysqlFinding = { effect: "rows" };
const SESSION: MysqlFinding = { effect: "session" };
const CALL: MysqlFinding = { effect: "call" };
const REPEATABLE: MysqlFinding = { effect: "repeatable" };

/** Which words, in capitals, begin statements of a class. */
export const PLAIN: ReadonlyMap<string, MysqlFinding> = new Map([
  ...each("CHECKSUM SIGNAL RESIGNAL KILL BINLOG", ROWS),
  ...each("HELP", { ...ROWS, inProcedure: false }),
  ...each("PREPARE DEALLOCATE", SESSION),
  ...each("GET", { ...SESSION, looksBack: true }),
  ...each("HANDLER", { ...SESSION, inProcedure: false }),
  // MariaDB takes the loops and conditions of routines outside them too.
  ...each("CALL EXECUTE IF CASE WHILE LOOP REPEAT FOR", CALL),
  ...each("ROLLBACK SAVEPOINT RELEASE XA", { ...ROWS, control: "other" }),
  ...each("OPTIMIZE REPAIR CACHE RESET PURGE CHANGE STOP GRANT", REPEATABLE),
  ...each("CHECK", { ...REPEATABLE, inProcedure: false }),
  ...each("IMPORT", { effect: "definition" }),
  ...each("USE", refused("USE", "it changes the database, and a bundle is for one database")),
  ...each("SHUTDOWN", refused("SHUTDOWN", "it ends the server")),
  ...each("RESTART", refused("RESTART", "it ends the server")),
  ...each("CLONE", refused("CLONE", "it replaces all data of the server")),
]);

function each(
  words: string,
  finding: MysqlFinding,
): readonly (readonly [word: string, finding: MysqlFinding])[] {
  return words.split(" ").map((word) => [word, finding]);
}

function refused(word: string, reason: string): MysqlFinding {
  return {
    ...UNKNOWN,
    refused: {
      message: `${word} cannot be part of a bundle: ${reason}`,
      hint: `Remove the ${word} statement.`,
    },
  };
}

/** SHOW WARNINGS and SHOW ERRORS are about the statement before. */
export const showRule: MysqlRule = ({ reader }) => {
  const looksBack = [...remaining(reader)].some(({ word }) => PROBLEMS.has(word));

  return { ...ROWS, looksBack };
};

const PROBLEMS: ReadonlySet<string> = new Set(["WARNINGS", "ERRORS"]);

/** A privilege can be taken away only once, and then with all that goes with it. */
export const revokeRule: MysqlRule = ({ reader }) => {
  reader.take("ALL");
  reader.take("PRIVILEGES");

  return reader.sees("IF", "EXISTS") || reader.sees(",", "GRANT", "OPTION")
    ? REPEATABLE
    : { effect: "definition" };
};

/** INSTALL and UNINSTALL. */
export const installRule: MysqlRule = ({ reader }) => {
  reader.next();
  const isRepeatable = reader.take("IF", "EXISTS") || reader.take("IF", "NOT", "EXISTS");

  return isRepeatable ? REPEATABLE : { effect: "definition" };
};
