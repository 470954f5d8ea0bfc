/** Trees that are of no layout, of several, or not as their layout wants them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readTree } from "../../../../src/bundler/read-tree.ts";
import { blocksOf, bundleOf, type Files, makeTree, OPTIONS } from "../temporary-tree.ts";

const GOOSE = "-- +goose Up\nselect 1;\n";
const FLYWAY = { "V1__a.sql": "select 1;" };

describe("a tree", () => {
  it("of two layouts is an error that names both, and one can be chosen", async () => {
    const files = { ...FLYWAY, "2_b.sql": GOOSE };

    await assert.rejects(bundleOf(files), {
      code: "layout-unclear",
      message:
        "the source has files of several layouts: V1__a.sql is for Flyway; 2_b.sql is for goose",
      hint: "Choose with layout: in rowgate.yaml or --layout: flyway, goose.",
    });
    assert.deepEqual(
      (await bundleOf(files, { layout: "goose" })).blocks.map(({ id }) => id),
      ["2"],
    );
  });

  it("that half fits a layout is an error that names the others", async () => {
    const files = { ...FLYWAY, "V2__b.sql": "select 2;", "3_c.sql": "select 3;" };

    await assert.rejects(bundleOf(files), {
      code: "layout-unclear",
      message: "V1__a.sql and 1 other are laid out for Flyway, but 3_c.sql is not",
      hint: "Choose with layout: in rowgate.yaml or --layout: flyway leaves the others out, rowgate reads only them.",
    });
    for (const [layout, ids] of [
      ["flyway", ["1", "2"]],
      ["rowgate", ["3"]],
    ] as const) {
      assert.deepEqual(
        (await bundleOf(files, { layout })).blocks.map(({ id }) => id),
        ids,
      );
    }
  });

  it("whose plan names its files leaves numbered ones out, with a note", async () => {
    const bundle = await bundleOf({
      "sqitch.plan": "%syntax-version=1.0.0\n%project=a\n\none 2024-01-01T00:00:00Z A <a@b> # x\n",
      "deploy/one.sql": "select 1;",
      "data/001_rows.sql": "select 2;",
    });

    assert.deepEqual([bundle.layout, bundle.blocks.map(({ id }) => id)], ["sqitch", ["one"]]);
    assert.match(bundle.notes.map(({ message }) => message).join("\n"), /data\/001_rows\.sql/);
  });

  it("of golang-migrate may say in a comment what its down files are", async () => {
    const bundle = await bundleOf({
      "1_a.up.sql": "select 1;",
      "1_a.down.sql": "-- Down migration: nothing to do\nselect 2;",
    });

    assert.deepEqual([bundle.layout, bundle.blocks.map(({ id }) => id)], ["up-down", ["1"]]);
  });

  it("that has no file of the wanted layout is an error", async () => {
    await assert.rejects(bundleOf({ "a.sql": "select 1;" }, { layout: "flyway" }), {
      code: "layout-unclear",
      message: "no SQL file of the source is laid out for Flyway",
    });
    await assert.rejects(bundleOf({ "1.sql": "select 1;" }, { layout: "main" }), {
      code: "layout-unclear",
      message: "there is no main.sql at the root of the source",
    });
    await assert.rejects(bundleOf({ "1.sql": "select 1;" }, { layout: "sqitch" }), {
      code: "layout-unclear",
      message: "there is no sqitch.plan",
    });
  });

  it("with one version twice is an error", async () => {
    await assert.rejects(bundleOf({ ...FLYWAY, "V1.0__b.sql": "select 2;" }), {
      code: "id-duplicate",
      message: "V1.0__b.sql and V1__a.sql both have the id 1",
    });
  });

  it("with several plans of Sqitch is an error", async () => {
    await assert.rejects(bundleOf({ "pg/sqitch.plan": "", "mysql/sqitch.plan": "" }), {
      code: "layout-unclear",
      message: "there are 2 plans: mysql/sqitch.plan, pg/sqitch.plan",
    });
  });
});

const PLAN = "%project=p\n\n";
const NOW = "2024-01-01T00:00:00Z Ann <a@example.org>";
const LIQUIBASE = "--liquibase formatted sql\n--changeset a:1\nselect 1;\n";

const FAULTS: readonly (readonly [what: string, files: Files, at: string, message: RegExp])[] = [
  [
    "a migration in Java",
    { ...FLYWAY, "V2__b.java": "" },
    "V2__b.java:1",
    /Flyway that is not SQL/,
  ],
  ["one underscore", { ...FLYWAY, "V2_b.sql": "" }, "V2_b.sql:1", /has no __ between/],
  ["a migration in Go", { "1_a.sql": GOOSE, "2_b.go": "" }, "2_b.go:1", /goose that is not SQL/],
  [
    "variables of the environment",
    { "1_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\nselect 1;" },
    "1_a.sql:2",
    /^ENVSUB puts variables/,
  ],
  [
    "an unknown annotation",
    { "1_a.sql": "-- +goose Up\n-- +goose Upp\n" },
    "1_a.sql:2",
    /^goose has no annotation "UPP"$/,
  ],
  [
    "a file of goose without Up",
    { "1_a.sql": GOOSE, "2_b.sql": "select 2;" },
    "2_b.sql:1",
    /^2_b\.sql does not begin with -- \+goose Up/,
  ],
  [
    "a statement before dbmate's sections",
    { "1_a.sql": "\nselect 0;\n-- migrate:up\nselect 1;" },
    "1_a.sql:2",
    /^a statement stands before -- migrate:up/,
  ],
  [
    "a file of dbmate without sections",
    { "1_a.sql": "-- migrate:up\nselect 1;", "2_b.sql": "select 2;" },
    "2_b.sql:1",
    /^2_b\.sql has no line -- migrate:up/,
  ],
  [
    "a migration in TypeScript",
    { "1_a.sql": "select 1;\n-- Down Migration\n", "2_b.ts": "" },
    "2_b.ts:1",
    /node-pg-migrate that is not SQL/,
  ],
  [
    "a plan that names a missing file",
    { "sqitch.plan": `${PLAN}users ${NOW}` },
    "sqitch.plan:3",
    /^the plan names users, but there is no deploy\/users\.sql$/,
  ],
  [
    "a plan whose change requires a later one",
    { "sqitch.plan": `${PLAN}a [b] ${NOW}`, "deploy/a.sql": "" },
    "sqitch.plan:3",
    /^a requires b, which the plan does not have before it$/,
  ],
  [
    "a line of the plan that is none",
    { "sqitch.plan": `${PLAN}a change` },
    "sqitch.plan:3",
    /^this line of the plan is neither/,
  ],
  [
    "preconditions",
    { "a.sql": `${LIQUIBASE}--changeset a:2\n--preconditions onFail:HALT\n` },
    "a.sql:5",
    /^Liquibase would act on preconditions/,
  ],
  [
    "change sets in XML",
    { "a.sql": LIQUIBASE, "m.xml": '<databaseChangeLog>\n<changeSet id="1"/>' },
    "m.xml:2",
    /^m\.xml holds change sets that are not SQL$/,
  ],
  [
    "a changelog that includes a missing file",
    { "a.sql": LIQUIBASE, "m.yml": "databaseChangeLog:\n- include: {file: b.sql}" },
    "m.yml:2",
    /^m\.yml includes b\.sql, which is no formatted SQL file/,
  ],
  [
    "a committed file that does not know the one before it",
    {
      "committed/000001.sql": "--! Previous: -\n--! Hash: sha1:a\n\nselect 1;",
      "committed/000002.sql": "--! Previous: -\n--! Hash: sha1:b\n\nselect 2;",
    },
    "committed/000002.sql:1",
    /^committed\/000002\.sql was committed behind -, not behind committed\/000001\.sql/,
  ],
];

describe("what a layout has and Rowgate does not", () => {
  for (const [what, files, place, message] of FAULTS) {
    it(`such as ${what}, is an error at its place`, async () => {
      const [path = "", line = ""] = place.split(":");

      await assert.rejects(bundleOf(files), {
        code: "layout-invalid",
        message,
        at: { path, line: Number(line), column: 1 },
      });
    });
  }
});

async function checksumOf(text: string): Promise<string | undefined> {
  return (await bundleOf({ "1_a.sql": text })).blocks[0]?.checksum;
}

describe("a section of a file", () => {
  it("has its errors at the lines of the file", async () => {
    const text = "-- migrate:up\n\nselect 1;\nselekt 2;\n-- migrate:down\nselect 3;\n";

    await assert.rejects(blocksOf({ "1_a.sql": text }), {
      code: "syntax-invalid",
      at: { path: "1_a.sql", line: 4, column: 1 },
      excerpt: "selekt 2;",
    });
  });

  it("keeps its checksum when another one is written behind it", async () => {
    const up = "-- +goose Up\nselect 1;\n";

    assert.equal(await checksumOf(`${up}\n-- +goose Down\nselect 2;\n`), await checksumOf(up));
  });

  it("is what a single file is read for, too", async () => {
    const root = makeTree({ "7_a.sql": "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n" });
    const bundle = await readTree(join(root, "7_a.sql"), OPTIONS);
    const [block] = await bundle.compile(bundle.blocks);

    assert.deepEqual([block?.id, block?.statements, bundle.layout], ["7", 1, "dbmate"]);
  });
});
