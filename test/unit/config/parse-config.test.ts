import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatPosition } from "../../../src/domain/source.ts";
import { RowgateError } from "../../../src/domain/errors.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";

const file = { path: "/home/app/rowgate.yaml", name: "rowgate.yaml" };
const parse = (text: string, env = {}): ReturnType<typeof parseConfig> =>
  parseConfig({ ...file, text }, env);

describe("rowgate.yaml", () => {
  it("says nothing when it is empty or has only comments", () => {
    for (const text of ["", "# nothing\n"]) {
      const config = parse(text);
      assert.equal(config.source, undefined);
      assert.equal(config.targets.size, 0);
      assert.deepEqual(config.defaults, {
        lockWait: 60_000,
        lockTimeout: 2000,
        concurrency: 1,
      });
    }
  });

  it("may say everything", () => {
    const { at, targets, ...config } = parse(
      [
        "source: db",
        "layout: up-down",
        "placeholders: true",
        "release: 1.10",
        "versionsTable: rowgate.versions",
        'variables: { tenant: "${TENANT}", year: 2026, on: true }',
        "targets:",
        "  prod:",
        "    urlEnv: PROD_URL",
        "    dialect: postgres",
        "    versionsTable: v",
        "  dev: { url: 'pglite:dev' }",
        "defaults:",
        "  lockWait: 5min",
        "  lockTimeout: 500ms",
        "  transaction: block",
        "  concurrency: 8",
        "check: { rules: { truncate: off } }",
      ].join("\n"),
      { TENANT: "acme" },
    );

    assert.deepEqual(config, {
      watch: undefined,
      directory: "/home/app",
      source: "db",
      layout: "up-down",
      placeholders: true,
      release: "1.10",
      versionsTable: { schema: "rowgate", name: "versions" },
      variables: { tenant: "acme", year: "2026", on: "true" },
      defaults: { lockWait: 300_000, lockTimeout: 500, transaction: "block", concurrency: 8 },
      check: { rules: { truncate: "off" } },
    });
    assert.deepEqual(
      [...targets],
      [
        [
          "prod",
          {
            urlEnv: "PROD_URL",
            dialect: "postgres",
            versionsTable: { schema: undefined, name: "v" },
          },
        ],
        ["dev", { url: "pglite:dev" }],
      ],
    );
    assert.equal(formatPosition(at(["targets", "prod", "urlEnv"])), "rowgate.yaml:9:13");
  });

  it("leaves variables in targets for the run that needs them", () => {
    const config = parse("targets:\n  prod:\n    url: ${NOT_SET_HERE}\n");
    assert.equal(config.targets.get("prod")?.url, "${NOT_SET_HERE}");
  });

  for (const { text, at, message, hint } of [
    {
      text: "source: db\nreleas: 1\n",
      at: "rowgate.yaml:2:1",
      message: 'unknown key "releas"',
      hint: "Write it as release.",
    },
    {
      text: "targets:\n  prod:\n    pasword: canary\n    url: x\n",
      at: "rowgate.yaml:3:5",
      message: 'unknown key "targets.prod.pasword"',
      hint: "Use one of the keys url, urlEnv, urlFile, dialect, versionsTable.",
    },
    {
      text: "targets:\n  prod:\n    url: canary\n    urlEnv: X\n",
      at: "rowgate.yaml:3:5",
      message: "targets.prod: needs exactly one of the keys url, urlEnv and urlFile",
      hint: undefined,
    },
    {
      text: "targets:\n  prod: {}\n",
      at: "rowgate.yaml:2:9",
      message: "targets.prod: needs exactly one of the keys url, urlEnv and urlFile",
      hint: undefined,
    },
    {
      text: "defaults:\n  lockWait: soon\n",
      at: "rowgate.yaml:2:13",
      message: 'defaults.lockWait: the value is "soon", which is not a length of time',
      hint: "Write a number with ms, s, min, h or d, such as 500ms or 60s, and at most 24d.",
    },
    {
      text: "defaults: { concurrency: 0 }\n",
      at: "rowgate.yaml:1:26",
      message: 'defaults.concurrency: the value is "0", which is not a whole number from 1 to 1000',
      hint: "Give the number of targets to deploy to at the same time.",
    },
    {
      text: "defaults:\n  transaction: fast\n",
      at: "rowgate.yaml:2:16",
      message: "defaults.transaction: must be release or block",
      hint: undefined,
    },
    {
      text: "versionsTable: a.b.c\n",
      at: "rowgate.yaml:1:16",
      message: 'versionsTable: "a.b.c" is not the name of a table',
      hint: "Write it as NAME or SCHEMA.NAME, such as rowgate.versions.",
    },
    {
      text: "source: [a]\n",
      at: "rowgate.yaml:1:9",
      message: "source: must be a text, not a list or a map",
      hint: undefined,
    },
    {
      text: "source:\n",
      at: "rowgate.yaml:1:8",
      message: "source: must not be empty",
      hint: undefined,
    },
    {
      text: "- a\n",
      at: "rowgate.yaml:1:1",
      message: "the file: must be a map of keys and values",
      hint: undefined,
    },
    {
      text: "source: a\nsource: b\n",
      at: "rowgate.yaml:2:1",
      message: "map keys must be unique",
      hint: undefined,
    },
    {
      text: "variables:\n  é😀: x\n  a: ${NOPE}\n",
      at: "rowgate.yaml:3:6",
      message: "the environment variable NOPE is not set",
      hint: "Set NOPE, or give a default: ${NOPE:-value}.",
    },
    {
      text: "{ é😀: x }",
      at: "rowgate.yaml:1:3",
      message: 'unknown key "é😀"',
      hint: "Use one of the keys source, layout, placeholders, release, versionsTable, variables, targets, defaults, check, watch.",
    },
  ]) {
    it(`is refused at ${at}: ${message}`, () => {
      assert.throws(
        () => parse(text),
        (error: unknown) => {
          assert.ok(error instanceof RowgateError);
          assert.equal(error.code, "config-invalid");
          assert.equal(error.message, message);
          assert.equal(error.hint, hint);
          assert.equal(error.at === undefined ? "" : formatPosition(error.at), at);
          assert.equal(error.excerpt, undefined);
          return true;
        },
      );
    });
  }
});
