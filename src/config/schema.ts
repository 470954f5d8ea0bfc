/** The keys of rowgate.yaml. All scalars arrive as text, so that `release: 1.10` stays `1.10`. */
import { z } from "zod";
import type { TransactionMode } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import { parseConcurrency } from "./concurrency.ts";
import { DEFAULTS } from "./config.ts";
import { parseDuration } from "./duration.ts";
import { parseVersionsTable } from "./versions-table.ts";

const text = z.string().min(1, "must not be empty");
const duration = parsed((value) => parseDuration(value, "the value"));
const concurrency = parsed((value) => parseConcurrency(value, "the value"));
const versionsTable = parsed(parseVersionsTable);

const target = z
  .strictObject({
    url: text.optional(),
    urlEnv: text.optional(),
    urlFile: text.optional(),
    dialect: z.enum(["postgres", "mysql"]).optional(),
    versionsTable: versionsTable.optional(),
  })
  .refine((value) => [value.url, value.urlEnv, value.urlFile].filter(Boolean).length === 1, {
    message: "needs exactly one of the keys url, urlEnv and urlFile",
  });

/** @throws nothing: parse with `safeParse`. */
export const configSchema = z.strictObject({
  source: text.optional(),
  release: text.optional(),
  versionsTable: versionsTable.optional(),
  variables: z.record(z.string(), z.string()).default({}),
  targets: z.record(z.string(), target).default({}),
  defaults: z
    .strictObject({
      lockWait: duration.default(DEFAULTS.lockWait),
      lockTimeout: duration.default(DEFAULTS.lockTimeout),
      transaction: z
        .enum(["release", "block"])
        .optional()
        .transform((mode): TransactionMode | undefined => mode),
      concurrency: concurrency.default(DEFAULTS.concurrency),
    })
    .prefault({}),
});

/** The keys that may stand at a path; empty where any key may. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) {
    return Object.keys(configSchema.shape);
  }
  if (path[0] === "targets" && path.length === 2) {
    return Object.keys(target.shape);
  }
  return path[0] === "defaults" && path.length === 1
    ? Object.keys(configSchema.shape.defaults.unwrap().shape)
    : [];
}

/** A text that one of Rowgate's own parsers reads, with that parser's message. */
function parsed<T>(parse: (value: string) => T): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
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
