import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  array,
  assert as assertAlways,
  boolean,
  constantFrom,
  property,
  record,
  uniqueArray,
} from "fast-check";
import { orderByReferences } from "../../../../src/bundler/tree/references.ts";
import { namesIn } from "../../../../src/scan/references.ts";

interface Given {
  readonly id: string;
  readonly movable: boolean;
  readonly text: string;
}

/** Blocks that create a view of their name, which selects from others; a number keeps its place. */
function ordered(...texts: readonly string[]): string {
  const blocks = texts.map((text): Given => {
    const [id = "", from = ""] = text.split(":");
    return { id, movable: !/^\d/.test(id), text: `CREATE VIEW ${id} AS SELECT ${from}` };
  });

  return namesOf(blocks).join(" ");
}

function namesOf(blocks: readonly Given[]): readonly string[] {
  const given = blocks.map((block) => ({ ...block, path: `${block.id}.sql`, requires: [] }));

  return orderByReferences(given, ({ text }) => namesIn(text)).map(({ id }) => id);
}

describe("the order by references", () => {
  it("puts each behind what it names, and leaves all others where they are", () => {
    assert.equal(ordered("a:c", "b:", "c:d", "d:"), "d c a b");
    assert.equal(ordered("a:", "b:a", "c:b"), "a b c");
    assert.equal(ordered(), "");
  });

  it("moves nothing with a number", () => {
    assert.equal(ordered("1:b", "2:", "a:b", "b:"), "1 2 b a");
  });

  it("takes one of those that name each other first, and those that name themselves once", () => {
    assert.equal(ordered("a:b", "b:a", "c:c"), "b a c");
  });

  it("loses none and makes none", () => {
    const name = constantFrom("a", "b", "c", "d", "e", "f");
    const block = record({ id: name, movable: boolean(), text: array(name) });

    assertAlways(
      property(uniqueArray(block, { selector: ({ id }) => id }), (drawn) => {
        const blocks = drawn.map(({ text, ...rest }) => ({
          ...rest,
          text: `CREATE VIEW ${rest.id} AS SELECT ${text.join(", ")}`,
        }));
        const once = namesOf(blocks);

        assert.deepEqual(once.toSorted(), blocks.map(({ id }) => id).toSorted());
      }),
    );
  });
});
