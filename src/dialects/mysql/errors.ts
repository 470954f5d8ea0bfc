/** What the servers' error numbers, and those of Rowgate's own SQL, mean for a deployment. */
import type { DatabaseError, ErrorCode } from "../../domain/errors.ts";
import type { Notice, ScriptEvent } from "../../domain/ports.ts";

export type Meaning = ErrorCode | "undefined-table" | "history-changed";

/** MySQL 9.7 Error Reference, chapter Server Errors; MariaDB has the same numbers for these. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  1044: "permission-denied",
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
  const { errno, sqlState } = error.server;

  return OWN_STATES[refusalOf(error)?.sqlState ?? sqlState] ?? MEANINGS[errno ?? 0] ?? "sql-failed";
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
