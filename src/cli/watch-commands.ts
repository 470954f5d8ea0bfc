/** The commands below `rowgate watch`: questions and requests. */
import type { Option } from "commander";
import {
  type CommandDefinition,
  option,
  OUTPUT,
  outputOptions,
  parseNumber,
  RUN,
} from "./command-definition.ts";
import type { CommandName } from "./options.ts";

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
