/** What rowgate.yaml says, checked; every part of it may be left out. */
import type { DialectName, TransactionMode } from "../domain/bundle.ts";
import type { LayoutName } from "../domain/layout.ts";
import type { RuleLevels } from "../scan/check/check-block.ts";
import type { SourcePosition } from "../domain/source.ts";
import type { VersionsTable } from "../domain/target.ts";
import type { WatchConfig } from "./watch-config.ts";

export interface Config {
  /** The folder that holds the file, absolute; relative paths in it start there. */
  readonly directory: string;
  readonly source: string | undefined;
  /** Undefined to find it by the files. */
  readonly layout: LayoutName | undefined;
  /** Whether variables stand for `${name}` in files of layouts that have it so. */
  readonly placeholders: boolean;
  readonly release: string | undefined;
  readonly versionsTable: VersionsTable | undefined;
  /** For templates and psql variables; empty when there are none. */
  readonly variables: Readonly<Record<string, string>>;
  /** By name, in the order of the file. */
  readonly targets: ReadonlyMap<string, TargetConfig>;
  readonly defaults: ConfigDefaults;
  /** For the safety check. */
  readonly check: CheckConfig;
  /** Undefined when nothing is to be watched. */
  readonly watch: WatchConfig | undefined;
  /** Where the value of a key stands, such as that of `["targets", "prod", "url"]`. */
  readonly at: (path: readonly string[]) => SourcePosition;
}

export interface CheckConfig {
  /** Levels instead of the rules' own, by the names of the rules; empty when there are none. */
  readonly rules: RuleLevels;
}

/** One target; exactly one of the three `url` keys is there, with its variables not yet replaced. */
export interface TargetConfig {
  readonly url?: string | undefined;
  readonly urlEnv?: string | undefined;
  readonly urlFile?: string | undefined;
  readonly dialect?: DialectName | undefined;
  readonly versionsTable?: VersionsTable | undefined;
}

export interface ConfigDefaults {
  /** How long to wait for another deployment, in milliseconds. */
  readonly lockWait: number;
  /** How long a statement may wait for a lock, in milliseconds. */
  readonly lockTimeout: number;
  /** Undefined when the file does not say, so that a script's own mode holds. */
  readonly transaction: TransactionMode | undefined;
  /** How many targets are deployed to at the same time. */
  readonly concurrency: number;
}

/**
 * The lock timeout of two seconds is longer than nearly any lock that an application's own
 * statements hold, and short enough that the requests that queue up behind a waiting ALTER TABLE do
 * not time out themselves.
 */
export const DEFAULTS: ConfigDefaults = {
  lockWait: 60_000,
  lockTimeout: 2000,
  transaction: undefined,
  concurrency: 1,
};
