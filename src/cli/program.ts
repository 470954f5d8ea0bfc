/** The command line that commander parses: names, options and their help. It runs nothing itself. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { CommandDefinition } from "./command-definition.ts";
import { COMMANDS } from "./commands.ts";
import { WATCH_COMMANDS } from "./watch-commands.ts";
import { EXIT_CODES_HELP, SETTINGS_HELP } from "./help.ts";
import type { CliOptions, CommandName } from "./options.ts";

/** One parsed command line. */
export interface Invocation {
  readonly command: CommandName;
  /** The argument before SOURCE, for a command that has one. */
  readonly subject?: string | undefined;
  /** The SOURCE argument. */
  readonly source: string | undefined;
  readonly options: CliOptions;
}

/** What commander prints: help and the version. */
export interface HelpSink {
  readonly print: (text: string) => void;
}

/** A program that hands what was asked for to `run`. Commander's own errors are thrown. */
export function createProgram(
  run: (invocation: Invocation) => Promise<void>,
  sink: HelpSink,
): Command {
  const program = new Command("rowgate")
    .description("Turns a tree of ordered SQL files into one guarded script, and deploys it.")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput({
      writeOut: sink.print,
      writeErr: () => undefined,
      outputError: () => undefined,
    })
    .addHelpText("after", SETTINGS_HELP)
    .addHelpText("afterAll", EXIT_CODES_HELP)
    .exitOverride();

  for (const definition of COMMANDS) {
    addCommand(program, definition, run);
  }
  const watch = program.commands.find((command) => command.name() === "watch");
  for (const definition of WATCH_COMMANDS) {
    addCommand(watch ?? program, definition, run);
  }
  return program;
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  run: (invocation: Invocation) => Promise<void>,
): void {
  const command = program
    .command(definition.name.split(" ").at(-1) ?? "")
    .description(definition.summary);
  command.helpGroup(definition.group);
  for (const each of definition.options) {
    command.addOption(each);
  }

  const { name, subject, source } = definition;
  if (subject !== undefined) {
    command.argument(`<${subject[0]}>`, subject[1]);
  }
  if (source !== undefined) {
    command.argument(definition.needsSource === true ? "<source>" : "[source]", source);
  }
  command.action(async () => {
    const [first, second] = command.args;
    const given = subject === undefined ? { source: first } : { subject: first, source: second };
    await run({ command: name, ...given, options: command.opts() });
  });
}

/** The version of this package. */
export function readVersion(): string {
  const file = new URL(import.meta.resolve("rowgate/package.json"));
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof content === "object" && content !== null && "version" in content
    ? String(content.version)
    : "unknown";
}
