/** The keys of rowgate.yaml. All scalars arrive as text, so that `release: 1.10` stays `1.10`. */
import { z } from "zod";
import type { TransactionMode } from "../domain/bundle.ts";
import { DEFAULTS } from "./config.ts";
import { concurrency, duration, layout, ruleName, text, versionsTable } from "./schema-values.ts";
import { watchSchema } from "./watch-schema.ts";

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
  layout: layout.optional(),
  placeholders: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true"),
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
  check: z
    .strictObject({
      rules: z.partialRecord(ruleName, z.enum(["error", "warn", "off"])).default({}),
    })
    .prefault({}),
  watch: watchSchema.optional(),
});

/** The keys that may stand at a path; empty where any key may. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const schema = path.reduce<unknown>((parent, key) => memberOf(bare(parent), key), configSchema);
  const object = bare(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function memberOf(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) {
    return schema.shape[String(key)];
  }
  if (schema instanceof z.ZodRecord) {
    return schema.valueType;
  }
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** Without its default, its transformation, and whether it may be left out. */
function bare(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return bare(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema;
}
