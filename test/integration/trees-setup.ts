/** Trees that are deployed, on every engine. */
import { after, afterEach, before, describe } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import { formatPosition } from "../../src/domain/source.ts";
import { verifyTarget } from "../../src/deployer/verify-target.ts";
import { readTree } from "../../src/bundler/read-tree.ts";
import { ENGINES, type Engine, type TestDatabase } from "../helpers/engines.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { accessTo, clean } from "./deployer-setup.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

export const TABLES: Files = {
  "0001_a.sql": "CREATE TABLE a (x int);\n",
  "0002_rows.sql": "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n",
};

export interface Trees {
  readonly engine: Engine;
  readonly isLedger: boolean;
  /** Empty before each test. */
  readonly db: TestDatabase;
  /** The bundle of a tree, which is removed after the test. */
  readonly bundleOf: (files: Files) => Promise<Bundle>;
  /** What the assertions of a bundle say, as `id state place`. */
  readonly verified: (bundle: Bundle) => Promise<readonly string[]>;
}

/** Defines the same tests for each engine. */
export function describeTrees(title: string, define: (given: Trees) => void): void {
  for (const engine of ENGINES) {
    describe(`${title} on ${engine.name}`, { skip: engine.skip }, () => {
      define(treesOn(engine));
    });
  }
}

function treesOn(engine: Engine): Trees {
  let db: TestDatabase | undefined;
  let trees: TestTree[] = [];

  before(async () => {
    db = await engine.createDatabase();
  });
  afterEach(async () => {
    await Promise.all(trees.map((tree) => tree.close()));
    trees = [];
    await clean(given.db);
  });
  after(() => db?.close());

  const given: Trees = {
    engine,
    isLedger: engine.dialect === "mysql",
    get db() {
      if (db === undefined) {
        throw new Error("no test runs");
      }
      return db;
    },
    bundleOf: async (files) => {
      const tree = await writeTree(files);
      trees.push(tree);
      return readTree(tree.root, {
        dialect: engine.dialect,
        release: "1.0",
        variables: {},
        syntaxCheck: true,
      });
    },
    verified: async (bundle) => {
      const { assertions } = await verifyTarget({ ...accessTo(given.db), bundle });
      return assertions.map(({ id, at, state }) => `${id} ${state} ${formatPosition(at)}`);
    },
  };

  return given;
}
