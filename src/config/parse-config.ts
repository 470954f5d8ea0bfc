/** The text of rowgate.yaml → checked settings. Loaded only when there is such a file. */
import { dirname } from "node:path";
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, visit } from "yaml";
import type { z } from "zod";
import { RowgateError } from "../domain/errors.ts";
import type { SourcePosition } from "../domain/source.ts";
import type { Config } from "./config.ts";
import { type Environment, expandVariables } from "./expand.ts";
import { nearestName } from "../domain/nearest.ts";
import { configSchema, keysAt } from "./schema.ts";
import type { WatchConfig } from "./watch-config.ts";
import type { watchSchema } from "./watch-schema.ts";

/** A file that was read: its absolute path, the name that errors show, and its text. */
export interface ConfigFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/**
 * What the file says, with variables of the environment replaced everywhere but in the targets:
 * those that a run does not touch may name variables that are not set. An empty file says nothing.
 *
 * @throws RowgateError `config-invalid`, with its place, at the first fault. No message repeats a
 * line of the file, which may hold passwords.
 */
export function parseConfig(file: ConfigFile, env: Environment): Config {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    schema: "failsafe",
    prettyErrors: false,
    lineCounter: lines,
  });
  const place = (offset: number): SourcePosition => positionIn(file, offset);

  const fault = document.errors[0];
  if (fault !== undefined) {
    throw new RowgateError("config-invalid", {
      message: lowerFirst(fault.message.split("\n")[0] ?? "the file is not YAML"),
      at: place(fault.pos[0]),
    });
  }

  expandScalars(document, env, place);
  const at = (path: readonly PropertyKey[]): SourcePosition => place(offsetOf(document, path));
  const result = configSchema.safeParse(document.toJS() ?? {});
  if (!result.success) {
    throw asRowgateError(result.error, document, place);
  }

  const { targets, watch, ...rest } = result.data;
  checkTargets(watch, Object.keys(targets), at);
  return {
    source: undefined,
    layout: undefined,
    release: undefined,
    versionsTable: undefined,
    ...rest,
    directory: dirname(file.path),
    targets: new Map(Object.entries(targets)),
    watch: watch === undefined ? undefined : asWatchConfig(watch),
    at,
  };
}

function asWatchConfig(watch: z.output<typeof watchSchema>): WatchConfig {
  return {
    listen: undefined,
    token: undefined,
    logFormat: undefined,
    ...watch,
    sources: new Map(Object.entries(watch.sources)),
  };
}

/** Environments deploy to targets that the same file names. */
function checkTargets(
  watch: z.output<typeof watchSchema> | undefined,
  known: readonly string[],
  at: (path: readonly PropertyKey[]) => SourcePosition,
): void {
  for (const [source, { environments }] of Object.entries(watch?.sources ?? {})) {
    for (const { name, targets } of environments) {
      const index = targets.findIndex((target) => !known.includes(target));
      if (index !== -1) {
        const path = ["watch", "sources", source, "environments", name, "targets"];
        throw unknownTarget(targets[index] ?? "", known, {
          path: path.join("."),
          at: at([...path, index]),
        });
      }
    }
  }
}

function unknownTarget(
  name: string,
  known: readonly string[],
  place: { readonly path: string; readonly at: SourcePosition },
): RowgateError {
  const nearest = nearestName(name, known);
  const choice = known.length === 0 ? "Add it under targets." : `Choose from ${known.join(", ")}.`;
  return new RowgateError("config-invalid", {
    message: `${place.path}: there is no target "${name}"`,
    hint: nearest === undefined ? choice : `Write it as ${nearest}.`,
    at: place.at,
  });
}

function expandScalars(
  document: Document,
  env: Environment,
  place: (offset: number) => SourcePosition,
): void {
  visit(document, {
    Pair: (_key, pair, ancestors) =>
      ancestors.length === 2 && isScalar(pair.key) && pair.key.value === "targets"
        ? visit.SKIP
        : undefined,
    Scalar: (key, node) => {
      if (key !== "key" && typeof node.value === "string") {
        node.value = expandVariables(node.value, env, place(node.range?.[0] ?? 0));
      }
    },
  });
}

function asRowgateError(
  error: z.ZodError,
  document: Document,
  place: (offset: number) => SourcePosition,
): RowgateError {
  const [issue] = error.issues;
  if (issue === undefined) {
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
    cause: error,
  });
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "must be a text, not a list or a map",
  array: "must be a list",
};

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    return EXPECTED[issue.expected] ?? "must be a map of keys and values";
  }
  if (issue.code === "invalid_key") {
    return issue.issues[0]?.message ?? issue.message;
  }
  return issue.code === "invalid_value"
    ? `must be ${issue.values.map(String).join(" or ")}`
    : issue.message;
}

function hintOf(issue: z.core.$ZodIssue): string | undefined {
  const hint: unknown = issue.code === "custom" ? issue.params?.["hint"] : undefined;
  return typeof hint === "string" ? hint : undefined;
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  at: (path: readonly PropertyKey[]) => SourcePosition,
): RowgateError {
  const known = keysAt(path);
  const nearest = nearestName(key, known);
  return new RowgateError("config-invalid", {
    message: `unknown key "${[...path, key].map(String).join(".")}"`,
    hint:
      nearest === undefined
        ? `Use one of the keys ${known.join(", ")}.`
        : `Write it as ${nearest}.`,
    at: at([...path, key]),
  });
}

/** Where a value begins; where its nearest parent does, when it has no place of its own. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const offset = isNode(node) ? node.range?.[0] : undefined;
    if (offset !== undefined) {
      return offset;
    }
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number {
  const parent: unknown =
    path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(document, path);
}

function positionIn(file: ConfigFile, offset: number): SourcePosition {
  const before = file.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    path: file.name,
    line: before.split("\n").length,
    column: Array.from(before.slice(lineStart)).length + 1,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
