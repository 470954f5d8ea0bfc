/** PostgreSQL's rules: files as psql reads them, blocks as the server runs them. */
import { postgresAssertion } from "../../scan/assertion.ts";
import { postgresComments } from "../../scan/comments.ts";
import { loadPostgresParser } from "../../scan/postgres-parser.ts";
import { scanPostgresText } from "../../scan/postgres.ts";
import type { Rules } from "../reading/rules.ts";
import { createPostgresPlanner } from "./plan.ts";
import { isSessionSetting, transactionControl } from "./session-statement.ts";
import { walkFile } from "./walk.ts";

/** Commands that make a file more, or less, than its own text. */
const COMMANDS = "\\\\(?:i|ir|include|include_relative|set|unset|if|elif|else|endif|copy|q|quit)";

export const postgresRules: Rules = {
  walkFile,
  expansions({ variables }) {
    const names = [...variables.keys()].map((name) => name.replaceAll(/[^\w]/gu, "\\$&"));
    const uses = names.length === 0 ? "" : `|:['"]?(?:${names.join("|")})`;

    return new RegExp(`${COMMANDS}(?![A-Za-z_])|:\\{\\?${uses}`);
  },
  comments: postgresComments,
  controlOf: ({ head }) => transactionControl(head),
  isSetting: isSessionSetting,
  countStatements: (text) =>
    [...scanPostgresText(text)].filter(({ kind }) => kind === "statement").length,
  assertion: postgresAssertion,
  loadPlanner: async ({ checksSyntax }) =>
    createPostgresPlanner(await loadPostgresParser(), checksSyntax),
};
