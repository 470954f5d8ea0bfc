/** What rowgate.yaml says under `watch`, checked. Paths are as written; they start where the file is. */
import type { Environment } from "../domain/watch.ts";
import type { LayoutName } from "../domain/layout.ts";
import type { VersionsTable } from "../domain/target.ts";

export interface WatchConfig {
  /** The directory that the watcher keeps its state in. */
  readonly store: string;
  /** Where to serve HTTP; undefined for nowhere. */
  readonly listen: ListenAddress | undefined;
  /** What whoever changes something over HTTP must know; undefined when nobody may. */
  readonly token: SecretPlace | undefined;
  readonly logFormat: "json" | "pretty" | undefined;
  readonly notify: readonly NotifyConfig[];
  /** After this, people are told again of what waits for them; 0 for never. */
  readonly remindAfterMs: number;
  /** By name, in the order of the file; never empty. */
  readonly sources: ReadonlyMap<string, WatchSourceConfig>;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Where a secret is: exactly one of both. */
export interface SecretPlace {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
}

export type NotifyConfig =
  | {
      readonly kind: "webhook" | "slack";
      readonly url: SecretPlace | string;
      /** What a webhook's body is signed with. */
      readonly secret: SecretPlace | undefined;
      readonly events: readonly NotifyEvent[];
    }
  | {
      readonly kind: "command";
      readonly command: readonly string[];
      readonly events: readonly NotifyEvent[];
    };

export const NOTIFY_EVENTS = ["deployed", "failed", "held", "approval", "recovered"] as const;

export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

export interface WatchSourceConfig {
  readonly kind: "git" | "svn";
  readonly url: string;
  readonly ref: string | undefined;
  readonly path: string | undefined;
  readonly intervalMs: number;
  readonly settleMs: number;
  readonly credentials: WatchCredentials | undefined;
  readonly verify: WatchVerify | undefined;
  readonly onRewrite: "compare" | "hold" | "ignore";
  readonly hook: HookConfig | undefined;
  readonly layout: LayoutName | undefined;
  readonly release: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly versionsTable: VersionsTable | undefined;
  /** In the order of promotion; never empty. */
  readonly environments: readonly Environment[];
}

export interface WatchCredentials {
  readonly username?: string | undefined;
  readonly passwordEnv?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly sshKeyFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
  readonly caFile?: string | undefined;
}

export interface WatchVerify {
  readonly mode: "none" | "head" | "range" | "tag";
  readonly allowedSignersFile?: string | undefined;
  readonly gpgHome?: string | undefined;
}

export interface HookConfig {
  readonly kind: "github" | "gitlab" | "gitea" | "bitbucket" | "generic";
  readonly secret: SecretPlace;
}
