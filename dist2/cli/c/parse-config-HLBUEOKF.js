import {
  DEFAULTS,
  expandVariables,
  nearestName,
  parseConcurrency,
  parseDuration,
  parseVersionsTable
} from "./chunk-TWNGBNEF.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/config/parse-config.ts
import { dirname } from "node:path";
import { isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";

// src/config/schema.ts
import { z } from "zod";
var text = z.string().min(1, "must not be empty");
var duration = parsed((value) => parseDuration(value, "the value"));
var concurrency = parsed((value) => parseConcurrency(value, "the value"));
var versionsTable = parsed(parseVersionsTable);
var target = z.strictObject({
  url: text.optional(),
  urlEnv: text.optional(),
  urlFile: text.optional(),
  dialect: z.enum(["postgres", "mysql"]).optional(),
  versionsTable: versionsTable.optional()
}).refine((value) => [value.url, value.urlEnv, value.urlFile].filter(Boolean).length === 1, {
  message: "needs exactly one of the keys url, urlEnv and urlFile"
});
var configSchema = z.strictObject({
  source: text.optional(),
  release: text.optional(),
  versionsTable: versionsTable.optional(),
  variables: z.record(z.string(), z.string()).default({}),
  targets: z.record(z.string(), target).default({}),
  defaults: z.strictObject({
    lockWait: duration.default(DEFAULTS.lockWait),
    lockTimeout: duration.default(DEFAULTS.lockTimeout),
    transaction: z.enum(["release", "block"]).optional().transform((mode) => mode),
    concurrency: concurrency.default(DEFAULTS.concurrency)
  }).prefault({})
});
function keysAt(path) {
  if (path.length === 0) {
    return Object.keys(configSchema.shape);
  }
  if (path[0] === "targets" && path.length === 2) {
    return Object.keys(target.shape);
  }
  return path[0] === "defaults" && path.length === 1 ? Object.keys(configSchema.shape.defaults.unwrap().shape) : [];
}
function parsed(parse) {
  return text.transform((value, context) => {
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

// src/config/parse-config.ts
function parseConfig(file, env) {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    schema: "failsafe",
    prettyErrors: false,
    lineCounter: lines
  });
  const place = (offset) => positionIn(file, offset);
  const fault = document.errors[0];
  if (fault !== void 0) {
    throw new RowgateError("config-invalid", {
      message: lowerFirst(fault.message.split("\n")[0] ?? "the file is not YAML"),
      at: place(fault.pos[0])
    });
  }
  expandScalars(document, env, place);
  const at = (path) => place(offsetOf(document, path));
  const result = configSchema.safeParse(document.toJS() ?? {});
  if (!result.success) {
    throw asRowgateError(result.error, document, place);
  }
  const { targets, ...rest } = result.data;
  return {
    source: void 0,
    release: void 0,
    versionsTable: void 0,
    ...rest,
    directory: dirname(file.path),
    targets: new Map(Object.entries(targets)),
    at
  };
}
function expandScalars(document, env, place) {
  visit(document, {
    Pair: (_key, pair, ancestors) => ancestors.length === 2 && isScalar(pair.key) && pair.key.value === "targets" ? visit.SKIP : void 0,
    Scalar: (key, node) => {
      if (key !== "key" && typeof node.value === "string") {
        node.value = expandVariables(node.value, env, place(node.range?.[0] ?? 0));
      }
    }
  });
}
function asRowgateError(error, document, place) {
  const [issue] = error.issues;
  if (issue === void 0) {
    return new RowgateError("config-invalid", { message: "the file is not valid", at: place(0) });
  }
  if (issue.code === "unrecognized_keys") {
    return unknownKey(issue.path, issue.keys[0] ?? "", (path) => place(keyOffset(document, path)));
  }
  const name = issue.path.map(String).join(".");
  return new RowgateError("config-invalid", {
    message: `${name === "" ? "the file" : name}: ${messageOf(issue)}`,
    hint: hintOf(issue),
    at: place(offsetOf(document, issue.path)),
    cause: error
  });
}
function messageOf(issue) {
  if (issue.code === "invalid_type") {
    return issue.expected === "string" ? "must be a text, not a list or a map" : "must be a map of keys and values";
  }
  return issue.code === "invalid_value" ? `must be ${issue.values.map(String).join(" or ")}` : issue.message;
}
function hintOf(issue) {
  const hint = issue.code === "custom" ? issue.params?.["hint"] : void 0;
  return typeof hint === "string" ? hint : void 0;
}
function unknownKey(path, key, at) {
  const known = keysAt(path);
  const nearest = nearestName(key, known);
  return new RowgateError("config-invalid", {
    message: `unknown key "${[...path, key].map(String).join(".")}"`,
    hint: nearest === void 0 ? `Use one of the keys ${known.join(", ")}.` : `Write it as ${nearest}.`,
    at: at([...path, key])
  });
}
function offsetOf(document, path) {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const offset = isNode(node) ? node.range?.[0] : void 0;
    if (offset !== void 0) {
      return offset;
    }
  }
  return 0;
}
function keyOffset(document, path) {
  let offset;
  visit(document, {
    Pair: (_key, pair, ancestors) => {
      const depth = ancestors.filter((node) => "items" in node).length;
      if (depth === path.length && isScalar(pair.key) && pair.key.value === path.at(-1)) {
        offset ??= pair.key.range?.[0];
      }
    }
  });
  return offset ?? offsetOf(document, path);
}
function positionIn(file, offset) {
  const before = file.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    path: file.name,
    line: before.split("\n").length,
    column: Array.from(before.slice(lineStart)).length + 1
  };
}
function lowerFirst(text2) {
  return text2.charAt(0).toLowerCase() + text2.slice(1);
}
export {
  parseConfig
};
