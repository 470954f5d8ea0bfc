/** Scripts whose routines have changed, run by psql. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeByHand, STOP } from "./script-by-hand-postgres-setup.ts";

const BEFORE = {
  "0001_t.sql": "CREATE TABLE t (a int);\n",
  "functions/f.sql":
    "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT a, f(a) AS x FROM t;\n",
  "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT a, x FROM v;\n",
};

const AFTER = {
  ...BEFORE,
  "functions/f.sql":
    "CREATE OR REPLACE FUNCTION f(a bigint) RETURNS text LANGUAGE sql AS 'SELECT ''$$''::text';\n",
  "views/v.sql": "CREATE OR REPLACE VIEW v AS SELECT f(a) AS x FROM t;\n",
  "views/w.sql": "CREATE OR REPLACE VIEW w AS SELECT x FROM v;\n",
};

describeByHand("a script with routines", (hand) => {
  const { script } = hand;
  const values = async (sql: string): Promise<readonly unknown[]> =>
    (await hand.db.query(sql)).flatMap((row) => Object.values(row));

  for (const form of ["do", "procedure"] as const) {
    it(`replaces what has changed, with what needs it, in form ${form}`, async () => {
      await hand.db.psql([...STOP, (await script(BEFORE, { form })).path]);
      await hand.db.query(
        "GRANT SELECT ON w TO PUBLIC; COMMENT ON FUNCTION f IS 'mine'; INSERT INTO t VALUES (1)",
      );

      const after = await script(AFTER, { form });
      const { code, stderr } = await hand.db.psql([...STOP, after.path]);
      const again = await hand.db.psql([...STOP, after.path]);

      assert.equal(code, 0, stderr);
      assert.match(stderr, /rowgate: release 1\.0 is deployed\n$/);
      assert.doesNotMatch(again.stderr, /functions\/f/);
      assert.deepEqual(await values("SELECT x FROM w"), ["$$"]);
      assert.deepEqual(
        await values(
          "SELECT oid::regprocedure || ' ' || obj_description(oid) FROM pg_proc WHERE proname = 'f'",
        ),
        ["f(bigint) mine"],
      );
      assert.match(String(await values("SELECT relacl FROM pg_class WHERE relname = 'w'")), /=r\//);
      assert.deepEqual(
        await values("SELECT id FROM versions_log WHERE event = 'replaced' ORDER BY sequence"),
        ["functions/f", "views/v", "views/w"],
      );
    });
  }

  it("changes nothing in a dry run, and nothing when something stands in the way", async () => {
    await hand.db.psql([...STOP, (await script(BEFORE)).path]);
    await hand.db.query("CREATE MATERIALIZED VIEW m AS SELECT x FROM w");
    const after = await script(AFTER);

    const refused = await hand.db.psql([...STOP, after.path]);
    await hand.db.query("DROP MATERIALIZED VIEW m");
    const dry = await hand.db.psql([...STOP, after.path], {
      env: { PGOPTIONS: "-c rowgate.dry_run=on" },
    });

    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /materialized view (?:public\.)?m/);
    assert.match(dry.stderr, /dry run, everything is rolled back/);
    assert.deepEqual(await values("SELECT f(1)"), [1]);
    assert.deepEqual(await values("SELECT count(*)::int FROM pg_proc WHERE proname = 'f'"), [1]);
  });

  it("needs only the rights of the owner of the schema", async () => {
    const role = `owner_${hand.db.name.slice(-12)}`;
    await hand.db.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; REVOKE TEMP ON DATABASE ${hand.db.name} FROM PUBLIC; CREATE SCHEMA own AUTHORIZATION ${role}; ALTER ROLE ${role} SET search_path = own`,
    );
    const as = { env: { PGUSER: role, PGPASSWORD: "x" } };
    const first = await hand.db.psql([...STOP, (await script(BEFORE)).path], as);

    const { code, stderr } = await hand.db.psql([...STOP, (await script(AFTER)).path], as);

    assert.equal(first.code, 0, first.stderr);
    assert.equal(code, 0, stderr);
    await hand.db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});
