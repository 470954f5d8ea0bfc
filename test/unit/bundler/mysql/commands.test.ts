import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, textsOf } from "../temporary-tree.ts";

const MYSQL = { dialect: "mysql" } as const;

describe("a command of MySQL's client", () => {
  it("that only shows something is left out, with one note for each file", async () => {
    const [block] = await blocksOf(
      { "1.sql": "status\nselect 1;\nSTATUS;\nwarnings;\n\\C utf8mb4\n" },
      MYSQL,
    );

    assert.deepEqual(
      block?.notes.map(({ at, message }) => [at.line, message]),
      [
        [1, "status is left out: it only shows something"],
        [3, "STATUS is left out: it only shows something"],
        [4, "warnings is left out: it only changes what the client shows"],
        [5, "\\C is left out: a bundle is always UTF-8"],
      ],
    );
  });

  it("that a bundle cannot hold is refused where it stands", async () => {
    for (const [text, line, message] of [
      [
        "select 1;\n  use shop;",
        2,
        "use cannot be part of a bundle: a bundle is for one database, which its target names",
      ],
      [
        "\\! rm -r x",
        1,
        "\\! cannot be part of a bundle: it runs a program on the machine of whoever runs the client",
      ],
      [
        "select 1 \\s ;",
        1,
        "\\s cannot be part of a bundle: it stands in the middle of a statement",
      ],
      [
        "select 1; delimiter //",
        1,
        "delimiter cannot be part of a bundle: it stands behind a statement, where the clients do not know it",
      ],
      ["delimiter", 1, "delimiter cannot be part of a bundle: it names no delimiter"],
      ["source", 1, "source cannot be part of a bundle: it names no file"],
      [
        "select 'a' \\' b';",
        1,
        "\\' cannot be part of a bundle: it stands in the middle of a statement",
      ],
      ["\\y", 1, "\\y cannot be part of a bundle: it is no command that the clients know"],
    ] as const) {
      await assert.rejects(blocksOf({ "1.sql": text }, MYSQL), {
        code: "client-command",
        message,
        excerpt: text.split("\n")[line - 1],
      });
    }
  });

  it("ends a statement as \\g and \\G, ends the file as exit", async () => {
    assert.deepEqual(
      await textsOf(
        await blocksOf({ "1.sql": "select 1 \\g select 2\\G\nexit\nnonsense '" }, MYSQL),
      ),
      [["select 1", "select 2"]],
    );
  });
});
