/** What each command of the client does to a bundle. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { delimiterFault, firstArgument } from "../../scan/mysql-command.ts";
import { clientPolicy } from "../../scan/mysql-policy.ts";
import type { ClientCommand } from "../../scan/mysql.ts";
import { resolveInclude } from "../reading/include.ts";
import type { IncludeItem } from "../reading/walked.ts";
import type { FileState } from "./file-state.ts";

const MISPLACED = {
  statement: "it stands in the middle of a statement",
  line: "it stands behind a statement, where the clients do not know it",
} as const;

/**
 * Runs a command as far as a bundle can; the include that it asks for, if any.
 *
 * @throws RowgateError `client-command` for one that it cannot hold; `include-missing`,
 * `include-outside`.
 */
export function runCommand(state: FileState, command: ClientCommand): IncludeItem | undefined {
  const { session, source, place } = state;
  const at = { path: place.path, line: source.lineOf(command.line), column: command.column };
  const { action, reason } = clientPolicy(command.name, command.args);

  session.hash.update(action === "include" ? command.gap : command.gap + command.text);
  if (command.misplaced !== undefined) {
    throw refusal(command, at, MISPLACED[command.misplaced]);
  }

  switch (action) {
    case "include":
      return includeItem(state, command, at);
    case "delimiter":
      checkDelimiter(command, at);
      break;
    case "quit":
      state.hasQuit = true;
      session.onNote({
        at,
        message: `${command.written} ends the file: what stands behind it is not part of the bundle`,
      });
      break;
    case "drop":
      session.onNote({ at, message: `${command.written} is left out: ${reason}` });
      break;
    case "refuse":
      throw refusal(command, at, reason);
  }
  return undefined;
}

/** Neither client takes quotes for anything but a part of the name. */
function includeItem(
  { session }: FileState,
  command: ClientCommand,
  at: SourcePosition,
): IncludeItem {
  const { args: path } = command;

  if (path === "") {
    throw refusal(command, at, "it names no file");
  }

  const otherwise = "; it begins where the client is started, not beside the file";
  const place = resolveInclude(session.tree.root, { path, from: "root", at, otherwise });

  return { kind: "include", place, at };
}

function checkDelimiter(command: ClientCommand, at: SourcePosition): void {
  const fault = delimiterFault(firstArgument(command.args));

  if (fault !== undefined) {
    throw refusal(command, at, fault);
  }
}

function refusal({ written }: ClientCommand, at: SourcePosition, reason: string): RowgateError {
  return new RowgateError("client-command", {
    message: `${written} cannot be part of a bundle: ${reason}`,
    hint: "Remove the command, or write what it does as SQL.",
    at,
  });
}
