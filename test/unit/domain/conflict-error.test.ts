import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conflictError, type ConflictContext } from "../../../src/domain/conflict-error.ts";
import type { Conflict } from "../../../src/domain/history.ts";
import { checksumOf, header, rowOf } from "./samples.ts";

const context: ConflictContext = {
  versions: { schema: undefined, name: "versions" },
  release: "2.0.0",
  drops: [],
};
const block = header(7, { name: "0007_totals.sql", checksum: checksumOf("b") });
const row = rowOf(header(7, { name: "0007_totals.sql" }));

const cases: readonly {
  readonly conflict: Conflict;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}[] = [
  {
    conflict: { kind: "edited", block, row },
    code: "block-edited",
    message:
      "block 7 (0007_totals.sql) was edited after it was applied on 2026-05-04T03:02:01Z by ann: its checksum was s1:aaaaaaaaaaaa and is now s1:bbbbbbbbbbbb",
    hint: `Put the old text back and write the change into a new block; if it changes nothing that counts, run: UPDATE versions SET checksum = '${checksumOf("b")}' WHERE id = '7';`,
  },
  {
    conflict: { kind: "ahead", row },
    code: "block-ahead",
    message:
      "the database is ahead of release 2.0.0: block 7 (0007_totals.sql) was applied on 2026-05-04T03:02:01Z by ann with release 1.0.0",
    hint: "Deploy release 1.0.0 or a newer one.",
  },
  {
    conflict: { kind: "missing", row },
    code: "block-missing",
    message:
      "block 7 (0007_totals.sql) was applied on 2026-05-04T03:02:01Z by ann with release 1.0.0, but release 2.0.0 does not have it",
    hint: "Put the file back as it was in release 1.0.0; if it was dropped on purpose, run: DELETE FROM versions WHERE id = '7';",
  },
  {
    conflict: { kind: "out-of-order", block, other: rowOf(header(9)) },
    code: "block-out-of-order",
    message:
      "block 7 (0007_totals.sql) is new, but stands before block 9 (9.sql), which was applied on 2026-05-04T03:02:01Z by ann",
    hint: "Give the file a number after 9, or let it run by `--out-of-order` or by a line `-- rowgate: out-of-order` in it.",
  },
  {
    conflict: { kind: "unfinished", row: { ...row, state: "running", done: 0 } },
    code: "block-unfinished",
    message:
      "block 7 (0007_totals.sql) is not finished: ann started it on 2026-05-04T03:02:01Z, 0 of 3 statements are done, and no session is seen to run it now",
    hint: "Make sure that statement 1 did nothing, then run: DELETE FROM versions WHERE id = '7'; and deploy again, which goes on with statement 1; if all of that is done already, run instead: UPDATE versions SET state = 'failed', done = 1 WHERE id = '7';",
  },
  {
    conflict: { kind: "unfinished", row: { ...row, state: "running", done: 2, holder: "pid 7" } },
    code: "block-unfinished",
    message:
      "block 7 (0007_totals.sql) is not finished: ann started it on 2026-05-04T03:02:01Z, 2 of 3 statements are done, and it runs in pid 7",
    hint: "Wait until pid 7 has ended, then deploy again.",
  },
  {
    conflict: { kind: "unfinished", row: { ...row, state: "failed", done: 1 } },
    code: "block-unfinished",
    message:
      "block 7 (0007_totals.sql) is not finished: it failed on 2026-05-04T03:02:01Z for ann, 1 of 3 statements are done, and its text is another by now",
    hint: "Put the old text back and deploy again, which goes on with statement 2; or undo what is done of it, then run: DELETE FROM versions WHERE id = '7'; and deploy again.",
  },
];

