/** What PostgreSQL's SQLSTATEs, and those of Rowgate's own SQL, mean for a deployment. */
import type { DatabaseError, ErrorCode } from "../../domain/errors.ts";
import type { Notice, ScriptEvent } from "../../domain/ports.ts";
import { HISTORY_ALIAS } from "./versions-table.ts";

type Meaning = ErrorCode | "undefined-table" | "history-changed";

/** PostgreSQL manual, appendix A; RG… are raised by the templates. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  "25006": "read-only",
  "40001": "lock-timeout",
  "40P01": "lock-timeout",
  "42501": "permission-denied",
  "42P01": "undefined-table",
  "55P03": "lock-timeout",
  "57014": "cancelled",
  RG002: "lock-busy",
  RG003: "block-edited",
  RG004: "block-ahead",
  RG005: "block-unfinished",
  RG006: "history-changed",
  RG007: "block-out-of-order",
  RG008: "versions-foreign",
  RG010: "server-unsupported",
  RG011: "permission-denied",
  RG012: "server-unsupported",
  RG013: "block-unknown",
  RG014: "schema-missing",
};

/** The meaning of an error; `sql-failed` for all that is the user's SQL. */
export function errorCode(error: DatabaseError): Meaning {
  if (error.server.sqlState === "42703" && error.server.message.includes(HISTORY_ALIAS)) {
    return "versions-foreign";
  }

  return MEANINGS[error.server.sqlState] ?? "sql-failed";
}

/** Rowgate's own notices carry their data as JSON in the CONSTRAINT field. */
export function parseEvent(notice: Notice): ScriptEvent | undefined {
  if (!notice.sqlState.startsWith("RG") || !notice.data.startsWith("{")) {
    return undefined;
  }

  const data: Readonly<Record<string, unknown>> = JSON.parse(notice.data);

  if (data["event"] === "applied") {
    return {
      event: "applied",
      id: String(data["id"]),
      name: String(data["name"]),
      durationMs: Number(data["ms"]),
    };
  }

  return data["event"] === "waiting"
    ? { event: "waiting", holder: String(data["holder"]) }
    : undefined;
}
