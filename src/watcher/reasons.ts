/** Why something stands still, in words, and the command that ends it. */
import { EXIT, ERROR_CODES, RowgateError } from "../domain/errors.ts";
import { formatPosition } from "../domain/source.ts";
import type { Reason } from "../domain/watch.ts";

/**
 * What a failure asks for: `repeat` ends by itself, mostly soon; `repeat-slowly` needs a person
 * somewhere else, and is seen by itself when he is done; `stop` needs a person here.
 */
export type Persistence = "repeat" | "repeat-slowly" | "stop";

const REPEATED = new Set([
  "connection-lost",
  "database-unreachable",
  "embedded-in-use",
  "lock-busy",
  "lock-timeout",
  "repository-unreachable",
  "cache-unwritable",
  "store-unwritable",
]);

/** A login is not tried often: a wrong password may lock the account. */
const REPEATED_SLOWLY = new Set([
  "database-missing",
  "login-refused",
  "ref-missing",
  "repository-missing",
  "repository-refused",
]);

export function persistenceOf(code: string): Persistence {
  if (REPEATED.has(code)) {
    return "repeat";
  }
  return REPEATED_SLOWLY.has(code) ? "repeat-slowly" : "stop";
}

/** The exit status that a reason ends `rowgate watch --once` with. */
export function exitCodeOf(reason: Reason | undefined): number {
  if (reason === undefined) {
    return EXIT.ok;
  }
  if (WAITING.has(reason.code)) {
    return EXIT.pending;
  }
  const codes: Readonly<Record<string, number>> = ERROR_CODES;
  return codes[reason.code] ?? EXIT.bug;
}

/** Reasons that are no failures: a person or the time of day decides. */
const WAITING = new Set(["approval", "dry-run", "paused", "rejected", "window"]);

/** A failure as one line: `db/0001_a.sql:3:1: column "b" does not exist`. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof RowgateError)) {
    return {
      code: "bug",
      message: `a bug in Rowgate: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const place = error.at === undefined ? "" : `${formatPosition(error.at)}: `;
  return { code: error.code, message: `${place}${error.message}`.replaceAll(/\s*\n\s*/g, "; ") };
}

export function repositoryReason(
  source: string,
  error: { readonly code: string; readonly message: string },
  until: string,
): Reason {
  return { ...error, command: `rowgate watch sync ${source}`, until };
}

export function failureReason(
  source: string,
  error: { readonly code: string; readonly message: string },
  until?: string,
): Reason {
  return {
    code: error.code,
    message: error.message,
    command: `rowgate watch retry ${source}`,
    until,
  };
}

export function approvalReason(source: string, plan: string, until: string): Reason {
  return {
    code: "approval",
    message: "waits for an approval of its plan",
    command: `rowgate watch approve ${source} --plan ${plan.slice(0, 12)}`,
    until,
  };
}

export function windowReason(text: string, until: string | undefined): Reason {
  return {
    code: "window",
    message: `waits for the window ${text}`,
    command: undefined,
    until,
  };
}

export function pausedReason(source: string, by: string, why: string): Reason {
  return {
    code: "paused",
    message: why === "" ? `${by} paused the source` : `${by} paused the source: ${why}`,
    command: `rowgate watch resume ${source}`,
    until: undefined,
  };
}

export function rejectedReason(source: string, by: string, why: string | undefined): Reason {
  return {
    code: "rejected",
    message: why === undefined ? `${by} rejected it` : `${by} rejected it: ${why}`,
    command: `rowgate watch retry ${source}`,
    until: undefined,
  };
}
