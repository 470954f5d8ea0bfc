/** The keys below `watch` in rowgate.yaml. */
import { z } from "zod";
import type { Environment } from "../domain/watch.ts";
import { parseWindow } from "../domain/window.ts";
import { RowgateError } from "../domain/errors.ts";
import { concurrency, duration, layout, parsed, text, versionsTable } from "./schema-values.ts";
import {
  type HookConfig,
  type ListenAddress,
  NOTIFY_EVENTS,
  type NotifyConfig,
  type SecretPlace,
  type WatchSourceConfig,
} from "./watch-config.ts";

/** Names become names of folders, and must keep their order in a map. */
const NAME = /^[A-Za-z][\w.-]*$/;
const NAME_RULE = "names begin with a letter and have only letters, digits, _, - and .";

const windowOfTime = parsed(parseWindow);
const listenAddress = parsed(parseListen);

const environment = z.strictObject({
  targets: z.array(text).min(1, "must name a target"),
  mode: z.enum(["auto", "approve"]).default("auto"),
  window: windowOfTime.optional(),
  concurrency: concurrency.default(1),
  approvalAge: duration.default(24 * 3_600_000),
});

const credentials = z
  .strictObject({
    username: text.optional(),
    passwordEnv: text.optional(),
    passwordFile: text.optional(),
    sshKeyFile: text.optional(),
    knownHostsFile: text.optional(),
    caFile: text.optional(),
  })
  .refine(({ passwordEnv, passwordFile }) => !(passwordEnv && passwordFile), {
    message: "cannot have both of the keys passwordEnv and passwordFile",
  });

const verify = z
  .strictObject({
    mode: z.enum(["none", "head", "range", "tag"]).default("range"),
    allowedSigners: text.optional(),
    gpgHome: text.optional(),
  })
  .refine(({ mode, allowedSigners, gpgHome }) => mode === "none" || allowedSigners || gpgHome, {
    message: "needs one of the keys allowedSigners and gpgHome, which hold the trusted keys",
  })
  .transform(({ allowedSigners, ...rest }) => ({ ...rest, allowedSignersFile: allowedSigners }));

const hook = z
  .strictObject({
    kind: z.enum(["github", "gitlab", "gitea", "bitbucket", "generic"]),
    secretEnv: text.optional(),
    secretFile: text.optional(),
  })
  .refine(({ secretEnv, secretFile }) => isOne(secretEnv, secretFile), {
    message: "needs exactly one of the keys secretEnv and secretFile",
  })
  .transform(({ kind, secretEnv, secretFile }): HookConfig => ({
    kind,
    secret: { env: secretEnv, file: secretFile },
  }));

const notify = z
  .strictObject({
    url: text.optional(),
    urlEnv: text.optional(),
    urlFile: text.optional(),
    format: z.enum(["webhook", "slack"]).default("webhook"),
    secretEnv: text.optional(),
    secretFile: text.optional(),
    command: z.array(text).min(1, "must name a program").optional(),
    events: z.array(z.enum(NOTIFY_EVENTS)).default([...NOTIFY_EVENTS]),
  })
  .refine(({ url, urlEnv, urlFile, command }) => isOne(url, urlEnv, urlFile, command), {
    message: "needs exactly one of the keys url, urlEnv, urlFile and command",
  })
  .refine(({ secretEnv, secretFile }) => !(secretEnv && secretFile), {
    message: "cannot have both of the keys secretEnv and secretFile",
  })
  .transform(
    ({ url, urlEnv, urlFile, format, secretEnv, secretFile, command, events }): NotifyConfig =>
      command === undefined
        ? {
            kind: format,
            url: url ?? { env: urlEnv, file: urlFile },
            secret: secretPlace(secretEnv, secretFile),
            events,
          }
        : { kind: "command", command, events },
  );

const sourceKeys = z.strictObject({
  git: text.optional(),
  svn: text.optional(),
  ref: text.optional(),
  path: text.optional(),
  interval: duration.default(30_000),
  settle: duration.default(10_000),
  credentials: credentials.optional(),
  verify: verify.optional(),
  onRewrite: z.enum(["compare", "hold", "ignore"]).default("compare"),
  hook: hook.optional(),
  layout: layout.optional(),
  release: text.optional(),
  variables: z.record(z.string(), z.string()).default({}),
  versionsTable: versionsTable.optional(),
  environments: z.record(z.string().regex(NAME, NAME_RULE), environment),
});

const source = sourceKeys
  .refine(({ git, svn }) => isOne(git, svn), {
    message: "needs exactly one of the keys git and svn",
  })
  .refine(({ svn, ref, verify: signatures }) => !(svn && (ref || signatures)), {
    message: "ref and verify are only for git",
  })
  .refine(({ interval }) => interval >= 100, { message: "interval must be at least 100ms" })
  .refine(({ environments }) => Object.keys(environments).length > 0, {
    message: "environments must name one at least",
  })
  .transform(asSource);

/** @throws nothing: parse with `safeParse`. */
export const watchSchema = z
  .strictObject({
    store: text.default(".rowgate/watch"),
    listen: listenAddress.optional(),
    token: z
      .strictObject({ env: text.optional(), file: text.optional() })
      .refine(({ env, file }) => isOne(env, file), {
        message: "needs exactly one of the keys env and file",
      })
      .optional(),
    logFormat: z.enum(["json", "pretty"]).optional(),
    notify: z.array(notify).default([]),
    remindAfter: duration
      .refine((ms) => ms === 0 || ms >= 1000, "must be 0, or at least 1s")
      .default(24 * 3_600_000),
    sources: z.record(z.string().regex(NAME, NAME_RULE), source),
  })
  .refine(({ sources }) => Object.keys(sources).length > 0, {
    message: "sources must name one at least",
  })
  .transform(({ remindAfter, ...rest }) => ({ ...rest, remindAfterMs: remindAfter }));

function asSource(keys: z.output<typeof sourceKeys>): WatchSourceConfig {
  const { git, svn, interval, settle, environments, ...rest } = keys;
  return {
    ref: undefined,
    path: undefined,
    credentials: undefined,
    verify: undefined,
    hook: undefined,
    layout: undefined,
    release: undefined,
    versionsTable: undefined,
    ...rest,
    kind: git === undefined ? "svn" : "git",
    url: git ?? svn ?? "",
    intervalMs: interval,
    settleMs: settle,
    environments: Object.entries(environments).map(asEnvironment),
  };
}

function asEnvironment([name, keys]: [string, z.output<typeof environment>]): Environment {
  const { approvalAge, window, ...rest } = keys;
  return { name, window, ...rest, approvalAgeMs: approvalAge };
}

function secretPlace(env: string | undefined, file: string | undefined): SecretPlace | undefined {
  return env === undefined && file === undefined ? undefined : { env, file };
}

function isOne(...values: readonly unknown[]): boolean {
  return values.filter((value) => value !== undefined).length === 1;
}

function parseListen(value: string): ListenAddress {
  const [, host = "", port = ""] = /^(\[[0-9a-f:.]+\]|[^\s:]+):(\d{1,5})$/i.exec(value) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new RowgateError("usage-invalid", {
      message: `"${value}" is not an address to listen at`,
      hint: "Write it as HOST:PORT, such as 127.0.0.1:8420.",
    });
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}
