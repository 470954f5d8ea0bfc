#!/usr/bin/env node
import {
  EXIT,
  RowgateError
} from "./c/chunk-3NATZIJ7.js";

// src/cli/run-cli.ts
import { CommanderError } from "commander";

// src/cli/program.ts
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";

// src/cli/help.ts
var EXIT_CODES_HELP = `
Exit status:
  0    done, or nothing to do
  1    a statement or a check failed
  2    wrong usage or configuration, or a source that cannot be built
  3    work is pending (plan --exit-code)
  4    the history conflicts with the source: edited, missing, out of order, ahead
  5    a lock is busy
  6    a block without a transaction was broken off
  7    the database cannot be reached or refuses the login
  10   some of several targets failed
  70   a bug in Rowgate
  130  stopped by Ctrl-C; 143 by SIGTERM`;
var SETTINGS_HELP = `
Settings, the first that is there counts:
  options
  variables ROWGATE_URL, ROWGATE_TARGET, ROWGATE_SOURCE, ROWGATE_RELEASE, ROWGATE_VERSIONS_TABLE,
            ROWGATE_TRANSACTION, ROWGATE_LOCK_WAIT, ROWGATE_LOCK_TIMEOUT, ROWGATE_CONCURRENCY
  rowgate.yaml
  DATABASE_URL
Without any database the embedded PostgreSQL in .rowgate/ is used; without a SOURCE, sql/.

Examples:
  rowgate bundle sql --output release.sql      write one guarded script
  psql -f release.sql                          run it by hand
  rowgate deploy release.sql --url URL         or let Rowgate run it
  rowgate deploy sql --target prod             to a target of rowgate.yaml
  rowgate status --url URL                     what is there and what is missing`;

// src/cli/program.ts
function createProgram(run, sink) {
  const program = new Command("rowgate").description("Turns a tree of ordered SQL files into one guarded script, and deploys it.").version(readVersion(), "-V, --version", "print the version").helpOption("-h, --help", "print this help").helpCommand("help [command]", "print the help of a command").configureOutput({
    writeOut: sink.print,
    writeErr: () => void 0,
    outputError: () => void 0
  }).addHelpText("after", SETTINGS_HELP).addHelpText("afterAll", EXIT_CODES_HELP).exitOverride();
  for (const definition of COMMANDS) {
    addCommand(program, definition, run);
  }
  return program;
}
var BUILD = "Build:";
var TARGET = "Target:";
var RUN = "Run:";
var OUTPUT = "Output:";
var buildOptions = () => [
  option(
    BUILD,
    "--release <name>",
    "name of the release (default: the version in package.json, else none)"
  ),
  option(
    BUILD,
    "--var <name=value>",
    "value for templates and psql variables; repeatable"
  ).argParser(collect),
  option(BUILD, "--no-syntax-check", "do not let PostgreSQL's parser check the statements")
];
var tableOption = (group) => option(
  group,
  "--versions-table <[schema.]name>",
  "table that holds the history (default: versions)"
);
var targetOptions = () => [
  option(TARGET, "--url <url>", "postgres://USER@HOST:PORT/DATABASE or pglite:DIRECTORY"),
  option(TARGET, "--target <name>", "target of rowgate.yaml, or all; repeatable").argParser(
    collect
  ),
  tableOption(TARGET)
];
var outputOptions = () => [
  option(OUTPUT, "--json", "print one JSON document"),
  option(OUTPUT, "--quiet", "print only errors and the result"),
  option(OUTPUT, "--config <file>", "settings (default: rowgate.yaml, when it is there)")
];
var transactionOption = (group) => option(
  group,
  "--transaction <mode>",
  "release: all in one transaction where possible; block: each block in its own (default: release)"
);
var outOfOrderOption = (group) => option(group, "--out-of-order", "let new blocks run below blocks that are there already");
var COMMANDS = [
  {
    name: "bundle",
    group: "Commands:",
    summary: "write one guarded script that psql can run",
    source: "directory of SQL files, or one SQL file",
    options: [
      option(OUTPUT, "--output <file>", "the script; - is standard output").default("-"),
      ...outputOptions(),
      option(BUILD, "--dialect <name>", "family of databases").choices(["postgres", "mysql"]).default("postgres"),
      ...buildOptions(),
      option(BUILD, "--form <form>", "anonymous block, or stored procedure (default: do)").choices([
        "do",
        "procedure"
      ]),
      transactionOption(BUILD),
      outOfOrderOption(BUILD),
      tableOption(BUILD)
    ]
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
        "let a statement wait so long for a lock, then retry (default: 2s)"
      ),
      option(RUN, "--concurrency <n>", "targets at the same time (default: 1)"),
      ...buildOptions(),
      ...outputOptions()
    ]
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
      ...outputOptions()
    ]
  },
  {
    name: "status",
    group: "Commands:",
    summary: "show each block and whether the database has it",
    source: "directory, SQL file or script to compare with",
    options: [...targetOptions(), ...buildOptions(), ...outputOptions()]
  },
  {
    name: "log",
    group: "Commands:",
    summary: "show what was run, newest first",
    source: void 0,
    options: [
      ...targetOptions(),
      option(OUTPUT, "--limit <n>", "so many events").default("50").argParser(parseLimit),
      ...outputOptions()
    ]
  }
];
function addCommand(program, definition, run) {
  const command = program.command(definition.name).description(definition.summary);
  command.helpGroup(definition.group);
  for (const each of definition.options) {
    command.addOption(each);
  }
  const { name } = definition;
  if (definition.source === void 0) {
    command.action(async () => run({ command: name, source: void 0, options: command.opts() }));
  } else {
    command.argument("[source]", definition.source);
    command.action(
      async (source) => run({ command: name, source, options: command.opts() })
    );
  }
}
function option(group, flags, description) {
  return new Option(flags, description).helpGroup(group);
}
function collect(value, previous) {
  return [...previous ?? [], value];
}
function parseLimit(value) {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new InvalidArgumentError("It must be a whole number from 1.");
  }
  return value;
}
function readVersion() {
  const file = new URL("../../package.json", import.meta.url);
  const content = JSON.parse(readFileSync(file, "utf8"));
  return typeof content === "object" && content !== null && "version" in content ? String(content.version) : "unknown";
}

