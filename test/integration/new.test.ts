/** `rowgate new` and `rowgate init`. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, it } from "node:test";
import { runCli } from "../../src/cli/run-cli.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { buildBundle, createBlock } from "../../src/index.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { createCli } from "./cli-setup.ts";

const NOW = new Date("2026-11-27T09:08:07Z");
const trees: TestTree[] = [];

afterEach(async () => {
  await Promise.all(trees.splice(0).map((tree) => tree.close()));
});

async function rootOf(files: Readonly<Record<string, string>>): Promise<string> {
  const tree = await writeTree(files);
  trees.push(tree);
  return tree.root;
}

const ONE = "SELECT 1;\n";

describe("a new block", () => {
  for (const [title, files, made] of [
    ["of numbered files", { "0009_a.sql": ONE }, "0010_add_phone.sql"],
    ["of dotted numbers", { "1.9-a-b.sql": ONE }, "1.10-add-phone.sql"],
    ["of times", { "20240131120000_a.sql": ONE }, "20261127090807_add_phone.sql"],
    ["below a folder", { "2024/0003_a.pg.sql": ONE }, "2024/0004_add_phone.pg.sql"],
    ["with a template", { "0003_a.sql.ejs": ONE }, "0004_add_phone.sql"],
    [
      "with routines",
      { "0003_a.sql": ONE, "views/v.sql": "CREATE VIEW v AS SELECT 1;\n" },
      "0004_add_phone.sql",
    ],
    ["of Flyway", { "V1.2__a.sql": ONE, "R__x.sql": ONE }, "V1.3__add_phone.sql"],
    [
      "of golang-migrate",
      { "000001_a.up.sql": ONE, "000001_a.down.sql": ONE },
      "000002_add_phone.up.sql 000002_add_phone.down.sql",
    ],
    [
      "of dbmate",
      { "20240131120000_a.sql": "-- migrate:up\nSELECT 1;\n-- migrate:down\n" },
      "20261127090807_add_phone.sql",
    ],
    [
      "of goose",
      { "00001_a.sql": "-- +goose Up\nSELECT 1;\n-- +goose Down\n" },
      "00002_add_phone.sql",
    ],
    [
      "of Diesel",
      { "2024-01-31-120000_a/up.sql": ONE, "2024-01-31-120000_a/down.sql": ONE },
      "2026-11-27-090807_add_phone/up.sql 2026-11-27-090807_add_phone/down.sql",
    ],
    [
      "of Prisma",
      { "20240131120000_a/migration.sql": ONE },
      "20261127090807_add_phone/migration.sql",
    ],
    [
      "of node-pg-migrate",
      { "1600000000_a.sql": "-- Up Migration\nSELECT 1;\n-- Down Migration\n" },
      "1795770487_add_phone.sql",
    ],
    [
      "of MyBatis",
      { "20240131120000_a.sql": "SELECT 1;\n-- //@UNDO\nSELECT 2;\n" },
      "20261127090807_add_phone.sql",
    ],
  ] as const) {
    it(`${title} is the last one, named as the others are`, async () => {
      const root = await rootOf(files);
      const before = await buildBundle(root);

      const paths = await createBlock(root, "add phone", { now: NOW, undo: true, verify: false });

      const { blocks, layout } = await buildBundle(root);
      const numbered = blocks.filter(({ kind }) => kind === "once");
      const own = paths.filter((path) => !path.startsWith("undo/"));
      assert.equal(own.join(" "), made);
      assert.equal(layout, before.layout);
      assert.equal(blocks.length, before.blocks.length + 1);
      assert.equal(numbered.at(-1)?.name, paths[0]);
    });
  }

  it("of a new source is number 0001, with what takes it back and what proves it", async () => {
    const root = await rootOf({});

    assert.deepEqual(await createBlock(join(root, "sql"), "Größe: größer!"), [
      "0001_Größe_größer.sql",
      "undo/0001_Größe_größer.sql",
      "verify/0001_Größe_größer.sql",
    ]);
    assert.deepEqual(await createBlock(join(root, "sql"), "b", { undo: false, verify: false }), [
      "0002_b.sql",
    ]);
  });

  it("is not proved or taken back by files that nobody has filled in", async () => {
    const root = await rootOf({});
    await createBlock(root, "a");
    const bundle = await buildBundle(root);

    await assert.rejects(bundle.compile(bundle.blocks), { code: "verify-invalid" });
    const back = await bundle.undoTo?.(undefined);
    assert.ok(back);
    await assert.rejects(back.compile(back.blocks), { code: "undo-missing" });
  });

  it("takes no name that is none", async () => {
    const root = await rootOf({ "0001_a.sql": ONE });
    const { run } = createCli(root);

    for (const [name, said] of [
      ["../../9", /is no name for a file/],
      ["", /is no name for a file/],
    ] as const) {
      const { code, stderr } = await run(["new", name, "."]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, said);
    }
  });

  it("is refused where blocks are no files of their own, with what to do", async () => {
    const sqitch = await rootOf({
      "sqitch.plan": "%project=a\n\na 2024-01-01T00:00:00Z A <a@b>\n",
      "deploy/a.sql": ONE,
    });
    const main = await rootOf({ "main.sql": "\\i a.sql\n", "a.sql": ONE });

    await assert.rejects(createBlock(sqitch, "b"), { code: "usage-invalid", hint: /sqitch add/ });
    await assert.rejects(createBlock(main, "b"), { code: "usage-invalid", hint: /main\.sql/ });
  });

  it("is one of two when two are made at once", async () => {
    const root = await rootOf({ "0001_a.sql": ONE });
    const results = await Promise.allSettled([createBlock(root, "b"), createBlock(root, "b")]);

    assert.ok(results.some(({ status }) => status === "fulfilled"));
    for (const result of results) {
      if (result.status === "rejected") {
        assert.match(String(result.reason), /is there already/);
      }
    }
  });
});

/** Runs `rowgate init` for a person who answers. */
async function initWith(
  root: string,
  answers: readonly string[],
): Promise<readonly [number, string]> {
  const said = new PassThrough();
  const left = [...answers];
  let text = "";
  said.on("data", (piece: Buffer) => (text += String(piece)));
  const code = await runCli(["init"], {
    stdout: said,
    stderr: said,
    env: {},
    ask: async () => left.shift() ?? "",
    directory: root,
    signal: new AbortController().signal,
    onHangup: () => () => undefined,
    program: [process.execPath],
    stopStatus: () => undefined,
  });

  return [code, text];
}

