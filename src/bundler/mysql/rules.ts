/** The rules of MySQL and MariaDB: files as their clients read them, blocks as a ledger counts them. */
import { mysqlAssertion } from "../../scan/assertion.ts";
import { mysqlComments } from "../../scan/comments.ts";
import { scanMysqlText } from "../../scan/mysql.ts";
import { newClientState } from "../../scan/mysql-lexis.ts";
import type { Rules } from "../reading/rules.ts";
import { createMysqlPlanner } from "./plan.ts";
import { isSessionSetting, transactionControl } from "./session-statement.ts";
import { walkFile } from "./walk.ts";

/** What makes a file more, or less, than its own text: commands, and files of data. */
const COMMANDS = String.raw`\bsource[ \t]|\b(?:exit|quit)\b|\\[.q]|\binfile\b`;

/** What changes how the next file is read, when it is read in the same session. */
const LASTING = String.raw`\bdelimiter\b|\\d|\bsql_mode\b`;

export const mysqlRules: Rules = {
  walkFile,
  expansions: ({ open }) => new RegExp(open.length > 0 ? `${COMMANDS}|${LASTING}` : COMMANDS, "i"),
  comments: mysqlComments,
  controlOf: ({ head }) => transactionControl(head),
  isSetting: ({ head }) => isSessionSetting(head),
  countStatements: (text) =>
    [...scanMysqlText(text, newClientState())].filter(({ kind }) => kind === "statement").length,
  assertion: mysqlAssertion,
  loadPlanner: async () => createMysqlPlanner(),
};
