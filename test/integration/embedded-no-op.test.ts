import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import { deploy, createTarget } from "../../src/rowgate.ts";
import { bundleOf } from "../unit/deployer/bundles.ts";

describe("a second deployment to an embedded database", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "rowgate-no-op-"));
  });
  after(() => rm(directory, { recursive: true }));

  it("compiles nothing, and has the extensions of the first", async () => {
    const compiled: string[] = [];
    const given = bundleOf({ id: "1", sql: ["CREATE EXTENSION citext;"] });
    const counting: Bundle = {
      ...given,
      compile: (headers) => {
        compiled.push(...headers.map(({ id }) => id));
        return given.compile(headers);
      },
    };
    const more = bundleOf(
      { id: "1", sql: ["CREATE EXTENSION citext;"] },
      { id: "2", sql: ["CREATE TABLE t AS SELECT 'A'::citext AS a;"] },
    );
    const target = createTarget(`pglite:${join(directory, "data")}`);

    const [first] = await deploy(counting, [target]);
    assert.equal(first?.error, undefined);
    assert.deepEqual(compiled, ["1"]);

    const [second] = await deploy(counting, [target]);
    assert.equal(second?.outcome, "up-to-date");
    assert.deepEqual(compiled, ["1"]);

    const [third] = await deploy(more, [target]);
    assert.deepEqual(third?.applied, ["2"]);
  });
});
