/** What `npm run build` makes, used as users get it, in a copy of the repository. */
import assert from "node:assert/strict";
import { cp, mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { POSTGRES_ENGINES } from "../helpers/engines.ts";
import { run } from "../helpers/run.ts";
import { ROOT } from "./docs-setup.ts";

/** The bench measures against psql on this server. */
const postgres15 = POSTGRES_ENGINES.find(({ major }) => major === 15);

/** What the build and the bench read. */
const PARTS = [
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "src",
  "sql",
  "templates",
  "test",
];

describe("the build, in a copy of the repository", () => {
  let copy: string;

  before(async () => {
    copy = await mkdtemp(join(tmpdir(), "rowgate-copy-"));
    await Promise.all(
      PARTS.map((part) =>
        cp(fileURLToPath(new URL(part, ROOT)), join(copy, part), { recursive: true }),
      ),
    );
    await symlink(fileURLToPath(new URL("node_modules", ROOT)), join(copy, "node_modules"));
  });

  after(async () => {
    await rm(copy, { recursive: true, force: true });
  });

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
