/** What the servers' error numbers, and those of Rowgate's own SQL, mean for a deployment. */
import type { DatabaseError, ErrorCode } from "../../domain/errors.ts";
import type { Notice, ScriptEvent } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { HISTORY_ALIAS } from "./versions-table.ts";

export type Meaning = ErrorCode | "undefined-table" | "history-changed";

/** MySQL 9.7 Error Reference, chapter Server Errors; MariaDB has the same numbers for these. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  1044: "permission-denied",
  1049: "undefined-table",
  1142: "permission-denied",
  1143: "permission-denied",
  1146: "undefined-table",
  1205: "lock-timeout",
  1213: "lock-timeout",
  1227: "permission-denied",
  1290: "read-only",
  1317: "cancelled",
  1369: "sql-failed",
  1370: "permission-denied",
  1792: "read-only",
  1836: "read-only",
  1969: "cancelled",
  3024: "cancelled",
};

/** SQLSTATEs that the templates signal, and those that stand for their conditional errors. */
const OWN_STATES: Readonly<Record<string, Meaning>> = {
  RG002: "lock-busy",
  RG003: "block-edited",
  RG004: "block-ahead",
  RG005: "block-unfinished",
  RG006: "history-changed",
  RG007: "block-out-of-order",
  RG008: "versions-foreign",
  RG010: "server-unsupported",
  RG013: "block-unknown",
  RG014: "database-missing",
  RG015: "block-missing",
  RG016: "schema-missing",
  RG017: "verify-failed",
};

/** `Variable 'sql_mode' can't be set to the value of 'ROWGATE code: text'`, in any language. */
const REFUSAL = /ROWGATE ([a-z-]+): ([^]*?)'?$/;

/** A conditional error of the templates: the SQLSTATE that stands for it, and what it says. */
export interface Refusal {
  readonly sqlState: string;
  readonly message: string;
}

/** Undefined for an error that the templates did not make. */
export function refusalOf({ server }: DatabaseError): Refusal | undefined {
  const [, code, message = ""] = REFUSAL.exec(server.message) ?? [];
  const [sqlState] = Object.entries(OWN_STATES).find(([, meaning]) => meaning === code) ?? [];

  return server.errno !== 1231 || sqlState === undefined ? undefined : { sqlState, message };
}

/** The meaning of an error; `sql-failed` for all that is the user's SQL. */
export function errorCode(error: DatabaseError): Meaning {
  const { errno, sqlState, message } = error.server;

  // A column of Rowgate's own query that the table does not have.
  if (errno === 1054 && message.includes(`'${HISTORY_ALIAS}.`)) {
    return "versions-foreign";
  }

  return OWN_STATES[refusalOf(error)?.sqlState ?? sqlState] ?? MEANINGS[errno ?? 0] ?? "sql-failed";
}

const GRANT_HINT =
  "Grant the user what the server names; besides the rights for your statements, a deployment needs CREATE ROUTINE, ALTER ROUTINE and EXECUTE on the database.";

const READ_ONLY_HINT = "Deploy to the primary server, with a user whose sessions may write.";

const LOCAL_INFILE_HINT = "Start the server with local_infile=1, or load the rows with INSERT.";

const TIMEOUT_HINT =
  "Raise its limit: the line `-- rowgate: statement-timeout` at the top of its file, such as `-- rowgate: statement-timeout 10min`, or the SET in it.";

const HINTS: Readonly<Record<number, string>> = {
  1044: GRANT_HINT,
  1142: GRANT_HINT,
  1143: GRANT_HINT,
  1148: LOCAL_INFILE_HINT,
  1227: "Grant the user the privilege that the server names, or remove what needs it, such as the DEFINER of another user.",
  1290: READ_ONLY_HINT,
  1317: "Find out who cancelled it on the server, because Rowgate did not, and deploy again.",
  1370: GRANT_HINT,
  1419: "Set log_bin_trust_function_creators=1 on the server, because it writes a binary log, or deploy with a user who has SUPER.",
  1449: "Create the user that the server names, or write another DEFINER.",
  1792: READ_ONLY_HINT,
  1836: READ_ONLY_HINT,
  1969: TIMEOUT_HINT,
  3024: TIMEOUT_HINT,
  3730: "Drop the table with the foreign key first, because each table is dropped by a statement of its own.",
  3948: LOCAL_INFILE_HINT,
  4166: LOCAL_INFILE_HINT,
};

/** What the reader can do about an error of the user's SQL; undefined for most. */
export function hintFor({ server }: DatabaseError): string | undefined {
  return HINTS[server.errno ?? 0];
}

/** `Table 'versions' already exists`, and a table of that name with other columns. */
export function clashesWith(error: DatabaseError, { name }: VersionsTable): boolean {
  const { errno, message } = error.server;
  const namesOwnTable = [name, `${name}_log`].some((own) => message.includes(`'${own}'`));

  return errorCode(error) === "versions-foreign" || (errno === 1050 && namesOwnTable);
}

/** Rowgate's own results carry their data as JSON. */
export function parseEvent(notice: Notice): ScriptEvent | undefined {
  if (!notice.data.startsWith("{")) {
    return undefined;
  }

  const data: Readonly<Record<string, unknown>> = JSON.parse(notice.data);
  const id = String(data["id"]);
  const name = String(data["name"]);

  if (data["event"] === "applied") {
    return { event: "applied", id, name, durationMs: Number(data["ms"]) };
  }

  return data["event"] === "started" ? { event: "started", id, name } : undefined;
}
