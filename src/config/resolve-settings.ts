/** The settings of a run that are not about its targets: flag > ROWGATE_* > rowgate.yaml > default. */
import { resolve } from "node:path";
import type { TransactionMode } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { LayoutName } from "../domain/layout.ts";
import type { VersionsTable } from "../domain/target.ts";
import { parseConcurrency } from "./concurrency.ts";
import { type Config, DEFAULTS } from "./config.ts";
import { parseDuration } from "./duration.ts";
import type { Environment } from "./expand.ts";
import { parseLayout } from "./layout.ts";
import { parseVersionsTable } from "./versions-table.ts";

/** What the command line says; all of it as text. */
export interface SettingsRequest {
  readonly source?: string | undefined;
  readonly layout?: string | undefined;
  readonly placeholders?: boolean | undefined;
  readonly release?: string | undefined;
  readonly transaction?: string | undefined;
  readonly lockWait?: string | undefined;
  readonly lockTimeout?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly versionsTable?: string | undefined;
  /** `name=value` each. */
  readonly variables?: readonly string[] | undefined;
}

export interface Settings {
  /**
   * A directory or a file, relative to the working directory unless rowgate.yaml names it; undefined
   * when nothing does.
   */
  readonly source: string | undefined;
  /** Undefined to find it by the files. */
  readonly layout: LayoutName | undefined;
  readonly placeholders: boolean;
  /** Undefined when nothing names it. */
  readonly release: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined when nothing names it. */
  readonly transaction: TransactionMode | undefined;
  readonly lockWaitMs: number;
  readonly lockTimeoutMs: number;
  readonly concurrency: number;
  /** The table's name where no target has its own; undefined when nothing names it. */
  readonly versions: VersionsTable | undefined;
}

const NO_CONFIG: Pick<
  Config,
  "layout" | "placeholders" | "release" | "variables" | "versionsTable" | "defaults"
> = {
  layout: undefined,
  placeholders: false,
  release: undefined,
  variables: {},
  versionsTable: undefined,
  defaults: DEFAULTS,
};

/** @throws RowgateError `usage-invalid`, when a value cannot be understood. */
export function resolveSettings(
  request: SettingsRequest,
  env: Environment,
  config: Config | undefined,
): Settings {
  const { defaults, ...file } = config ?? NO_CONFIG;
  const from = (flag: string | undefined, name: string): Sourced | undefined =>
    sourced({ flag, name, env });

  return {
    source: from(request.source, "source")?.text ?? sourceIn(config),
    layout: parseOr(from(request.layout, "layout"), parseLayout, file.layout),
    placeholders: request.placeholders ?? file.placeholders,
    release: from(request.release, "release")?.text ?? file.release,
    variables: { ...file.variables, ...parseVariables(request.variables ?? []) },
    transaction: parseOr(
      from(request.transaction, "transaction"),
      parseTransaction,
      defaults.transaction,
    ),
    lockWaitMs: parseOr(from(request.lockWait, "lock-wait"), parseDuration, defaults.lockWait),
    lockTimeoutMs: parseOr(
      from(request.lockTimeout, "lock-timeout"),
      parseDuration,
      defaults.lockTimeout,
    ),
    concurrency: parseOr(
      from(request.concurrency, "concurrency"),
      parseConcurrency,
      defaults.concurrency,
    ),
    versions: parseOr(
      from(request.versionsTable, "versions-table"),
      parseVersionsTable,
      file.versionsTable,
    ),
  };
}

/** A relative path in rowgate.yaml starts where that file is. */
function sourceIn(config: Config | undefined): string | undefined {
  return config?.source === undefined ? undefined : resolve(config.directory, config.source);
}

/** A text and the name of where it came from, for messages. */
interface Sourced {
  readonly text: string;
  readonly name: string;
}

function sourced(option: {
  readonly flag: string | undefined;
  readonly name: string;
  readonly env: Environment;
}): Sourced | undefined {
  if (option.flag !== undefined) {
    return { text: option.flag, name: `--${option.name}` };
  }
  const variable = `ROWGATE_${option.name.toUpperCase().replaceAll("-", "_")}`;
  const value = option.env[variable];
  return value === undefined || value === "" ? undefined : { text: value, name: variable };
}

function parseOr<T, F extends T | undefined>(
  value: Sourced | undefined,
  parse: (text: string, name: string) => T,
  fallback: F,
): T | F {
  return value === undefined ? fallback : parse(value.text, value.name);
}

function parseTransaction(text: string, name: string): TransactionMode {
  if (text !== "release" && text !== "block") {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}"; it must be release or block`,
      hint: "Use release for one transaction, or block for one for each block.",
    });
  }
  return text;
}

function parseVariables(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) {
        throw new RowgateError("usage-invalid", {
          message: `--var needs a name and a value, not "${pair.split("=")[0]}"`,
          hint: "Write it as --var name=value.",
        });
      }
      return [name, value];
    }),
  );
}
