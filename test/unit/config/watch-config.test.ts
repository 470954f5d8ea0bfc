import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "../../../src/config/parse-config.ts";
import type { WatchConfig } from "../../../src/config/watch-config.ts";

const HEAD = "targets:\n  dev: { url: 'pglite:dev' }\n  prod: { url: 'pglite:prod' }\n";

function parse(watch: string): WatchConfig {
  const text = `${HEAD}watch:\n${watch}`;
  const config = parseConfig({ path: "/home/app/rowgate.yaml", name: "rowgate.yaml", text }, {});
  assert.ok(config.watch);
  return config.watch;
}

/** A source with these lines in place of nothing. */
function sourceWith(lines: string, environments = "{ dev: { targets: [dev] } }"): string {
  return `  sources:\n    shop:\n      git: https://git.example/shop.git\n${lines}      environments: ${environments}\n`;
}

describe("watch in rowgate.yaml", () => {
  it("needs a source and an environment, and has defaults for the rest", () => {
    assert.deepEqual(parse(sourceWith("")), {
      store: ".rowgate/watch",
      listen: undefined,
      token: undefined,
      logFormat: undefined,
      notify: [],
      remindAfterMs: 86_400_000,
      sources: new Map([
        [
          "shop",
          {
            kind: "git",
            url: "https://git.example/shop.git",
            ref: undefined,
            path: undefined,
            intervalMs: 30_000,
            settleMs: 10_000,
            credentials: undefined,
            verify: undefined,
            onRewrite: "compare",
            hook: undefined,
            layout: undefined,
            release: undefined,
            variables: {},
            versionsTable: undefined,
            environments: [
              {
                name: "dev",
                targets: ["dev"],
                mode: "auto",
                window: undefined,
                concurrency: 1,
                approvalAgeMs: 86_400_000,
              },
            ],
          },
        ],
      ]),
    });
  });

  it("may say everything", () => {
    const watch = parse(`
  store: /var/lib/rowgate
  listen: "[::1]:8420"
  token: { env: TOKEN }
  logFormat: pretty
  remindAfter: 0
  notify:
    - { url: 'https://hooks.example/x', secretEnv: HOOK, events: [failed, held] }
    - { urlFile: /run/secrets/slack, format: slack }
    - { command: [notify-send, Rowgate] }
  sources:
    shop:
      git: ssh://git@git.example/shop.git
      ref: semver:^1.2
      path: db
      interval: 5s
      settle: 0
      credentials: { sshKeyFile: id, knownHostsFile: hosts }
      verify: { mode: head, allowedSigners: signers }
      onRewrite: hold
      hook: { kind: github, secretFile: secret }
      release: r
      variables: { a: 1.10 }
      versionsTable: ops.versions
      environments:
        prod: { targets: [prod, dev], mode: approve, window: "Mon-Fri 08:00-18:00 Europe/Berlin", concurrency: 2, approvalAge: 1h }
    stock:
      svn: svn://svn.example/stock/trunk
      credentials: { username: u, passwordEnv: P }
      environments:
        dev: { targets: [dev] }
`);
    assert.deepEqual(watch.listen, { host: "::1", port: 8420 });
    assert.equal(watch.remindAfterMs, 0);
    assert.deepEqual(watch.notify, [
      {
        kind: "webhook",
        url: "https://hooks.example/x",
        secret: { env: "HOOK", file: undefined },
        events: ["failed", "held"],
      },
      {
        kind: "slack",
        url: { env: undefined, file: "/run/secrets/slack" },
        secret: undefined,
        events: ["deployed", "failed", "held", "approval", "recovered"],
      },
      {
        kind: "command",
        command: ["notify-send", "Rowgate"],
        events: ["deployed", "failed", "held", "approval", "recovered"],
      },
    ]);
    const shop = watch.sources.get("shop");
    assert.deepEqual(shop?.verify, {
      mode: "head",
      allowedSignersFile: "signers",
    });
    assert.deepEqual(shop?.hook, { kind: "github", secret: { env: undefined, file: "secret" } });
    assert.equal(shop?.settleMs, 0);
    assert.equal(shop?.environments[0]?.window?.zone, "Europe/Berlin");
    assert.equal(watch.sources.get("stock")?.kind, "svn");
  });

  for (const { watch, at, message, hint } of [
    {
      watch: "  store: x\n",
      at: "5:3",
      message: "watch.sources: must be a map of keys and values",
    },
    { watch: "  sources: {}\n", at: "5:3", message: "watch: sources must name one at least" },
    {
      watch: "  sources: { 1st: {} }\n",
      at: "5:19",
      message:
        "watch.sources.1st: names begin with a letter and have only letters, digits, _, - and .",
    },
    {
      watch: sourceWith("      svn: svn://h/x\n"),
      at: "7:7",
      message: "watch.sources.shop: needs exactly one of the keys git and svn",
    },
    {
      watch: sourceWith("      reff: main\n"),
      at: "8:7",
      message: 'unknown key "watch.sources.shop.reff"',
      hint: "Write it as ref.",
    },
    {
      watch: sourceWith("", "{ dev: { targets: [dev, prd] } }"),
      at: "8:45",
      message: 'watch.sources.shop.environments.dev.targets: there is no target "prd"',
      hint: "Write it as prod.",
    },
    {
      watch: sourceWith("", "{ dev: { targets: [] } }"),
      at: "8:39",
      message: "watch.sources.shop.environments.dev.targets: must name a target",
    },
    {
      watch: sourceWith("", "{ dev: { targets: dev } }"),
      at: "8:39",
      message: "watch.sources.shop.environments.dev.targets: must be a list",
    },
    {
      watch: sourceWith("", "{ dev: { targets: [dev], window: nights } }"),
      at: "8:54",
      message: 'watch.sources.shop.environments.dev.window: "nights" is not a window of time',
      hint: "Write it as days, times and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin.",
    },
    {
      watch: sourceWith("      verify: { mode: range }\n"),
      at: "8:15",
      message:
        "watch.sources.shop.verify: needs one of the keys allowedSigners and gpgHome, which hold the trusted keys",
    },
    {
      watch: `  listen: 8420\n${sourceWith("")}`,
      at: "5:11",
      message: 'watch.listen: "8420" is not an address to listen at',
      hint: "Write it as HOST:PORT, such as 127.0.0.1:8420.",
    },
    {
      watch: `  remindAfter: 10ms\n${sourceWith("")}`,
      at: "5:16",
      message: "watch.remindAfter: must be 0, or at least 1s",
    },
    {
      watch: sourceWith("      interval: 1ms\n"),
      at: "7:7",
      message: "watch.sources.shop: interval must be at least 100ms",
    },
    {
      watch: `  notify: [{ url: x, command: [y] }]\n${sourceWith("")}`,
      at: "5:12",
      message: "watch.notify.0: needs exactly one of the keys url, urlEnv, urlFile and command",
    },
  ]) {
    it(`is refused at ${at}: ${message}`, () => {
      assert.throws(
        () => parse(watch),
        (error: Error & { at?: { line: number; column: number }; hint?: string }) => {
          assert.equal(error.message, message);
          assert.equal(`${error.at?.line}:${error.at?.column}`, at);
          assert.equal(error.hint, hint);
          return true;
        },
      );
    });
  }
});
