/** What PostgreSQL's SQLSTATEs, and those of Rowgate's own SQL, mean for a deployment. */
import type { DatabaseError, ErrorCode } from "../../domain/errors.ts";
import type { Notice, ScriptEvent } from "../../domain/ports.ts";
import type { VersionsTable } from "../../domain/target.ts";
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
  RG017: "verify-failed",
  RG018: "object-needed",
};

/** The meaning of an error; `sql-failed` for all that is the user's SQL. */
export function errorCode(error: DatabaseError): Meaning {
  if (error.server.sqlState === "42703" && error.server.message.includes(HISTORY_ALIAS)) {
    return "versions-foreign";
  }

  return MEANINGS[error.server.sqlState] ?? "sql-failed";
}

const NO_TRANSACTION_HINT =
  "Write `-- rowgate: no-transaction` at the top of the file, to run its statements one by one.";

const HINTS: Readonly<Record<string, string>> = {
  "25006": "Deploy to the primary server, with a role whose sessions may write.",
  "25001": NO_TRANSACTION_HINT,
  "2D000": NO_TRANSACTION_HINT,
  "42501": "Grant the role what the server names, or deploy with a role that has it.",
  "53200":
    "Raise max_locks_per_transaction on the server, or deploy with `--transaction block`, which needs fewer locks at a time.",
  "55006":
    "Deploy with `--transaction block`, so that the waiting checks are done before this block.",
  "55P04":
    "Move what uses the new value into a later file, or write `-- rowgate: no-transaction` at the top of this one.",
};

const TIMEOUT_HINT =
  "Raise its limit: the line `-- rowgate: statement-timeout` at the top of its file, such as `-- rowgate: statement-timeout 10min`, or the SET in it.";

const CANCEL_HINT =
  "Find out who cancelled it on the server, because Rowgate did not, and deploy again.";

/** What the reader can do about an error of the user's SQL; undefined for most. */
export function hintFor({ server }: DatabaseError): string | undefined {
  if (server.sqlState === "57014") {
    return /\buser request\b/.test(server.message) ? CANCEL_HINT : TIMEOUT_HINT;
  }

  return HINTS[server.sqlState];
}

/** `relation "…" already exists`: the server does not say the name in a field of its own. */
export function clashesWith(error: DatabaseError, { name }: VersionsTable): boolean {
  const { sqlState, message } = error.server;
  const namesOwnTable = [name, `${name}_log`].some((own) => message.includes(`"${own}"`));

  return errorCode(error) === "versions-foreign" || (sqlState === "42P07" && namesOwnTable);
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
