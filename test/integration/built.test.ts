/** What `npm run build` makes, used as users get it. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { cachePath } from "../helpers/cache.ts";
import { ENGINES, POSTGRES_ENGINES } from "../helpers/engines.ts";
import { run, runChecked } from "../helpers/run.ts";
import { type TestTree, writeTree } from "../helpers/tree.ts";
import { fence, ROOT } from "./docs-setup.ts";

/** The bench measures against psql on this server. */
const postgres15 = POSTGRES_ENGINES.find(({ major }) => major === 15);

/** What the build, the bench and the package read. */
const PARTS = [
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "src",
  "sql",
  "templates",
  "test",
];

const NODE_MODULES = fileURLToPath(new URL("node_modules", ROOT));

describe("in a copy of the repository", () => {
  let copy: string;
  before(async () => {
    copy = await mkdtemp(join(tmpdir(), "rowgate-copy-"));
    await Promise.all(
      PARTS.map((part) =>
        cp(fileURLToPath(new URL(part, ROOT)), join(copy, part), { recursive: true }),
      ),
    );
    await symlink(NODE_MODULES, join(copy, "node_modules"));
  });

  after(async () => {
    await rm(copy, { recursive: true, force: true });
  });

  describe("the build", () => {
    const skip = postgres15?.skipClients ?? "there is no PostgreSQL 15";

    it("is made by `npm run bench`, whatever was in its place", { skip }, async () => {
      await mkdir(join(copy, "dist/cli"), { recursive: true });
      await writeFile(join(copy, "dist/cli/main.js"), "throw new Error('an old build');");

      const result = await run("npm", ["run", "bench", "--", "--quick", "--only", "help"], {
        cwd: copy,
      });

      assert.equal(result.code, 0, result.stdout + result.stderr);
      assert.match(result.stdout, /\| rowgate --help \|/);
    });
  });

  describe("the package", () => {
    let user: TestTree;

    const rowgate = (args: readonly string[]): Promise<string> =>
      runChecked(process.execPath, ["node_modules/rowgate/dist/cli/main.js", ...args], {
        cwd: user.root,
        env: environment(user.root),
      });

    before(async () => {
      user = await writeTree({
        "db/0001_customer.sql": "CREATE TABLE customer (name text);\n",
        "db/views/names.sql": "CREATE OR REPLACE VIEW names AS SELECT name FROM customer;\n",
        "example.mts": fence("docs/library.md", "ts"),
      });
      await install(copy, user.root);
      for (const dialect of ["postgres", "mysql"]) {
        const output = ["--output", `${dialect}.sql`];
        await rowgate(["bundle", "node_modules/rowgate/sql", "--dialect", dialect, ...output]);
      }
    });

    after(async () => {
      await user.close();
    });

    it("has the program at the path that `bin` names", async () => {
      const { bin, version }: { bin: { rowgate: string }; version: string } = JSON.parse(
        await readFile(join(user.root, "node_modules/rowgate/package.json"), "utf8"),
      );
      assert.equal(bin.rowgate, "./dist/cli/main.js");
      assert.equal(await rowgate(["--version"]), `${version}\n`);
    });

    for (const engine of ENGINES) {
      it(`deploys the sample on ${engine.name}`, { skip: engine.skip }, async () => {
        const db = await engine.createDatabase();

        try {
          const url = ["--url", db.url];
          assert.match(
            await rowgate(["deploy", `${engine.dialect}.sql`, ...url]),
            /: deployed \d+ blocks in /,
          );
          assert.match(
            await rowgate(["deploy", "node_modules/rowgate/sql", ...url]),
            /: up to date, nothing to do /,
          );
          assert.match(await rowgate(["status", ...url]), /\n\d+ applied\n$/);
        } finally {
          await db.close();
        }
      });
    }

    it("is a library, with types", async () => {
      const compiled = await run(
        join(NODE_MODULES, ".bin/tsc"),
        ["--module", "node20", "--types", "node", "--skipLibCheck", "example.mts"],
        { cwd: user.root },
      );
      assert.equal(compiled.code, 0, compiled.stdout);

      const result = await runChecked(process.execPath, ["example.mjs"], {
        cwd: user.root,
        env: environment(user.root),
      });
      assert.equal(result, fence("docs/library.md", "text"));
    });
  });
});

/** Installs the package as npm does, but with the dependencies of this repository, offline. */
async function install(repository: string, folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const packed = await runChecked("npm", ["pack", "--pack-destination", folder], {
    cwd: repository,
  });
  const tarball = packed.trim().split("\n").at(-1) ?? "";
  await mkdir(join(modules, "rowgate"), { recursive: true });
  await runChecked("tar", ["-xzf", tarball, "--strip-components=1", "-C", "node_modules/rowgate"], {
    cwd: folder,
  });

  for (const name of await readdir(NODE_MODULES)) {
    await symlink(join(NODE_MODULES, name), join(modules, name));
  }
}

function environment(home: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    // The image of the embedded database takes seconds to make.
    XDG_CACHE_HOME: cachePath("cli"),
    TMPDIR: tmpdir(),
    LC_ALL: "C.UTF-8",
  };
}
