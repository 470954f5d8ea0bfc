/** One command line from its arguments to its exit status. */
import { type Command, CommanderError } from "commander";
import { EXIT, RowgateError } from "../domain/errors.ts";
import type { CommandContext } from "./command-context.ts";
import type { CommandResult } from "./command-result.ts";
import type { Io } from "./io.ts";
import type { CommandName } from "./options.ts";
import { createProgram, type Invocation } from "./program.ts";

/** Runs a command line, prints what it has to say, and returns its exit status. Throws nothing. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(
    async (invocation) => {
      exitCode = await runCommand(invocation, io);
    },
    { print: (text) => io.stdout.write(text) },
  );

  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return endOf(error, { program, argv, io });
  }
}

/** Only the module of the command that was asked for is loaded. */
const COMMANDS: Readonly<
  Record<CommandName, () => Promise<(context: CommandContext) => Promise<CommandResult>>>
> = {
  bundle: async () => (await import("./commands/bundle.ts")).bundle,
  check: async () => (await import("./commands/check.ts")).check,
  deploy: async () => (await import("./commands/deploy.ts")).deploy,
  plan: async () => (await import("./commands/plan.ts")).plan,
  status: async () => (await import("./commands/status.ts")).status,
  test: async () => (await import("./commands/test.ts")).test,
  undo: async () => (await import("./commands/undo.ts")).undo,
  verify: async () => (await import("./commands/verify.ts")).verify,
  adopt: async () => (await import("./commands/adopt.ts")).adopt,
  mark: async () => (await import("./commands/mark.ts")).mark,
  new: async () => (await import("./commands/new.ts")).create,
  init: async () => (await import("./commands/init.ts")).init,
  log: async () => (await import("./commands/log.ts")).log,
  watch: async () => (await import("./commands/watch.ts")).watch,
  "watch status": async () => (await import("./commands/watch-status.ts")).watchStatus,
  "watch history": async () => (await import("./commands/watch-status.ts")).watchHistory,
  "watch pause": async () => (await import("./commands/watch-request.ts")).watchRequest("pause"),
  "watch resume": async () => (await import("./commands/watch-request.ts")).watchRequest("resume"),
  "watch sync": async () => (await import("./commands/watch-request.ts")).watchRequest("sync"),
  "watch approve": async () =>
    (await import("./commands/watch-request.ts")).watchRequest("approve"),
  "watch reject": async () => (await import("./commands/watch-request.ts")).watchRequest("reject"),
  "watch retry": async () => (await import("./commands/watch-request.ts")).watchRequest("retry"),
};

async function runCommand(invocation: Invocation, io: Io): Promise<number> {
  const { command, options } = invocation;
  const { Output } = await import("./output.ts");
  const output = await Output.create(io, {
    json: options.json ?? false,
    quiet: options.quiet ?? false,
  });

  let result: CommandResult;
  try {
    const execute = await COMMANDS[command]();
    result = await execute({ ...invocation, io, output });
  } catch (error) {
    result = { targets: [], error };
  }

  const ownCode = exitCodeOf(result);
  const exitCode = ownCode === EXIT.ok ? ownCode : (io.stopStatus() ?? ownCode);
  if (result.error !== undefined && !isBrokenPipe(result.error)) {
    output.error(result.error);
  }
  if (options.json === true) {
    const { jsonDocument } = await import("./json.ts");
    output.document(jsonDocument(command, exitCode, result));
  }
  return exitCode;
}

/** What commander says by an error: help that was asked for, or a fault in the arguments. */
async function endOf(
  error: unknown,
  { program, argv, io }: { program: Command; argv: readonly string[]; io: Io },
): Promise<number> {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (isHelp) {
    return EXIT.ok;
  }

  const json = argv.includes("--json");
  const { Output } = await import("./output.ts");
  const output = await Output.create(io, { json, quiet: false });
  const { secretsOf } = await import("../config/connection-url.ts");
  output.hide(argv.flatMap((argument) => secretsOf(argument.replace(/^--[\w-]+=/, ""))));
  const failure = error instanceof CommanderError ? usageError(error, program) : error;
  const exitCode = exitCodeOf({ targets: [], error: failure });

  output.error(failure);
  if (json) {
    const { jsonDocument } = await import("./json.ts");
    const command = program.commands.find((each) => each.name() === argv[0])?.name() ?? "";
    output.document(jsonDocument(command, exitCode, { targets: [], error: failure }));
  }
  return exitCode;
}

/** Commander's message with its suggestion as the hint. */
function usageError(error: CommanderError, program: Command): RowgateError {
  if (error.code === "commander.help") {
    return new RowgateError("usage-invalid", {
      message: "no command was given",
      hint: `Give one of ${program.commands.map((each) => each.name()).join(", ")}; "rowgate --help" explains them.`,
    });
  }

  const [, message = error.message, nearest] =
    /^(?:error: )?(.*?)(?:\s*\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(error.message) ?? [];
  return new RowgateError("usage-invalid", {
    message: message.replace(/\.$/, ""),
    hint:
      nearest === undefined
        ? 'See "rowgate --help", or "rowgate COMMAND --help" for its options.'
        : `Did you mean ${nearest}?`,
  });
}

function exitCodeOf({ targets, error, exitCode }: CommandResult): number {
  if (error !== undefined) {
    return errorExitCode(error);
  }

  const failed = targets.filter((target) => target.outcome === "failed");
  if (failed.length === 0) {
    return exitCode ?? EXIT.ok;
  }
  return targets.length === 1 ? errorExitCode(failed[0]?.error) : EXIT.fleet;
}

function errorExitCode(error: unknown): number {
  if (isBrokenPipe(error)) {
    return EXIT.failed;
  }
  return error instanceof RowgateError ? error.exitCode : EXIT.bug;
}

/** Whoever read stdout has gone, and needs no message. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
