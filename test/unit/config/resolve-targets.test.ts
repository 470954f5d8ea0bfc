import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { resolveTargets, type TargetRequest } from "../../../src/config/resolve-targets.ts";
import type { Target } from "../../../src/domain/target.ts";

interface World {
  readonly yaml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

async function resolveIn(
  { yaml, env = {}, files = {} }: World,
  request: TargetRequest = {},
): Promise<{ readonly targets: readonly Target[]; readonly embedded: boolean }> {
  const config =
    yaml === undefined
      ? undefined
      : parseConfig({ path: "/app/rowgate.yaml", name: "rowgate.yaml", text: yaml }, env);
  return resolveTargets(request, {
    env,
    config,
    directory: "/cwd",
    readFile: async (path) => files[path] ?? assert.fail(`no file ${path}`),
  });
}

/** `name url table` of each target. */
async function briefly(world: World, request?: TargetRequest): Promise<readonly string[]> {
  const { targets } = await resolveIn(world, request);
  return targets.map(({ name, connection, versions }) => {
    const place =
      connection.driver === "pglite" ? `pglite:${connection.directory}` : connection.url.reveal();
    return [name, place, versions.schema, versions.name].filter(Boolean).join(" ");
  });
}

const FLEET = [
  "targets:",
  "  a: { url: 'postgres://a' }",
  "  b: { url: 'pglite:b', versionsTable: b.v }",
  "  c: { url: '${C_URL}' }",
  "  d: { urlFile: secrets/d }",
  "  e: { urlEnv: E_URL }",
].join("\n");

describe("the target of a run", () => {
  const env = { ROWGATE_URL: "postgres://env", DATABASE_URL: "postgres://fallback" };
  const yaml = "targets: { one: { url: 'postgres://yaml' } }";

  it("is the one of --url before all else", async () => {
    assert.deepEqual(await briefly({ env, yaml }, { url: "postgres://flag" }), [
      "default postgres://flag versions",
    ]);
  });

  it("is the one of --target before ROWGATE_URL", async () => {
    assert.deepEqual(await briefly({ env, yaml }, { names: ["one"] }), [
      "one postgres://yaml versions",
    ]);
  });

  it("is the one of ROWGATE_URL before rowgate.yaml", async () => {
    assert.deepEqual(await briefly({ env, yaml }), ["default postgres://env versions"]);
  });

  it("is the only one of rowgate.yaml before DATABASE_URL", async () => {
    assert.deepEqual(await briefly({ env: { DATABASE_URL: "postgres://fallback" }, yaml }), [
      "one postgres://yaml versions",
    ]);
  });

  it("is the one of DATABASE_URL when nothing else is there", async () => {
    assert.deepEqual(await briefly({ env: { ROWGATE_URL: "", DATABASE_URL: "postgres://f" } }), [
      "default postgres://f versions",
    ]);
  });

  it("is the embedded PostgreSQL when nothing is there at all", async () => {
    const { targets, embedded } = await resolveIn({});
    assert.equal(embedded, true);
    assert.deepEqual(targets, [
      {
        name: "embedded",
        dialect: "postgres",
        connection: { driver: "pglite", directory: "/cwd/.rowgate/pglite" },
        versions: { schema: undefined, name: "versions" },
      },
    ]);
  });

  it("is the embedded PostgreSQL beside a rowgate.yaml without targets", async () => {
    assert.deepEqual(await briefly({ yaml: "source: db" }), [
      "embedded pglite:/app/.rowgate/pglite versions",
    ]);
  });

  it("is the one named default when there are several", async () => {
    assert.deepEqual(
      await briefly({
        yaml: "targets: { x: { url: 'postgres://x' }, default: { url: 'postgres://d' } }",
      }),
      ["default postgres://d versions"],
    );
  });
});

describe("the targets of rowgate.yaml", () => {
  const env = { C_URL: "postgres://c", E_URL: "postgres://e" };
  const files = { "/app/secrets/d": "postgres://d\n" };

  it("are all of them with all", async () => {
    assert.deepEqual(await briefly({ yaml: FLEET, env, files }, { names: ["all"] }), [
      "a postgres://a versions",
      "b pglite:/app/b b v",
      "c postgres://c versions",
      "d postgres://d versions",
      "e postgres://e versions",
    ]);
  });

  it("come in the order in which they are named, each once", async () => {
    assert.deepEqual(await briefly({ yaml: FLEET, env }, { names: ["c", "a", "c"] }), [
      "c postgres://c versions",
      "a postgres://a versions",
    ]);
    assert.deepEqual(await briefly({ yaml: FLEET, env: { ROWGATE_TARGET: "b, a" } }), [
      "b pglite:/app/b b v",
      "a postgres://a versions",
    ]);
  });

  it("need only the variables of those that are used", async () => {
    assert.deepEqual(await briefly({ yaml: FLEET }, { names: ["a"] }), ["a postgres://a versions"]);
    await assert.rejects(briefly({ yaml: FLEET }, { names: ["c"] }), {
      code: "config-invalid",
      message: "the environment variable C_URL is not set",
      at: { path: "rowgate.yaml", line: 4, column: 13 },
    });
    await assert.rejects(briefly({ yaml: FLEET }, { names: ["e"] }), {
      code: "config-missing",
      message: 'the environment variable E_URL is not set, which has the URL of target "e"',
    });
  });

  it("must be chosen when there are several", async () => {
    await assert.rejects(briefly({ yaml: FLEET }), {
      code: "usage-invalid",
      message: "rowgate.yaml has 5 targets and none is named",
      hint: "Name one with --target, such as --target a, or all with --target all.",
    });
  });

  it("must be known", async () => {
    const yaml = "targets: { production: { url: 'postgres://p' } }";
    await assert.rejects(briefly({ yaml }, { names: ["prodcution"] }), {
      code: "usage-invalid",
      message: 'there is no target "prodcution" in rowgate.yaml',
      hint: "Write it as production.",
    });
    await assert.rejects(briefly({}, { names: ["prod"] }), { code: "config-missing" });
  });

  it("cannot be named together with a URL", async () => {
    await assert.rejects(briefly({ yaml: FLEET }, { names: ["a"], url: "postgres://x" }), {
      code: "usage-invalid",
    });
  });

  it("are refused with their place when the URL cannot be used", async () => {
    const yaml = "targets:\n  old:\n    url: oracle://u:canary@h\n";
    await assert.rejects(briefly({ yaml }, { names: ["old"] }), {
      code: "config-invalid",
      message: 'target "old": databases with the scheme "oracle:" are unknown',
      at: { path: "rowgate.yaml", line: 3, column: 10 },
    });
  });

  it("are refused when their dialect is not that of the URL", async () => {
    const yaml = "targets: { x: { url: 'postgres://h', dialect: mysql } }";
    await assert.rejects(briefly({ yaml }), {
      code: "config-invalid",
      message: 'target "x": the URL is one of postgres, but the dialect is set to mysql',
    });
  });
});

describe("the versions table", () => {
  const yaml = "versionsTable: top\ntargets: { t: { url: 'postgres://h', versionsTable: own } }";
  const fallbackVersions = { schema: undefined, name: "script" };

  for (const [title, world, request, table] of [
    [
      "the option before all else",
      { yaml, env: { ROWGATE_VERSIONS_TABLE: "env" } },
      { versionsTable: "s.flag" },
      "s flag",
    ],
    [
      "ROWGATE_VERSIONS_TABLE before rowgate.yaml",
      { yaml, env: { ROWGATE_VERSIONS_TABLE: "env" } },
      {},
      "env",
    ],
    ["the target's own before the general one", { yaml }, {}, "own"],
    [
      "the general one before that of a script",
      { yaml: "versionsTable: top\ntargets: { t: { url: 'postgres://h' } }" },
      { fallbackVersions },
      "top",
    ],
    [
      "that of a script before the default",
      { yaml: "targets: { t: { url: 'postgres://h' } }" },
      { fallbackVersions },
      "script",
    ],
  ] as const) {
    it(`is ${title}`, async () => {
      assert.deepEqual(await briefly(world, request), [
        `${"yaml" in world && world.yaml.includes("t:") ? "t" : "default"} postgres://h ${table}`,
      ]);
    });
  }
});