/** What the database may show of statement 3, which nobody counted. */
const brokenOff: readonly {
  readonly title: string;
  readonly context: Partial<ConflictContext>;
  readonly done?: number;
  readonly hint: string;
}[] = [
  {
    title: "tells to look when nothing is shown",
    context: {},
    hint: "Make sure that statement 3 did nothing, then run: UPDATE versions SET state = 'failed' WHERE id = '7'; and deploy again, which goes on with statement 3; if all of that is done already, run instead: UPDATE versions SET state = 'failed', done = 3 WHERE id = '7';",
  },
  {
    title: "names all statements of a transaction of its own",
    context: { last: 6 },
    hint: "Make sure that statements 3 to 6 did nothing, then run: UPDATE versions SET state = 'failed' WHERE id = '7'; and deploy again, which goes on with statement 3; if all of that is done already, run instead: UPDATE versions SET state = 'failed', done = 6 WHERE id = '7';",
  },
  {
    title: "counts a statement that is done",
    context: { outcome: { isDone: true, evidence: "the index i is there and valid" } },
    hint: "Run: UPDATE versions SET state = 'failed', done = 3 WHERE id = '7'; and deploy again; statement 3 is done, because the index i is there and valid.",
  },
  {
    title: "drops what is half done",
    context: {
      drops: ["DROP INDEX CONCURRENTLY i;"],
      outcome: { isDone: false, evidence: "the index i is invalid" },
    },
    hint: "Run: DROP INDEX CONCURRENTLY i; UPDATE versions SET state = 'failed' WHERE id = '7'; and deploy again, which goes on with statement 3; the index i is invalid.",
  },
  {
    title: "goes on when all statements are counted",
    context: {},
    done: 9,
    hint: "Run: UPDATE versions SET state = 'failed' WHERE id = '7'; and deploy again, which has nothing of it left to run.",
  },
];

describe("the hint for a block that was broken off", () => {
  for (const { title, context: given, done = 2, hint } of brokenOff) {
    it(title, () => {
      const running = { ...row, state: "running" as const, statements: 9, done };
      const error = conflictError([{ kind: "unfinished", row: running }], { ...context, ...given });

      assert.equal(error.hint, hint);
    });
  }
});

describe("conflictError", () => {
  for (const { conflict, code, message, hint } of cases) {
    it(`says for ${conflict.kind}: ${hint.slice(0, 40)}`, () => {
      const error = conflictError([conflict], context);

      assert.deepEqual(
        { code: error.code, message: error.message, hint: error.hint },
        { code, message, hint },
      );
    });
  }

  it("names no release where none has a name", () => {
    const unnamed = { ...row, release: "none" };
    const texts = (["ahead", "missing"] as const).map((kind) => {
      const { message, hint } = conflictError([{ kind, row: unnamed }], {
        ...context,
        release: "none",
      });
      return [message, hint];
    });

    assert.deepEqual(texts, [
      [
        "the database is ahead of this bundle: block 7 (0007_totals.sql) was applied on 2026-05-04T03:02:01Z by ann",
        "Deploy the newer source, which has block 7 (0007_totals.sql).",
      ],
      [
        "block 7 (0007_totals.sql) was applied on 2026-05-04T03:02:01Z by ann, but this bundle does not have it",
        "Put the file back as it was; if it was dropped on purpose, run: DELETE FROM versions WHERE id = '7';",
      ],
    ]);
  });

  it("does not send to the release that the bundle has already", () => {
    const error = conflictError([{ kind: "ahead", row }], { ...context, release: row.release });

    assert.equal(error.hint, "Deploy the newer source, which has block 7 (0007_totals.sql).");
  });

  it("has a line for every conflict, and the code and the hint of the first", () => {
    const error = conflictError(
      [
        { kind: "ahead", row },
        { kind: "edited", block, row },
      ],
      context,
    );

    assert.equal(error.code, "block-ahead");
    assert.equal(error.hint, "Deploy release 1.0.0 or a newer one.");
    assert.deepEqual(
      error.message.split("\n").map((line) => line.slice(0, 31)),
      [
        "2 blocks conflict with the hist",
        "  the database is ahead of rele",
        "  block 7 (0007_totals.sql) was",
      ],
    );
  });

  it("names what to drop, and quotes the table and the id as SQL needs it", () => {
    const error = conflictError(
      [{ kind: "unfinished", row: { ...row, id: "o'clock", state: "running", done: 0 } }],
      {
        ...context,
        versions: { schema: "Ops", name: "versions" },
        drops: ["DROP INDEX CONCURRENTLY i;"],
      },
    );

    assert.match(
      error.hint ?? "",
      /run: DROP INDEX CONCURRENTLY i; DELETE FROM "Ops"\.versions WHERE id = 'o''clock'; and/,
    );
  });
});
