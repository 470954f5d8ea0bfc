import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { resolveSettings } from "../../../src/config/resolve-settings.ts";

const config = parseConfig(
  {
    path: "/app/rowgate.yaml",
    name: "rowgate.yaml",
    text: [
      "source: db",
      "layout: goose",
      "release: yaml",
      "variables: { a: yaml, b: yaml }",
      "defaults: { lockWait: 1s, lockTimeout: 1s, transaction: block, concurrency: 2 }",
    ].join("\n"),
  },
  {},
);
const env = {
  ROWGATE_SOURCE: "env",
  ROWGATE_LAYOUT: "dbmate",
  ROWGATE_RELEASE: "env",
  ROWGATE_LOCK_WAIT: "2s",
  ROWGATE_LOCK_TIMEOUT: "2s",
  ROWGATE_TRANSACTION: "release",
  ROWGATE_CONCURRENCY: "3",
};
const flags = {
  source: "flag",
  layout: "flyway",
  release: "flag",
  lockWait: "3s",
  lockTimeout: "0",
  transaction: "block",
  concurrency: "4",
  variables: ["b=flag", "c=x=y\n"],
};

describe("the settings of a run", () => {
  it("have defaults", () => {
    assert.deepEqual(resolveSettings({}, {}, undefined), {
      source: undefined,
      layout: undefined,
      placeholders: false,
      release: undefined,
      variables: {},
      transaction: undefined,
      lockWaitMs: 60_000,
      lockTimeoutMs: 2000,
      concurrency: 1,
      versions: undefined,
    });
  });

  it("come from rowgate.yaml, its paths relative to it", () => {
    assert.deepEqual(resolveSettings({}, {}, config), {
      source: "/app/db",
      layout: "goose",
      placeholders: false,
      release: "yaml",
      variables: { a: "yaml", b: "yaml" },
      transaction: "block",
      lockWaitMs: 1000,
      lockTimeoutMs: 1000,
      concurrency: 2,
      versions: undefined,
    });
  });

  it("come from the environment before rowgate.yaml", () => {
    const settings = resolveSettings({}, env, config);
    assert.equal(settings.source, "env");
    assert.equal(settings.layout, "dbmate");
    assert.equal(settings.release, "env");
    assert.equal(settings.transaction, "release");
    assert.equal(settings.lockWaitMs, 2000);
    assert.equal(settings.lockTimeoutMs, 2000);
    assert.equal(settings.concurrency, 3);
  });

  it("come from the options before all else, variables one by one", () => {
    const settings = resolveSettings(flags, env, config);
    assert.deepEqual(settings, {
      source: "flag",
      layout: "flyway",
      placeholders: false,
      release: "flag",
      variables: { a: "yaml", b: "flag", c: "x=y\n" },
      transaction: "block",
      lockWaitMs: 3000,
      lockTimeoutMs: 0,
      concurrency: 4,
      versions: undefined,
    });
  });

  for (const [request, variables, message] of [
    [{ lockWait: "soon" }, {}, '--lock-wait is "soon", which is not a length of time'],
    [{}, { ROWGATE_LOCK_WAIT: "5" }, 'ROWGATE_LOCK_WAIT is "5", which is not a length of time'],
    [{ transaction: "x" }, {}, '--transaction is "x"; it must be release or block'],
    [{ layout: "flywy" }, {}, '--layout is "flywy", which is no layout'],
    [{ concurrency: "0" }, {}, '--concurrency is "0", which is not a whole number from 1 to 1000'],
    [{ variables: ["a"] }, {}, '--var needs a name and a value, not "a"'],
    [{ variables: ["1a=canary"] }, {}, '--var needs a name and a value, not "1a"'],
  ] as const) {
    it(`are refused: ${message}`, () => {
      assert.throws(() => resolveSettings(request, variables, undefined), {
        code: "usage-invalid",
        message,
      });
    });
  }
});
