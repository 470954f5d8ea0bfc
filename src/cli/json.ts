/** The documents of `--json`: a contract that scripts rely on, so keys are added, never changed. */
import { RowgateError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import type { Outcome } from "../domain/report.ts";
import type { Note } from "../domain/source.ts";
import { userContext } from "./format/context.ts";
import type { CommandResult } from "./command-result.ts";

export interface JsonDocument {
  readonly schemaVersion: 1;
  readonly command: string;
  /** The exit status that the command ends with. */
  readonly exitCode: number;
  /** Empty when the command failed before it had any, or has none. */
  readonly targets: readonly JsonTarget[];
  /** A failure that is not one target's own. */
  readonly error?: JsonError | undefined;
  /** More that only one command says. */
  readonly [key: string]: unknown;
}

export interface JsonTarget {
  readonly name: string;
  readonly outcome: Outcome;
  /** Ids of blocks. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly error?: JsonError | undefined;
  readonly [key: string]: unknown;
}

/** Absent keys have no value: an error without a place has no `file`, `line` and `column`. */
export interface JsonError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly server?: JsonServerError | undefined;
}

export interface JsonServerError {
  readonly sqlState: string;
  readonly errno?: number | undefined;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly context?: string | undefined;
}

/** The document of a command that has ended. */
export function jsonDocument(
  command: string,
  exitCode: number,
  result: CommandResult,
): JsonDocument {
  return {
    schemaVersion: 1,
    command,
    exitCode,
    targets: result.targets.map(({ name, outcome, applied, pending, error, more }) => ({
      name,
      outcome,
      applied,
      pending,
      ...(error === undefined ? {} : { error: jsonError(error) }),
      ...more,
    })),
    ...(result.error === undefined ? {} : { error: jsonError(result.error) }),
    ...result.more,
  };
}

/** An error as JSON shows it; one without a code has the code `bug`. */
export function jsonError(error: unknown): JsonError {
  if (!(error instanceof RowgateError)) {
    return { code: "bug", message: error instanceof Error ? error.message : String(error) };
  }

  const { code, message, hint, at, server } = error;
  return {
    code,
    message,
    hint,
    file: at?.path,
    line: at?.line,
    column: at?.column,
    server: server === undefined ? undefined : { ...server, context: userContext(server.context) },
  };
}

/** A note as JSON shows it. */
export function jsonNote({ at, message }: Note): object {
  return { file: at.path, line: at.line, column: at.column, message };
}

/**
 * Keys whose values Rowgate makes itself. They stay as they are even when a short password happens
 * to be the same word, because scripts branch on them.
 */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "adopted",
  "applied",
  "checksum",
  "code",
  "command",
  "event",
  "id",
  "kind",
  "outcome",
  "pending",
  "reason",
  "sqlState",
  "state",
  "tool",
  "tried",
]);

/** The same document with every secret taken out of its texts. */
export function redactDocument(document: JsonDocument, secrets: readonly string[]): unknown {
  const redact = (value: unknown): unknown => {
    if (typeof value === "string") {
      return redactSecrets(value, secrets);
    }
    if (Array.isArray(value)) {
      return value.map(redact);
    }
    return typeof value === "object" && value !== null ? redactFields(value) : value;
  };
  const redactFields = (value: object): unknown =>
    Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, isOwn(key, field) ? field : redact(field)]),
    );

  return redactFields(document);
}

/** Texts and lists of texts only: what is nested deeper may hold other texts again. */
function isOwn(key: string, value: unknown): boolean {
  const isText = typeof value === "string";
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return OWN_KEYS.has(key) && (isText || isList);
}
