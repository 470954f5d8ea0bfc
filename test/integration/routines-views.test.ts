/** Views that change, on PostgreSQL. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeRoutines, TABLE } from "./routines-setup.ts";

const V = "views/v.sql";

describeRoutines("a view", (given) => {
  const { tried, deploy, views } = given;

  it("loses columns and keeps its grants, as do the views on it", async () => {
    await deploy({ ...TABLE, [V]: "CREATE OR REPLACE VIEW v AS SELECT a, b, c FROM t;\n" });
    await given.db.query(
      "CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v, w TO PUBLIC; COMMENT ON VIEW v IS 'mine'",
    );

    await deploy({ ...TABLE, [V]: "CREATE OR REPLACE VIEW v AS SELECT a, c FROM t;\n" });

    assert.deepEqual(
      await views(),
      [
        "v a,c {postgres=arwdDxt/postgres,=r/postgres} mine",
        "w a {postgres=arwdDxt/postgres,=r/postgres}",
      ].map((view) => (given.engine.major >= 17 ? view.replace("arwdDxt", "arwdDxtm") : view)),
    );
  });

  it("does not go when a view of nobody's needs what it loses", async () => {
    await deploy({ ...TABLE, [V]: "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;\n" });
    await given.db.query("CREATE VIEW w AS SELECT b FROM v");

    const error = await tried({ ...TABLE, [V]: "CREATE OR REPLACE VIEW v AS SELECT a FROM t;\n" });

    assert.equal(error?.code, "object-needed");
    assert.match(
      error.message,
      /view public\.w needs public\.v, and cannot be made again behind it: column .*b/,
    );
    assert.deepEqual((await views()).length, 2);
  });

  it("goes with the views on it whose files have changed with it", async () => {
    await deploy({
      ...TABLE,
      [V]: "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;\n",
      "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT a, b FROM v;\n",
    });
    await given.db.query("GRANT SELECT ON w TO PUBLIC; COMMENT ON VIEW w IS 'mine'");

    await deploy({
      ...TABLE,
      [V]: "CREATE OR REPLACE VIEW v AS SELECT a FROM t;\n",
      "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT a FROM v;\n",
    });

    const [, w] = await views();
    assert.match(String(w), /^w a .*=r\/postgres} mine$/);
  });

  it("does not vanish because its changed file makes something else", async () => {
    await deploy({
      ...TABLE,
      [V]: "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;\n",
      "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT a, b FROM v;\n",
    });

    const error = await tried({
      ...TABLE,
      [V]: "CREATE OR REPLACE VIEW v AS SELECT a FROM t;\n",
      "views/w.sql": "CREATE OR REPLACE VIEW x AS SELECT a FROM v;\n",
    });

    assert.equal(error?.code, "object-needed");
    assert.match(
      error.message,
      /view public\.w had to be dropped, and its file did not make it again/,
    );
    assert.equal((await views()).length, 2);
  });
});
