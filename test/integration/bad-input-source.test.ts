/** Faults of a source: a clear error at its place, and no script is written. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RowgateError, type ErrorCode } from "../../src/domain/errors.ts";
import type { Note } from "../../src/domain/source.ts";
import { formatPosition } from "../../src/domain/source.ts";
import { buildBundle, openSource, writeBundle } from "../../src/rowgate.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

interface Fault {
  readonly title: string;
  readonly files: Files;
  readonly code: ErrorCode;
  /** `path:line:column`; undefined for a fault of the source as a whole. */
  readonly at?: string;
  readonly message: RegExp;
  readonly hint: RegExp;
}

const CHOICES = /split the file .*, or write -- rowgate: no-transaction/;

const FAULTS: readonly Fault[] = [
  {
    title: "BEGIN without COMMIT",
    files: { "1.sql": "BEGIN;\nCREATE TABLE t ();" },
    code: "transaction-control",
    at: "1.sql:1:1",
    message: /^BEGIN has no COMMIT at the end of the file$/,
    hint: /add the COMMIT, or write -- rowgate: no-transaction/,
  },
  {
    title: "BEGIN without COMMIT in main.sql",
    files: { "main.sql": "BEGIN;\n\\i a.sql", "a.sql": "SELECT 1;" },
    code: "transaction-control",
    at: "main.sql:1:1",
    message: /^BEGIN has no COMMIT behind all includes$/,
    hint: /^Remove it/,
  },
  ...[
    { title: "COMMIT alone", sql: "SELECT 1;\nCOMMIT;", command: "COMMIT" },
    {
      title: "two pairs of BEGIN and COMMIT",
      sql: "BEGIN;\nCOMMIT;\nBEGIN;\nCOMMIT;",
      command: "COMMIT",
    },
    { title: "ROLLBACK at the end", sql: "BEGIN;\nROLLBACK;", command: "ROLLBACK" },
    { title: "a savepoint", sql: "BEGIN;\nSAVEPOINT a;\nCOMMIT;", command: "SAVEPOINT a" },
    { title: "a chain", sql: "BEGIN;\nCOMMIT AND CHAIN;", command: "COMMIT AND CHAIN" },
    {
      title: "a prepared transaction",
      sql: "BEGIN;\nPREPARE TRANSACTION 'x';",
      command: "PREPARE TRANSACTION 'x'",
    },
    {
      title: "a statement behind COMMIT",
      sql: "BEGIN;\nEND;\nSELECT 1;",
      command: "END",
    },
  ].map(({ title, sql, command }): Fault => ({
    title,
    files: { "1.sql": sql },
    code: "transaction-control",
    at: "1.sql:2:1",
    message: new RegExp(`^${command} cannot stand here`),
    hint: CHOICES,
  })),
  {
    title: "CONCURRENTLY between BEGIN and COMMIT, which psql could not run either",
    files: { "1.sql": "BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;" },
    code: "transaction-control",
    at: "1.sql:2:1",
    message: /^CREATE INDEX CONCURRENTLY cannot run between BEGIN and COMMIT$/,
    hint: /^Remove BEGIN and COMMIT/,
  },
  {
    title: "a chain in main.sql",
    files: { "main.sql": "BEGIN;\n\\i a.sql\nCOMMIT AND CHAIN;", "a.sql": "SELECT 1;" },
    code: "transaction-control",
    at: "main.sql:3:1",
    message: /^COMMIT AND CHAIN cannot stand here/,
    hint: /^Remove it/,
  },
  {
    title: "a psql variable without value",
    files: { "1.sql": "SELECT\n  :missing;" },
    code: "syntax-invalid",
    at: "1.sql:2:3",
    message: /at or near ":"$/,
    hint: /--var NAME=VALUE/,
  },
  {
    title: "the data of \\copy that is not there",
    files: { "1.sql": "\\copy t from 'x.csv'" },
    code: "include-missing",
    at: "1.sql:1:1",
    message: /^x\.csv does not exist/,
    hint: /^Correct the path\.$/,
  },
  {
    title: "names that differ in how their accents are written",
    files: { "views/\u00e9.sql": "SELECT 1;", "views/e\u0301.sql": "SELECT 2;" },
    code: "id-duplicate",
    at: "views/\u00e9.sql:1:1",
    message: /differ only in how their accents are written/,
    hint: /^Rename/,
  },
  {
    title: "a name with a line feed",
    files: { "1.sql": "SELECT 1;", "2\n-- x.sql": "SELECT 2;" },
    code: "file-unreadable",
    message: /^the name "2\\n-- x\.sql" holds a control character/,
    hint: /^Rename/,
  },
  {
    title: "an included directory",
    files: { "main.sql": "\\i a", "a/1.sql": "SELECT 1;" },
    code: "file-unreadable",
    at: "a:1:1",
    message: /^a cannot be read: it is a directory$/,
    hint: /^Name a file in it/,
  },
  {
    title: "a main.sql of comments",
    files: { "main.sql": "-- to do" },
    code: "source-empty",
    message: /holds no SQL file that could be a block$/,
    hint: /0001_first\.sql/,
  },
];

