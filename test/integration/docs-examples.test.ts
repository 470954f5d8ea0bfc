/** The examples of README.md and docs/, run as they stand there. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cachePath } from "../helpers/cache.ts";
import { POSTGRES_FAMILY, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { findClient } from "../helpers/postgres-programs.ts";
import { run, type RunResult } from "../helpers/run.ts";
import { type TestTree, writeTree } from "../helpers/tree.ts";
import { fence, fences, pages, ROOT } from "./docs-setup.ts";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

describe("the example of the library", () => {
  it("runs, and prints what the page says", async () => {
    const example = fence("docs/library.md", "ts");
    const index = new URL("src/index.ts", ROOT).href;
    assert.ok(example.includes('from "rowgate"'));
    const tree = await writeTree({
      "db/0001_customer.sql": "CREATE TABLE customer (name text);\n",
      "db/views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
      "example.mts": example.replace('from "rowgate"', `from ${JSON.stringify(index)}`),
    });

    const result = await run(process.execPath, ["--import", TSX, "example.mts"], {
      cwd: tree.root,
      env: environment(tree.root),
    });
    await tree.close();
    assert.equal(result.stderr, "");
    assert.equal(result.stdout, fence("docs/library.md", "text"));
  });
});

describe("the README", () => {
  const blocks = fences("README.md").filter(({ language }) => language === "sh");

  it("names npm scripts that exist", async () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      await readFile(new URL("package.json", ROOT), "utf8"),
    );
    const names = [
      ...pages
        .map(({ text }) => text)
        .join("\n")
        .matchAll(/npm (?:run ([\w:-]+)|(test))/g),
    ].map(([, name, test]) => name ?? test ?? "");
    assert.deepEqual(
      names.filter((name) => !(name in scripts)),
      [],
    );
  });

  it("has no block of commands that this test does not know", () => {
    const known = /^(?:npm ci && |rowgate bundle |export DATABASE_URL)/;
    assert.deepEqual(
      blocks.filter(({ text }) => !known.test(text)),
      [],
    );
  });

  for (const engine of POSTGRES_FAMILY) {
    describe(`on ${engine.name}`, { skip: engine.skip }, () => {
      testReadme(engine, (start) => blocks.find(({ text }) => text.startsWith(start))?.text ?? "");
    });
  }
});

function testReadme(engine: Engine, blockThat: (start: string) => string): void {
  let db: TestDatabase;
  let tree: TestTree;

  before(async () => {
    db = await engine.createDatabase();
    tree = await readmeTree();
  });
  after(async () => {
    await tree.close();
    await db.close();
  });

  it("deploys with the commands as typed", async () => {
    const result = await shell(blockThat("export DATABASE_URL"), { tree, db });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /default: deployed 3 blocks in /);
    assert.match(result.stdout, /\n3 applied\n/);
    assert.match(result.stdout, /\n3 events\n$/);
  });

  if (engine.kind === "pglite") {
    // No psql can reach it.
    return;
  }

  it("finds by hand what the deployer has done", async () => {
    const result = await shell(blockThat("rowgate bundle"), { tree, db });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /NOTICE: .*rowgate: release none is deployed\n$/);
    const rows = await db.query("SELECT count(*)::int AS count FROM versions_log");
    assert.deepEqual(rows, [{ count: 3 }]);
  });
}

/** The tree that the README shows, with SQL in its files. */
async function readmeTree(): Promise<TestTree> {
  const shown = fences("README.md").find(({ text }) => text.startsWith("db/\n"))?.text ?? "";
  const paths = [...shown.matchAll(/^ {2}(\S+)/gm)].map(([, path = ""]) => `db/${path}`);
  const sql = [
    "CREATE TABLE customer (id int PRIMARY KEY);\n",
    "CREATE TABLE orders (customer_id int REFERENCES customer);\n",
    "CREATE OR REPLACE FUNCTION order_total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';\n",
  ];
  assert.equal(paths.length, sql.length);
  return writeTree(Object.fromEntries(paths.map((path, index) => [path, sql[index] ?? ""])));
}

/** Runs a block of commands, with `rowgate` as the sources and the README's database as ours. */
async function shell(
  block: string,
  { tree, db }: { readonly tree: TestTree; readonly db: TestDatabase },
): Promise<RunResult> {
  const main = fileURLToPath(new URL("src/cli/main.ts", ROOT));
  const bin = await mkdtemp(join(tmpdir(), "rowgate-bin-"));
  const program = join(bin, "rowgate");
  await writeFile(
    program,
    `#!/bin/sh\nexec '${process.execPath}' --import '${TSX}' '${main}' "$@"\n`,
  );
  await chmod(program, 0o755);
  const psql = await findClient("psql", 15, "bookworm");
  assert.ok("value" in psql, "there is no psql");
  const words = [psql.value.command, ...psql.value.args].map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "psql"), `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(join(bin, "psql"), 0o755);

  const url = "postgresql://ci@db1/shop";
  assert.ok(block.includes(url), "the block names another database");
  const env = environment(tree.root);
  const result = await run("sh", ["-euc", block.replaceAll(url, db.url)], {
    cwd: tree.root,
    env: { ...env, PATH: `${bin}:${env["PATH"] ?? ""}` },
  });
  await rm(bin, { recursive: true });
  return result;
}

function environment(home: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_CACHE_HOME: cachePath("cli"),
    TMPDIR: tmpdir(),
    LC_ALL: "C.UTF-8",
    NO_COLOR: "1",
  };
}
