import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { array, assert as assertAlways, property, stringMatching } from "fast-check";

import { bundleChecksum, createTextHash } from "../../../../src/bundler/files/checksum.ts";
import { bundleOf, type Files } from "../temporary-tree.ts";

async function checksums(files: Files, variables: Record<string, string> = {}) {
  return (await bundleOf(files, { variables })).blocks.map((block) => block.checksum);
}

function sha256(text: string): string {
  return `s1:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

const TEXT = "-- é\nselect E'\\n', ':a', \\:x;\nselect 2";

describe("the checksum of a block", () => {
  it("is that of sha256sum for a plain file, whether it is split or not", async () => {
    const commands = `\\echo x\n\\if true\n${TEXT};\n\\else\nselect 3;\n\\endif`;
    const copy = "copy t from stdin;\n\\i 1\n\\.\n\n-- end\n";

    assert.deepEqual(
      await checksums({ "1.sql": TEXT, "2.sql": commands, "3.sql": copy, "4.sql": "" }),
      [sha256(TEXT), sha256(commands), sha256(copy), sha256("")],
    );
  });

  it("does not see BOM and CRLF", async () => {
    const crlf = `\uFEFF${TEXT.replaceAll("\n", "\r\n")}`;

    assert.deepEqual(await checksums({ "1.sql": crlf }), [sha256(TEXT)]);
  });

  it("is over included text in place of the include, over rendered text and over values", async () => {
    assert.deepEqual(
      await checksums(
        {
          "1.sql": "select 1;\n\\ir x.txt\nselect 3;\n",
          "2.sql.ejs": "select <%= a %>;\n",
          "3.sql": "select :a, :b;\n",
          "4.sql": "\\copy t from 'x.txt'\n",
          "x.txt": "select 2;\r\n",
        },
        { a: "one" },
      ),
      [
        sha256("select 1;\nselect 2;\n\nselect 3;\n"),
        sha256("select one;\n"),
        sha256("select one, :b;\n"),
        sha256("\\copy t from 'x.txt'\nselect 2;\n\n"),
      ],
    );
  });

  it("is the same however the text is cut", () => {
    const texts = array(stringMatching(/^[\r\nab😀]*$/u));

    assertAlways(
      property(texts, (parts) => {
        const hash = createTextHash();

        for (const part of parts) {
          hash.update(part);
        }
        assert.equal(hash.checksum(), sha256(parts.join("").replaceAll("\r\n", "\n")));
      }),
    );
  });
});

describe("a bundle", () => {
  const files = { "2.sql": "select 2;", "1.sql": "select 1;", "views/a.sql": "select 3;" };

  it("is the same for the same tree", async () => {
    const [one, two] = [await bundleOf(files), await bundleOf(files)];

    assert.equal(one.checksum, two.checksum);
    assert.equal(one.checksum, bundleChecksum(one.blocks));
    assert.deepEqual(one.blocks, two.blocks);
  });

  it("has another checksum when a text, an id, a kind or the order is another", async () => {
    const { blocks, checksum } = await bundleOf(files);
    const [first, ...others] = blocks;

    assert.ok(first !== undefined);
    for (const changed of [
      [{ ...first, checksum: "s1:0" }, ...others],
      [{ ...first, id: "9" }, ...others],
      [{ ...first, kind: "always" as const }, ...others],
      [...others, first],
      others,
    ]) {
      assert.notEqual(bundleChecksum(changed), checksum);
    }
  });
});