// src/cli/run-cli.ts
async function runCli(argv, io) {
  let exitCode2 = EXIT.ok;
  const program = createProgram(
    async (invocation) => {
      exitCode2 = await runCommand(invocation, io);
    },
    { print: (text) => io.stdout.write(text) }
  );
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode2;
  } catch (error) {
    return endOf(error, { program, argv, io });
  }
}
var COMMANDS2 = {
  bundle: async () => (await import("./c/bundle-7JPNNVK5.js")).bundle,
  deploy: async () => (await import("./c/deploy-SPBWVVAH.js")).deploy,
  plan: async () => (await import("./c/plan-QVCYEGFR.js")).plan,
  status: async () => (await import("./c/status-LWZGPGCT.js")).status,
  log: async () => (await import("./c/log-64GGK2PV.js")).log
};
async function runCommand(invocation, io) {
  const { command, options } = invocation;
  const { Output } = await import("./c/output-VVOIJKWX.js");
  const output = await Output.create(io, {
    json: options.json ?? false,
    quiet: options.quiet ?? false
  });
  let result;
  try {
    const execute = await COMMANDS2[command]();
    result = await execute({ ...invocation, io, output });
  } catch (error) {
    result = { targets: [], error };
  }
  const ownCode = exitCodeOf(result);
  const exitCode2 = ownCode === EXIT.ok ? ownCode : io.stopStatus() ?? ownCode;
  if (result.error !== void 0 && !isBrokenPipe(result.error)) {
    output.error(result.error);
  }
  if (options.json === true) {
    const { jsonDocument } = await import("./c/json-ACI7SZ36.js");
    output.document(jsonDocument(command, exitCode2, result));
  }
  return exitCode2;
}
async function endOf(error, { program, argv, io }) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (isHelp) {
    return EXIT.ok;
  }
  const json = argv.includes("--json");
  const { Output } = await import("./c/output-VVOIJKWX.js");
  const output = await Output.create(io, { json, quiet: false });
  const failure = error instanceof CommanderError ? usageError(error, program) : error;
  const exitCode2 = exitCodeOf({ targets: [], error: failure });
  output.error(failure);
  if (json) {
    const { jsonDocument } = await import("./c/json-ACI7SZ36.js");
    const command = program.commands.find((each) => each.name() === argv[0])?.name() ?? "";
    output.document(jsonDocument(command, exitCode2, { targets: [], error: failure }));
  }
  return exitCode2;
}
function usageError(error, program) {
  if (error.code === "commander.help") {
    return new RowgateError("usage-invalid", {
      message: "no command was given",
      hint: `Give one of ${program.commands.map((each) => each.name()).join(", ")}; "rowgate --help" explains them.`
    });
  }
  const [, message = error.message, nearest] = /^(?:error: )?(.*?)(?:\s*\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(error.message) ?? [];
  return new RowgateError("usage-invalid", {
    message: message.replace(/\.$/, ""),
    hint: nearest === void 0 ? 'See "rowgate --help", or "rowgate COMMAND --help" for its options.' : `Did you mean ${nearest}?`
  });
}
function exitCodeOf({ targets, error, exitCode: exitCode2 }) {
  if (error !== void 0) {
    return errorExitCode(error);
  }
  const failed = targets.filter((target) => target.outcome === "failed");
  if (failed.length === 0) {
    return exitCode2 ?? EXIT.ok;
  }
  return targets.length === 1 ? errorExitCode(failed[0]?.error) : EXIT.fleet;
}
function errorExitCode(error) {
  if (isBrokenPipe(error)) {
    return EXIT.failed;
  }
  return error instanceof RowgateError ? error.exitCode : EXIT.bug;
}
function isBrokenPipe(error) {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}

// src/cli/main.ts
var STATUS_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 };
var controller = new AbortController();
var stopped;
for (const [signal, status] of Object.entries(STATUS_BY_SIGNAL)) {
  process.on(signal, () => {
    if (stopped !== void 0) {
      process.exit(status);
    }
    stopped = status;
    controller.abort();
  });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}
var exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  directory: process.cwd(),
  signal: controller.signal,
  stopStatus: () => stopped
});
process.exitCode = exitCode;
if (stopped !== void 0) {
  process.stdout.write("", () => process.exit());
}
