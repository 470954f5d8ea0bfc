/** What each psql command does to a bundle. */
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";
import type { CommandEvent } from "../scan/postgres.ts";
import { commandPolicy, parseArguments, substituteVariables } from "../scan/psql.ts";
import { applyCondition, isActive, needsValue, parseBoolean } from "./conditions.ts";
import { walkCopyCommand } from "./copy-command.ts";
import type { EventReader } from "./event-reader.ts";
import type { FileState } from "./file-state.ts";
import { resolveInclude } from "./include.ts";
import type { IncludeItem, WalkedPiece } from "./walk.ts";

/** Commands that a skipped branch still sees. */
const CONDITIONALS = new Set(["if", "elif", "else", "endif"]);

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
  const { action, reason } = commandPolicy(event.name);

  state.session.hash.update(event.gap);
  if (action !== "include" && action !== "include-relative") {
    state.session.hash.update(substituted(event.text, state.session.variables));
  }
  if (!active && !CONDITIONALS.has(event.name)) {
    return;
  }
  if (event.inStatement) {
    throw refusal(event, "it stands in the middle of a statement", at);
  }
  if (action === "include" || action === "include-relative") {
    yield includeItem(state, event, at);
  } else if (action === "copy") {
    yield* walkCopyCommand({ event, at }, state, reader);
  } else if (action === "refuse") {
    throw refusal(event, reason, at);
  } else {
    runQuietly(state, event, at);
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

/** Commands that yield nothing: they change the state, or are dropped with a note. */
function runQuietly(state: FileState, event: CommandEvent, at: SourcePosition): void {
  const { action, reason } = commandPolicy(event.name);
  const { variables } = state.session;

  switch (action) {
    case "set": {
      const [name, ...values] = parseArguments(event.args, variables);

      if (name !== undefined) {
        variables.set(name, values.join(""));
      }
      break;
    }
    case "unset":
      variables.delete(parseArguments(event.args, variables)[0] ?? "");
      break;
    case "conditional":
      runCondition(state, event, at);
      break;
    case "terminate":
      if (event.args !== "") {
        throw refusal(event, "its result would go to a file or a program", at);
      }
      break;
    case "quit":
      state.hasQuit = true;
      break;
    default:
      state.session.onNote({ at, message: `\\${event.name} is left out: ${reason}` });
  }
}

function runCondition(state: FileState, event: CommandEvent, at: SourcePosition): void {
  const value = needsValue(state.conditions, event.name)
    ? conditionValue(state, event, at)
    : false;
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

function conditionValue(state: FileState, event: CommandEvent, at: SourcePosition): boolean {
  const text = parseArguments(event.args, state.session.variables).join(" ");
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

function includeItem(state: FileState, event: CommandEvent, at: SourcePosition): IncludeItem {
  const [path] = parseArguments(event.args, state.session.variables);

  if (path === undefined || path === "") {
    throw refusal(event, "it names no file", at);
  }

  const from = commandPolicy(event.name).action === "include" ? "root" : "file";

  return { kind: "include", place: resolveInclude(state.session.tree.root, { path, from, at }), at };
}

function refusal(event: CommandEvent, reason: string, at: SourcePosition): RowgateError {
  return new RowgateError("psql-command", {
    message: `\\${event.name} cannot be part of a bundle: ${reason}`,
    hint: "Remove the command, or write what it does as SQL.",
    at,
  });
}

function substituted(text: string, variables: ReadonlyMap<string, string>): string {
  return variables.size > 0 && text.includes(":")
    ? substituteVariables(text, variables).text
    : text;
}
