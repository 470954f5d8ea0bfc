/** What the definitions of commands are made of: options, in groups, that several have. */
import { InvalidArgumentError, Option } from "commander";
import type { CommandName } from "./options.ts";

export interface CommandDefinition {
  readonly name: CommandName;
  readonly group: string;
  readonly summary: string;
  /** The argument before SOURCE: its name, and what it is. */
  readonly subject?: readonly [name: string, description: string];
  /** What the argument may be; undefined for a command without one. */
  readonly source: string | undefined;
  /** Whether it must be given. */
  readonly needsSource?: boolean;
  readonly options: readonly Option[];
}

export const BUILD = "Build:";
const TARGET = "Target:";
export const RUN = "Run:";
export const OUTPUT = "Output:";

export const buildOptions = (): readonly Option[] => [
  option(
    BUILD,
    "--layout <name>",
    "whose layout the files have, such as flyway or goose (default: what they show)",
  ),
  option(
    BUILD,
    "--placeholders",
    "put variables where ${name} stands in files of Flyway, MyBatis and Liquibase",
  ),
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

export const tableOption = (group: string): Option =>
  option(
    group,
    "--versions-table <[schema.]name>",
    "table that holds the history (default: versions)",
  );

export const targetOptions = (): readonly Option[] => [
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

export const configOption = (): Option =>
  option(OUTPUT, "--config <file>", "settings (default: rowgate.yaml, when it is there)");

export const outputOptions = (): readonly Option[] => [
  option(OUTPUT, "--json", "print one JSON document"),
  option(OUTPUT, "--quiet", "print only errors and the result"),
  configOption(),
];

export const transactionOption = (group: string): Option =>
  option(
    group,
    "--transaction <mode>",
    "release: all in one transaction where possible; block: each block in its own (default: release)",
  );

export const outOfOrderOption = (group: string): Option =>
  option(group, "--out-of-order", "let new blocks run below blocks that are there already");

/** How long a run waits, and for how many at a time. */
export const waitOptions = (): readonly Option[] => [
  option(RUN, "--lock-wait <time>", "wait so long for others, then give up (default: 60s)"),
  option(
    RUN,
    "--lock-timeout <time>",
    "let a statement wait so long for a lock, then retry (default: 2s)",
  ),
  option(RUN, "--concurrency <n>", "targets at the same time (default: 1)"),
];

/** Where a source is proved, and how thoroughly. */
export const proofOptions = (group: string): readonly Option[] => [
  option(
    group,
    "--on <url>",
    "server on which to make the databases of a proof (default: an embedded PostgreSQL in memory)",
  ),
  option(
    group,
    "--cuts <n>",
    "break off behind so many statements at most, spread evenly (default: all)",
  ).argParser((value) => (value === "all" ? value : parseNumber(value))),
];

export function option(group: string, flags: string, description: string): Option {
  return new Option(flags, description).helpGroup(group);
}

export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

export function parseNumber(value: string): string {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new InvalidArgumentError("It must be a whole number from 1.");
  }
  return value;
}