describe("rowgate init", () => {
  it("writes what was answered, and Rowgate reads it", async () => {
    const root = await rootOf({ "migrations/0001_a.sql": ONE });
    const [code] = await initWith(root, ["", "mysql", "SHOP_URL"]);

    const config = await loadConfig({ path: undefined, directory: root, env: { SHOP_URL: "x" } });

    assert.equal(code, 0);
    assert.equal(config?.source, "migrations");
    assert.deepEqual([...config.targets.keys()], ["dev"]);
  });

  it("deploys to an embedded database without any answer", async () => {
    const root = await rootOf({ "sql/0001_a.sql": ONE });
    const { run } = createCli(root);

    const made = await run(["init", "--yes"]);
    const { code, stdout, stderr } = await run(["deploy"]);

    assert.deepEqual([made.code, code], [0, 0], stderr);
    assert.match(stdout, /^dev: deployed 1 block/mu);
    assert.ok(existsSync(join(root, ".rowgate/dev")));
  });

  it("writes no URL, and over no file", async () => {
    const root = await rootOf({});
    const [code, text] = await initWith(root, ["sql", "postgres", "postgres://u:open-sesame@h/d"]);
    const [other, said] = await initWith(root, ["sql", "oracle"]);

    assert.deepEqual([code, other], [2, 2]);
    assert.match(text, /not the name of an environment variable/);
    assert.doesNotMatch(text, /open-sesame/);
    assert.match(said, /there is no database "oracle"/);
    assert.equal(existsSync(join(root, "rowgate.yaml")), false);

    assert.equal((await initWith(root, []))[0], 0);
    const [again, twice] = await initWith(root, []);
    assert.equal(again, 2);
    assert.match(twice, /rowgate\.yaml is there already/);
  });
});
