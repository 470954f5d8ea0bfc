/** What each psql command does to a bundle. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import type { CommandEvent } from "../../scan/postgres.ts";
import {
  commandPolicy,
  isControlVariable,
  parseArguments,
  type CommandPolicy,
} from "../../scan/psql.ts";
import { applyCondition, isActive, needsValue, parseBoolean } from "./conditions.ts";
import { walkCopyCommand } from "./copy-command.ts";
import type { EventReader } from "./event-reader.ts";
import type { FileState } from "./file-state.ts";
import { resolveInclude } from "../reading/include.ts";
import { withVariables } from "./statement-text.ts";
import type { IncludeItem, WalkedPiece } from "../reading/walked.ts";

/** Commands that a skipped branch still sees. */
const CONDITIONALS = new Set(["if", "elif", "else", "endif"]);

/** Where the path of an include begins. */
const INCLUDES: Readonly<Partial<Record<CommandPolicy["action"], "root" | "file">>> = {
  include: "root",
  "include-relative": "file",
};

interface PlacedCommand {
  readonly event: CommandEvent;
  readonly at: SourcePosition;
}

/**
 * Runs a command as far as a bundle can.
 *
 * @throws RowgateError `psql-command` for one that it cannot hold; `include-missing`,
 * `include-outside`; `copy-unsupported`.
 */
export async function* runCommand(
  state: FileState,
  event: CommandEvent,
  reader: EventReader,
): AsyncGenerator<WalkedPiece | IncludeItem> {
  const at = {
    path: state.place.path,
    line: state.source.lineOf(event.line),
    column: event.column,
  };
  const active = isActive(state.conditions);
  const policy = commandPolicy(event.name, event.args);
  const include = INCLUDES[policy.action];

  state.session.hash.update(event.gap);
  if (!active || include === undefined) {
    state.session.hash.update(withVariables(event.text, state.session.variables));
  }
  if (!active && !CONDITIONALS.has(event.name)) {
    return;
  }
  if (event.inStatement) {
    throw refusal({ event, at }, "it stands in the middle of a statement");
  }
  if (include !== undefined) {
    yield includeItem(state, { event, at }, include);
  } else if (policy.action === "copy") {
    yield* walkCopyCommand({ event, at }, state, reader);
  } else if (policy.action === "refuse") {
    throw refusal({ event, at }, policy.reason);
  } else {
    QUIET[policy.action]?.(state, { event, at }, policy);
  }
}

/** @throws RowgateError `psql-command` for an `\if` that the file does not close. */
export function unclosedCondition({ conditions, place, source, hasQuit }: FileState): void {
  const open = conditions.at(-1);

  if (open !== undefined && !hasQuit) {
    throw new RowgateError("psql-command", {
      message: "\\if is never closed by \\endif in this file",
      hint: "Add \\endif; a condition cannot go on in another file.",
      at: { path: place.path, line: source.lineOf(open.line), column: 1 },
    });
  }
}

type Quiet = (state: FileState, command: PlacedCommand, policy: CommandPolicy) => void;

/** Commands that yield nothing. What ends a statement has done so when the command is read. */
const QUIET: Readonly<Partial<Record<CommandPolicy["action"], Quiet>>> = {
  set: setVariable,
  unset: setVariable,
  conditional: runCondition,
  quit: (state, { at }) => {
    state.hasQuit = true;
    state.session.onNote({
      at,
      message: "\\q ends the file: what stands behind it is not part of the bundle",
    });
  },
  drop: ({ session }, { event, at }, { reason }) => {
    session.onNote({ at, message: `\\${event.name} is left out: ${reason}` });
  },
};

function setVariable({ session }: FileState, { event, at }: PlacedCommand): void {
  const [name, ...values] = parseArguments(event.args, session.variables, { at });

  if (name === undefined) {
    return;
  }
  if (isControlVariable(name)) {
    session.onNote({
      at,
      message: `\\${event.name} ${name} is left out: it only steers psql itself`,
    });
  }
  if (event.name === "set") {
    session.variables.set(name, values.join(""));
  } else {
    session.variables.delete(name);
  }
}

function runCondition(state: FileState, command: PlacedCommand): void {
  const { event, at } = command;
  const value = needsValue(state.conditions, event.name) ? conditionValue(state, command) : false;
  const next = applyCondition(state.conditions, { name: event.name, value, line: event.line });

  if ("fault" in next) {
    throw new RowgateError("psql-command", {
      message: next.fault,
      hint: "Balance \\if, \\elif, \\else and \\endif within the file.",
      at,
    });
  }
  state.conditions = next;
}

function conditionValue({ session }: FileState, { event, at }: PlacedCommand): boolean {
  const text = parseArguments(event.args, session.variables, { at }).join(" ");
  const value = parseBoolean(text);

  if (value === undefined) {
    throw new RowgateError("psql-command", {
      message: `\\${event.name} ${event.args} is neither true nor false when the bundle is built`,
      hint: "Give the variable a value with --var NAME=VALUE, or under variables in rowgate.yaml.",
      at,
    });
  }
  return value;
}

function includeItem(
  { session }: FileState,
  { event, at }: PlacedCommand,
  from: "root" | "file",
): IncludeItem {
  const [path] = parseArguments(event.args, session.variables, { at, dropSemicolons: true });

  if (path === undefined || path === "") {
    throw refusal({ event, at }, "it names no file");
  }

  const otherwise = from === "root" ? ", or write \\ir for a path relative to the file" : "";
  const place = resolveInclude(session.tree.root, { path, from, at, otherwise });

  return { kind: "include", place, at };
}

function refusal({ event, at }: PlacedCommand, reason: string): RowgateError {
  return new RowgateError("psql-command", {
    message: `\\${event.name} cannot be part of a bundle: ${reason}`,
    hint: "Remove the command, or write what it does as SQL.",
    at,
  });
}
