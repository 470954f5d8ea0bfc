/** The commands, and what each of them takes. */
import type { Option } from "commander";
import {
  BUILD,
  buildOptions,
  collect,
  configOption,
  option,
  OUTPUT,
  outputOptions,
  outOfOrderOption,
  parseNumber,
  proofOptions,
  RUN,
  tableOption,
  targetOptions,
  transactionOption,
  waitOptions,
  type CommandDefinition,
} from "./command-definition.ts";
import type { CommandName } from "./options.ts";

export const COMMANDS: readonly CommandDefinition[] = [
  {
    name: "bundle",
    group: "Commands:",
    summary: "write one guarded script for psql, mysql or mariadb",
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
      option(BUILD, "--undo", "write the script that goes back, by the undo texts of the source"),
      option(BUILD, "--to <id>", "with --undo: the last block that stays"),
      option(BUILD, "--all", "with --undo: no block stays"),
      option(
        BUILD,
        "--prove",
        "prove the source first, as `rowgate test` does, and say so in the header",
      ),
      ...proofOptions(BUILD),
    ],
  },
  {
    name: "new",
    group: "Commands:",
    summary: "write the files of a new block, numbered as the source numbers",
    subject: ["name", 'what changes, such as "add phone to customer"'],
    source: "directory of the source",
    options: [
      option(RUN, "--no-undo", "no file for what takes it back"),
      option(RUN, "--no-verify", "no file for what proves it"),
      option(
        BUILD,
        "--dialect <name>",
        "family of databases; mysql is MariaDB, too (default: postgres)",
      ).choices(["postgres", "mysql"]),
      option(
        BUILD,
        "--layout <name>",
        "whose layout the files have, such as flyway or goose (default: what they show)",
      ),
      ...outputOptions(),
    ],
  },
  {
    name: "init",
    group: "Commands:",
    summary: "write a rowgate.yaml with comments, after a few questions",
    source: "directory to write it into",
    options: [option(RUN, "--yes", "ask nothing, and take the defaults"), ...outputOptions()],
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
      option(RUN, "--prune", "then drop routines and views that the source no longer has"),
      transactionOption(RUN),
      outOfOrderOption(RUN),
      ...waitOptions(),
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
    name: "verify",
    group: "Commands:",
    summary: "check that the assertions hold; writes nothing",
    source: "directory of SQL files, one SQL file, or a script",
    options: [...targetOptions(), ...buildOptions(), ...outputOptions()],
  },
  {
    name: "check",
    group: "Commands:",
    summary: "find what would hurt a database in use; needs none",
    source: "directory of SQL files, one SQL file, or a script",
    options: [
      option(
        RUN,
        "--base <ref>",
        "only what this branch adds to a ref of Git, such as origin/main",
      ),
      option(RUN, "--rule <name>", "only findings of this rule; repeatable").argParser(collect),
      option(RUN, "--strict", "warnings end with status 9, too"),
      option(
        BUILD,
        "--dialect <name>",
        "family of databases; mysql is MariaDB, too (default: that of the target, else postgres)",
      ).choices(["postgres", "mysql"]),
      ...buildOptions(),
      tableOption(BUILD),
      ...outputOptions(),
    ],
  },
  {
    name: "test",
    group: "Commands:",
    summary: "prove a source on databases that are made for it and dropped again",
    source: "directory of SQL files, one SQL file, or a script",
    options: [
      ...proofOptions(RUN),
      option(
        BUILD,
        "--dialect <name>",
        "family of databases; mysql is MariaDB, too (default: that of --on or the target, else postgres)",
      ).choices(["postgres", "mysql"]),
      ...buildOptions(),
      ...outputOptions(),
    ],
  },
  {
    name: "undo",
    group: "Commands:",
    summary: "take blocks back by their undo texts, on databases that are named",
    source: "directory of SQL files, one SQL file, or a script of bundle --undo",
    options: [
      option(RUN, "--to <id>", "the last block that stays"),
      option(RUN, "--all", "no block stays"),
      option(RUN, "--dry-run", "only show what would be taken back"),
      option(RUN, "--yes", "take it back without a question"),
      ...targetOptions(),
      transactionOption(RUN),
      ...waitOptions(),
      ...buildOptions(),
      ...outputOptions(),
    ],
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
    name: "adopt",
    group: "Commands:",
    summary: "take over a database that another tool or a person has built",
    source: "directory, SQL file or script that has its blocks",
    options: [
      option(
        RUN,
        "--from <tool>",
        "tool whose history to read, such as flyway (default: the one whose table is there)",
      ),
      option(RUN, "--from-table <[schema.]name>", "its table, when that has not the usual name"),
      option(RUN, "--to <id>", "without a tool: all blocks up to and including this one"),
      option(RUN, "--dry-run", "only show what would be adopted"),
      option(RUN, "--yes", "write it without a question"),
      option(RUN, "--reason <text>", "why; kept in the log"),
      ...targetOptions(),
      ...buildOptions(),
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
  {
    name: "watch",
    group: "Commands:",
    summary: "follow repositories, and deploy each new revision",
    source: undefined,
    options: [
      option(RUN, "--once", "end when nothing moves by itself; for cron and CI"),
      option(RUN, "--dry-run", "plan the newest revision, and deploy nothing"),
      option(
        OUTPUT,
        "--log-format <format>",
        "of the lines on standard error (default: pretty on a terminal, else json)",
      ).choices(["json", "pretty"]),
      configOption(),
    ],
  },
];

const WATCHED = "source under watch in rowgate.yaml";

const requestOptions = (): readonly Option[] => [
  option(RUN, "--by <name>", "who asks (default: the user of the system)"),
  option(RUN, "--reason <text>", "why; kept in the history"),
  option(RUN, "--wait", "until the watcher has answered"),
  ...outputOptions(),
];

const planOption = (): Option =>
  option(RUN, "--plan <hash>", "only this plan, by 8 digits or more (default: the one that waits)");

function request(
  name: CommandName,
  summary: string,
  more: readonly Option[] = [],
): CommandDefinition {
  return {
    name,
    group: "Requests:",
    summary,
    source: WATCHED,
    needsSource: true,
    options: [...more, ...requestOptions()],
  };
}

export const WATCH_COMMANDS: readonly CommandDefinition[] = [
  {
    name: "watch status",
    group: "Questions:",
    summary: "show where each source stands, and why it waits",
    source: WATCHED,
    options: outputOptions(),
  },
  {
    name: "watch history",
    group: "Questions:",
    summary: "show what became of each revision, newest first",
    source: WATCHED,
    options: [
      option(OUTPUT, "--limit <n>", "so many revisions").default("50").argParser(parseNumber),
      ...outputOptions(),
    ],
  },
  request("watch sync", "look at the repository and the databases now"),
  request("watch approve", "let the plan that waits be carried out", [planOption()]),
  request("watch reject", "refuse the plan that waits", [planOption()]),
  request("watch retry", "try again what failed, was held or rejected"),
  request("watch pause", "begin no further deployment"),
  request("watch resume", "begin deployments again"),
];
