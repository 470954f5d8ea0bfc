/** The command line that commander parses: names, options and their help. It runs nothing itself. */
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
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
  return program;
}

interface CommandDefinition {
  readonly name: CommandName;
  readonly group: string;
  readonly summary: string;
  /** The argument before SOURCE: its name, and what it is. */
  readonly subject?: readonly [name: string, description: string];
  /** What the argument may be; undefined for a command without one. */
  readonly source: string | undefined;
  readonly options: readonly Option[];
}

const BUILD = "Build:";
const TARGET = "Target:";
const RUN = "Run:";
const OUTPUT = "Output:";

const buildOptions = (): readonly Option[] => [
  option(
    BUILD,
    "--release <name>",
    "name of the release (default: version in package.json, else tag in Git, else none)",
  ),
  option(
    BUILD,
    "--var <name=value>",
    "value for templates and psql variables; repeatable",
  ).argParser(collect),
  option(BUILD, "--no-syntax-check", "do not let PostgreSQL's parser check the statements"),
];

const tableOption = (group: string): Option =>
  option(
    group,
    "--versions-table <[schema.]name>",
    "table that holds the history (default: versions)",
  );

const targetOptions = (): readonly Option[] => [
  option(
    TARGET,
    "--url <url>",
    "postgres://USER@HOST:PORT/DATABASE, mysql://…, mariadb://… or pglite:DIRECTORY",
  ),
  option(TARGET, "--target <name>", "target of rowgate.yaml, or all; repeatable").argParser(
    collect,
  ),
  tableOption(TARGET),
];

const outputOptions = (): readonly Option[] => [
  option(OUTPUT, "--json", "print one JSON document"),
  option(OUTPUT, "--quiet", "print only errors and the result"),
  option(OUTPUT, "--config <file>", "settings (default: rowgate.yaml, when it is there)"),
];

const transactionOption = (group: string): Option =>
  option(
    group,
    "--transaction <mode>",
    "release: all in one transaction where possible; block: each block in its own (default: release)",
  );

const outOfOrderOption = (group: string): Option =>
  option(group, "--out-of-order", "let new blocks run below blocks that are there already");

const COMMANDS: readonly CommandDefinition[] = [
  {
    name: "bundle",
    group: "Commands:",
    summary: "write one guarded script that psql can run",
    source: "directory of SQL files, or one SQL file",
    options: [
      option(OUTPUT, "--output <file>", "the script; - is standard output").default("-"),
      ...outputOptions(),
      option(
        BUILD,
        "--dialect <name>",
        "family of databases; mysql is MariaDB, too (default: that of the target, else postgres)",
      ).choices(["postgres", "mysql"]),
      ...buildOptions(),
      option(BUILD, "--form <form>", "anonymous block, or stored procedure (default: do)").choices([
        "do",
        "procedure",
      ]),
      transactionOption(BUILD),
      outOfOrderOption(BUILD),
      tableOption(BUILD),
    ],
  },
  {
    name: "deploy",
    group: "Commands:",
    summary: "run what is pending on one database or several",
    source: "directory of SQL files, one SQL file, or a script",
    options: [
      ...targetOptions(),
      option(RUN, "--dry-run", "run all of it, then undo it"),
      option(RUN, "--to <id>", "only blocks up to and including this one"),
      transactionOption(RUN),
      outOfOrderOption(RUN),
      option(RUN, "--lock-wait <time>", "wait so long for others, then give up (default: 60s)"),
      option(
        RUN,
        "--lock-timeout <time>",
        "let a statement wait so long for a lock, then retry (default: 2s)",
      ),
      option(RUN, "--concurrency <n>", "targets at the same time (default: 1)"),
      ...buildOptions(),
      ...outputOptions(),
    ],
  },
  {
    name: "plan",
    group: "Commands:",
    summary: "show what a deployment would run; writes nothing",
    source: "directory of SQL files, one SQL file, or a script",
    options: [
      ...targetOptions(),
      option(RUN, "--to <id>", "only blocks up to and including this one"),
      outOfOrderOption(RUN),
      option(RUN, "--exit-code", "end with status 3 when blocks are pending"),
      ...buildOptions(),
      ...outputOptions(),
    ],
  },
  {
    name: "status",
    group: "Commands:",
    summary: "show each block and whether the database has it",
    source: "directory, SQL file or script to compare with",
    options: [...targetOptions(), ...buildOptions(), ...outputOptions()],
  },
  {
    name: "log",
    group: "Commands:",
    summary: "show what was run, newest first",
    source: undefined,
    options: [
      ...targetOptions(),
      option(OUTPUT, "--limit <n>", "so many events").default("50").argParser(parseNumber),
      ...outputOptions(),
    ],
  },
  {
    name: "mark",
    group: "Commands:",
    summary: "say what the history cannot know: that a block or statement is applied, or pending",
    subject: ["id", "id of the block"],
    source: "directory, SQL file or script that has the block",
    options: [
      option(RUN, "--applied", "its effect is there"),
      option(RUN, "--pending", "it is not, or is to come again"),
      option(
        RUN,
        "--statement <n>",
        "only this statement, at which the block was broken off",
      ).argParser(parseNumber),
      option(RUN, "--reason <text>", "why; kept in the log"),
      ...targetOptions(),
      ...buildOptions(),
      ...outputOptions(),
    ],
  },
];

function addCommand(
  program: Command,
  definition: CommandDefinition,
  run: (invocation: Invocation) => Promise<void>,
): void {
  const command = program.command(definition.name).description(definition.summary);
  command.helpGroup(definition.group);
  for (const each of definition.options) {
    command.addOption(each);
  }

  const { name, subject, source } = definition;
  if (subject !== undefined) {
    command.argument(`<${subject[0]}>`, subject[1]);
  }
  if (source !== undefined) {
    command.argument("[source]", source);
  }
  command.action(async () => {
    const [first, second] = command.args;
    const given = subject === undefined ? { source: first } : { subject: first, source: second };
    await run({ command: name, ...given, options: command.opts() });
  });
}

function option(group: string, flags: string, description: string): Option {
  return new Option(flags, description).helpGroup(group);
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function parseNumber(value: string): string {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new InvalidArgumentError("It must be a whole number from 1.");
  }
  return value;
}

/** The version of this package. */
function readVersion(): string {
  const file = new URL(import.meta.resolve("rowgate/package.json"));
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof content === "object" && content !== null && "version" in content
    ? String(content.version)
    : "unknown";
}
