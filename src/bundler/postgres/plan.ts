/** The statements of one block → how the block runs. */
import { RowgateError } from "../../domain/errors.ts";
import type { PostgresParser } from "../../scan/postgres-parser.ts";
import type { BlockPlan, Planner } from "../reading/rules.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { createClassifier } from "./classify.ts";
import { createSurvey } from "./survey.ts";
import { planTransaction } from "./transaction.ts";

/** What the dialects save and restore around every block, whatever is in it. */
const USUAL_SETTINGS = new Set([
  "search_path",
  "role",
  "check_function_bodies",
  "session_replication_role",
  "row_security",
  "default_tablespace",
  "client_min_messages",
  "lock_timeout",
  "statement_timeout",
  "standard_conforming_strings",
]);

/**
 * A planner that parses each statement. Its errors are `syntax-invalid` when syntax is checked,
 * `copy-unsupported`, and what `planTransaction` throws.
 */
export function createPostgresPlanner(parser: PostgresParser, checksSyntax: boolean): Planner {
  return {
    begin({ directives, prefix }) {
      const classifier = createClassifier(parser, checksSyntax);
      const survey = createSurvey();

      return {
        add(piece) {
          const found = classifier.classify(piece);

          if (found.copy === "to-stdout") {
            throw copyError(piece);
          }
          survey.add(piece, found);
        },
        finish(): BlockPlan {
          const seen = survey.finish();
          const leaks = [
            ...seen.settings,
            ...prefix.flatMap(({ text }) => settingsOf(parser, text)),
          ];

          return {
            ...planTransaction(seen, directives),
            prefix,
            hasCopy: seen.hasCopy,
            leaks: [...new Set(leaks)].filter((name) => !USUAL_SETTINGS.has(name)),
          };
        },
      };
    },
  };
}

function settingsOf(parser: PostgresParser, text: string): readonly string[] {
  const found = parser.classify(text);

  return "message" in found ? [] : found.settings;
}

function copyError(piece: WalkedPiece): RowgateError {
  return new RowgateError("copy-unsupported", {
    message: "COPY TO STDOUT writes to the client, and a bundle has nowhere to put it",
    hint: "Remove the statement.",
    at: piece.at,
  });
}
