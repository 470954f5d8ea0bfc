/** The values of rowgate.yaml that more than one part of it has. All scalars arrive as text. */
import { z } from "zod";
import { RowgateError } from "../domain/errors.ts";
import { parseConcurrency } from "./concurrency.ts";
import { parseDuration } from "./duration.ts";
import { parseLayout } from "./layout.ts";
import { RULE_NAMES } from "../scan/check/rules.ts";
import { parseVersionsTable } from "./versions-table.ts";

export const text = z.string().min(1, "must not be empty");
export const duration = parsed((value) => parseDuration(value, "the value"));
export const concurrency = parsed((value) => parseConcurrency(value, "the value"));
export const layout = parsed((value) => parseLayout(value, "the value"));
export const ruleName = z.enum(RULE_NAMES);
export const versionsTable = parsed(parseVersionsTable);

/** A text that one of Rowgate's own parsers reads, with that parser's message. */
export function parsed<T>(
  parse: (value: string) => T,
): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return text.transform((value, context): T => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof RowgateError)) {
        throw error;
      }
      context.addIssue({ code: "custom", message: error.message, params: { hint: error.hint } });
      return z.NEVER;
    }
  });
}