async function faultOf(source: string): Promise<RowgateError> {
  const written = openSource(source).then((bundle) =>
    writeBundle(bundle, join(source, "..", "release.sql")),
  );
  const error: unknown = await written.catch((thrown: unknown) => thrown);

  assert.ok(error instanceof RowgateError, String(error));
  return error;
}

async function inTree<T>(files: Files, work: (root: string) => Promise<T>): Promise<T> {
  const entries = Object.entries(files).map(([path, text]) => [`source/${path}`, text]);
  const tree: TestTree = await writeTree(Object.fromEntries(entries));

  try {
    return await work(join(tree.root, "source"));
  } finally {
    await tree.close();
  }
}

async function notesOf(files: Files): Promise<readonly string[]> {
  return inTree(files, async (root) => {
    const bundle = await buildBundle(root);
    const blocks = await bundle.compile(bundle.blocks);
    const notes: readonly Note[] = [...bundle.notes, ...blocks.flatMap((block) => block.notes)];

    return notes.map(({ at, message }) => `${formatPosition(at)}: ${message}`);
  });
}

describe("a source is refused, at the place of the fault, for", () => {
  for (const { title, files, code, at, message, hint } of FAULTS) {
    it(title, async () => {
      await inTree(files, async (root) => {
        const error = await faultOf(root);

        assert.equal(error.code, code, error.message);
        assert.equal(error.at && formatPosition(error.at), at);
        assert.match(error.message, message);
        assert.match(error.hint ?? "", hint);
        assert.equal(error.exitCode, 2);
        assert.deepEqual(readdirSync(join(root, "..")), ["source"]);
      });
    });
  }
});

describe("what is no file is never waited for:", () => {
  it("a pipe with the name of a block", async () => {
    await inTree({ "1.sql": "SELECT 1;" }, async (root) => {
      execFileSync("mkfifo", [join(root, "2.sql")]);
      const { code, message } = await faultOf(root);

      assert.equal(code, "file-unreadable");
      assert.equal(message, "2.sql cannot be read: it is a pipe or a device, not a file");
    });
  });

  it("a pipe that is included, and one that is the source", async () => {
    await inTree({ "main.sql": "\\i pipe" }, async (root) => {
      execFileSync("mkfifo", [join(root, "pipe")]);

      for (const source of [root, join(root, "pipe")]) {
        const { code, message } = await faultOf(source);
        assert.equal(code, "file-unreadable");
        assert.equal(message, "pipe cannot be read: it is a pipe or a device, not a file");
      }
    });
  });
});

describe("a symbolic link", () => {
  it("that leads nowhere, or in a circle, is said to", async () => {
    for (const { target, reason } of [
      { target: "gone.sql", reason: "it is a symbolic link to a file that does not exist" },
      { target: "2.sql", reason: "its symbolic links lead in a circle" },
    ]) {
      await inTree({ "1.sql": "SELECT 1;" }, async (root) => {
        await symlink(target, join(root, "2.sql"));
        const { code, message, hint } = await faultOf(root);

        assert.equal(code, "file-unreadable");
        assert.equal(message, `2.sql cannot be read: ${reason}`);
        assert.match(hint ?? "", /the link/);
      });
    }
  });

  it("that leads out of the source shows nothing of what is there", async () => {
    await inTree({ "1.sql": "SELECT 1;", "../secret": "canary" }, async (root) => {
      await symlink("../secret", join(root, "2.sql"));
      const { code, excerpt } = await faultOf(root);

      assert.equal(code, "include-outside");
      assert.equal(excerpt, undefined);
    });
  });
});

describe("one file as the source", () => {
  for (const text of ["", "-- Rowgate", "\uFEFF\n;\n"]) {
    it(`must hold a statement: ${JSON.stringify(text)}`, async () => {
      await inTree({ "release.sql": text }, async (root) => {
        const error = await faultOf(join(root, "release.sql"));

        assert.equal(error.code, "source-empty");
        assert.equal(error.message, "release.sql holds no statement");
        assert.match(error.hint ?? "", /a script that is complete/);
      });
    });
  }
});

describe("a note says what is left out", () => {
  it("by \\q, and by the variables that steer psql", async () => {
    assert.deepEqual(
      await notesOf({ "1.sql": "\\set ON_ERROR_STOP off\nSELECT 1;\n\\q\nSELECT 2;" }),
      [
        "1.sql:1:1: \\set ON_ERROR_STOP is left out: it only steers psql itself",
        "1.sql:3:1: \\q ends the file: what stands behind it is not part of the bundle",
      ],
    );
  });

  it("but none is needed for files without statements", async () => {
    assert.deepEqual(await notesOf({ "1.sql": "", "2.sql": "-- a\n/* b */", "3.sql": ";;" }), []);
  });
});
