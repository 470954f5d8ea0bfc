/** `${name}` in files of other tools. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, bundleOf, piecesOfBlock } from "../temporary-tree.ts";
import { shapeOf } from "./shape.ts";

const FILES = {
  "V1__a.sql": "select 1;\nselect '${tenant}', '${Tenant.name}', '$[x]';\n",
  "V2__b.sql": "select 2;",
};
const VALUES = { tenant: "acme", "Tenant.name": "Acme $& Co" };

describe("placeholders", () => {
  it("have the values of variables when they are switched on", async () => {
    const { blocks, notes } = await shapeOf(FILES, { placeholders: true, variables: VALUES });

    assert.deepEqual(blocks, [
      "1 once V1__a.sql:1 select 1; select 'acme', 'Acme $& Co', '$[x]';",
      "2 once V2__b.sql:1 select 2;",
    ]);
    assert.deepEqual(notes, []);
  });

  it("are told of where they stand, also far behind in a large file", async () => {
    const { notes } = await bundleOf({ "V1__a.sql": `${"select 1;\n".repeat(300_000)}\${x}\n` });

    assert.deepEqual(notes, [
      {
        at: { path: "V1__a.sql", line: 300_001, column: 1 },
        message: "${x} stays as it is: placeholders are not switched on",
      },
    ]);
  });

  it("without a value are an error at their line", async () => {
    await assert.rejects(blocksOf(FILES, { placeholders: true, variables: { tenant: "acme" } }), {
      code: "layout-invalid",
      message: "the placeholder ${Tenant.name} has no value",
      at: { path: "V1__a.sql", line: 2, column: 1 },
    });
  });

  it("of Liquibase and MyBatis stand in sections", async () => {
    for (const [path, text] of [
      ["a.sql", "--liquibase formatted sql\n--changeset a:1\nselect '${tenant}';\n"],
      ["1_a.sql", "\n\nselect '${tenant}';\n-- //@UNDO\nselect '${gone}';\n"],
    ] as const) {
      const { blocks } = await shapeOf({ [path]: text }, { placeholders: true, variables: VALUES });

      assert.match(blocks[0] ?? "", /sql:3 select 'acme';$/u);
    }
  });

  it("in what takes a block back need their values only then", async () => {
    const files = { "V1__a.sql": "select 1;", "U1__a.sql": "select '${tenant}';" };
    const textsWith = async (variables: Readonly<Record<string, string>>): Promise<string[]> => {
      const bundle = await bundleOf(files, { placeholders: true, variables });
      const back = await bundle.undoTo?.(undefined);
      const [block] = (await back?.compile(back.blocks)) ?? [];

      return block === undefined ? [] : (await piecesOfBlock(block)).map(({ text }) => text);
    };

    assert.deepEqual(await textsWith(VALUES), ["select 'acme';"]);
    await assert.rejects(textsWith({}), {
      code: "layout-invalid",
      message: "the placeholder ${tenant} has no value",
      at: { path: "U1__a.sql", line: 1, column: 1 },
    });
  });

  it("are no such thing in Rowgate's own layout", async () => {
    const { blocks } = await shapeOf(
      { "1.sql": "select '${tenant}';" },
      { placeholders: true, variables: VALUES },
    );

    assert.deepEqual(blocks, ["1 once 1.sql:1 select '${tenant}';"]);
  });
});
