import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { glob } from "glob";
import { importFaults } from "../helpers/layers.ts";

const root = resolve(import.meta.dirname, "../../src");

describe("the layers of src", async () => {
  const files = await glob("**/*.ts", { cwd: root, posix: true });

  it("has files to look at", () => {
    assert.notEqual(files.length, 0);
  });

  for (const file of files.toSorted()) {
    it(`${file} has a layer and imports only from below it`, async () => {
      assert.deepEqual(importFaults(file, await readFile(resolve(root, file), "utf8")), []);
    });
  }
});

describe("the check of the layers", () => {
  const cases = [
    {
      title: "lets a part import itself and what is below it",
      file: "deployer/run.ts",
      text: 'import { a } from "./a.ts";\nimport type { B } from "../domain/block.ts";\n',
      faults: [],
    },
    {
      title: "lets deep folders import downwards",
      file: "dialects/postgres/packets.ts",
      text: 'import { a } from "../../scan/scanner.ts";\nimport { b } from "../mysql.ts";',
      faults: [],
    },
    {
      title: "refuses an import of a higher part",
      file: "domain/block.ts",
      text: 'import {\n  a,\n} from "../scan/scanner.ts";',
      faults: ["domain must not import scan"],
    },
    {
      title: "refuses an import of a part beside",
      file: "deployer/run.ts",
      text: 'import { connect } from "../drivers/pg.ts";',
      faults: ["deployer must not import drivers"],
    },
    {
      title: "refuses an import for types only",
      file: "drivers/pg.ts",
      text: 'import type { Config } from "../config/config.ts";',
      faults: ["drivers must not import config"],
    },
    {
      title: "refuses an import at run time",
      file: "bundler/bundle.ts",
      text: 'const { pg } = await import("../drivers/pg.ts");',
      faults: ["bundler must not import drivers"],
    },
    {
      title: "refuses an import that has only side effects",
      file: "config/config.ts",
      text: 'import "../rowgate.ts";',
      faults: ["config must not import rowgate.ts"],
    },
    {
      title: "refuses a re-export",
      file: "scan/all.ts",
      text: 'export * from "../index.ts";',
      faults: ["scan must not import index.ts"],
    },
    {
      title: "refuses a file that has no layer",
      file: "utils/text.ts",
      text: "",
      faults: ["utils is in no layer"],
    },
    {
      title: "refuses an import of what has no layer",
      file: "cli/main.ts",
      text: 'import { a } from "../utils/text.ts";',
      faults: ["cli imports utils, which is in no layer"],
    },
    {
      title: "lets a folder of the bundler import itself and lower folders",
      file: "bundler/tree/order.ts",
      text: 'import { a } from "../postgres/walk.ts";\nimport { b } from "./discover.ts";',
      faults: [],
    },
    {
      title: "refuses an import of a higher folder of the bundler",
      file: "bundler/postgres/walk.ts",
      text: 'import { a } from "../tree/discover.ts";',
      faults: ["postgres must not import tree"],
    },
    {
      title: "refuses an import of a door of the bundler from a folder",
      file: "bundler/script/header.ts",
      text: 'import { a } from "../write-script.ts";',
      faults: ["script must not import bundler"],
    },
    {
      title: "refuses a folder of the bundler that has no layer",
      file: "bundler/read-tree.ts",
      text: 'import { a } from "./text/lines.ts";',
      faults: ["bundler imports text, which is in no layer"],
    },
    {
      title: "refuses input and output in a pure part",
      file: "scan/scanner.ts",
      text: 'import { readFile } from "node:fs/promises";\nimport { createHash } from "node:crypto";',
      faults: ["scan must not import node:fs/promises"],
    },
  ];

  for (const { title, file, text, faults } of cases) {
    it(title, () => {
      assert.deepEqual(importFaults(file, text), faults);
    });
  }
});
