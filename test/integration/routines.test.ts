/** Functions, procedures and triggers that change, on PostgreSQL. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { describeRoutines, TABLE, type Files } from "./routines-setup.ts";

const F = "functions/f.sql";

/** A tree whose function has that result. */
const withResult = (result: string): Files => ({
  ...TABLE,
  [F]: `CREATE OR REPLACE FUNCTION f(a int) RETURNS ${result} IMMUTABLE LANGUAGE sql AS 'SELECT 1::${result}';\n`,
});

/** A tree whose function has an argument of that type. */
const withArgument = (type: string): Files => ({
  ...TABLE,
  [F]: `CREATE OR REPLACE FUNCTION f(a ${type}) RETURNS int LANGUAGE sql AS 'SELECT 1';\n`,
});

/** A tree whose function is in another schema than the first one. */
const inSchema = (result: string): Files => ({
  "0001_s.sql": "CREATE SCHEMA s;\n",
  [F]: `SET search_path = s;\nCREATE OR REPLACE FUNCTION f() RETURNS ${result} LANGUAGE sql AS 'SELECT 1::${result}';\n`,
});

describeRoutines("a routine", (given) => {
  const { tried, deploy, values, routines, views, replaced, made } = given;

  it("with the same signature is replaced in place", async () => {
    await deploy({ [F]: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n" });
    const before = await values("SELECT 'f(int)'::regprocedure::oid");

    await deploy({
      [F]: "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';\n",
    });

    assert.deepEqual(await values("SELECT 'f(int)'::regprocedure::oid"), before);
    assert.deepEqual(await values("SELECT f(1)"), [2]);
    assert.deepEqual(await made(), ["functions/f function public.f(integer)"]);
    assert.deepEqual(await replaced(), [
      "functions/f: CREATE OR REPLACE FUNCTION public.f(a integer)\n RETURNS integer\n LANGUAGE sql\nAS $function$SELECT 1$function$\n;",
    ]);
  });

  for (const [title, changed, expected] of [
    [
      "result",
      "FUNCTION f(a int) RETURNS text LANGUAGE sql AS 'SELECT 2::text'",
      "f(integer) f text",
    ],
    [
      "parameter name",
      "FUNCTION f(z int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
      "f(integer) f integer",
    ],
    [
      "columns",
      "FUNCTION f(a int, OUT x int, OUT y int) LANGUAGE sql AS 'SELECT 2, 3'",
      "f(integer) f record",
    ],
    ["kind", "PROCEDURE f(a int) LANGUAGE sql AS 'SELECT 2'", "f(integer) p"],
    [
      "signature",
      "FUNCTION f(a bigint, b text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 2'",
      "f(bigint,text) f integer",
    ],
    [
      "column type",
      "FUNCTION f(a t.b%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 2'",
      "f(text) f integer",
    ],
  ] as const) {
    it(`with another ${title} takes the place of the old one, with its grants and comment`, async () => {
      await deploy({
        ...TABLE,
        [F]: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
      });
      await given.db.query("COMMENT ON FUNCTION f IS 'mine'; REVOKE ALL ON FUNCTION f FROM PUBLIC");

      await deploy({ ...TABLE, [F]: `CREATE OR REPLACE ${changed};\n` });

      assert.deepEqual(await routines(), [`${expected} {postgres=X/postgres} mine`]);
      assert.equal((await replaced()).length, 1);
      assert.equal((await made()).length, 1);
    });
  }

  it("keeps its owner when it is made anew", async () => {
    const role = `owner_${given.db.name.replaceAll(/\W/g, "_").slice(-40).toLowerCase()}`;
    await deploy({ [F]: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n" });
    await given.db.query(
      `CREATE ROLE ${role}; ALTER FUNCTION f OWNER TO ${role}; GRANT EXECUTE ON FUNCTION f TO ${role} WITH GRANT OPTION`,
    );

    await deploy({
      [F]: "CREATE OR REPLACE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    });

    assert.deepEqual(
      await values("SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'f'"),
      [role],
    );
    await given.db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it("of another file or of nobody keeps its overloads", async () => {
    await deploy({
      [F]: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION f(a date) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
      "functions/g.sql": "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    });
    await given.db.query("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 7'");

    await deploy({
      [F]: "CREATE OR REPLACE FUNCTION f(a bigint) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE OR REPLACE FUNCTION f(a date) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
      "functions/g.sql": "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    });

    assert.deepEqual(await routines(), [
      "f() f integer",
      "f(bigint) f integer",
      "f(date) f integer",
      "f(text) f integer",
    ]);
  });

  it("that its file no longer has stays, and is known to be left", async () => {
    await deploy({
      [F]: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    });

    await deploy({
      [F]: "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';\n",
    });

    assert.deepEqual(await routines(), ["f(integer) f integer", "g() f integer"]);
    assert.deepEqual(await made(), [
      "functions/f function public.f(integer)",
      "functions/f function public.g() left",
    ]);
  });

  it("is found behind the search path of its file", async () => {
    await deploy(inSchema("int"));

    await deploy(inSchema("text"));

    assert.deepEqual(await values("SELECT s.f()"), ["1"]);
    assert.deepEqual(await made(), ["functions/f function s.f()"]);
    await given.db.query("DROP SCHEMA s CASCADE");
  });

  it("takes along what needs it: views on views, defaults, triggers, functions", async () => {
    await deploy(withArgument("int"));
    await given.db.query(`
      ALTER TABLE t ALTER b SET DEFAULT f(3)::text;
      CREATE VIEW v WITH (security_barrier = true) AS SELECT f(1) AS x, b FROM t;
      CREATE VIEW w AS SELECT x FROM v;
      GRANT SELECT (x) ON v TO PUBLIC; GRANT SELECT ON w TO PUBLIC;
      COMMENT ON VIEW w IS 'mine'; COMMENT ON COLUMN v.x IS 'one';`);
    await given.db.query("CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT x FROM w'");
    const state = async (): Promise<unknown> => [
      await views(),
      await values(
        "SELECT attacl::text FROM pg_attribute WHERE attrelid = 'v'::regclass AND attacl IS NOT NULL",
      ),
      await values(
        "SELECT pg_get_viewdef('w'::regclass), col_description('v'::regclass, 1), (SELECT reloptions::text FROM pg_class WHERE oid = 'v'::regclass)",
      ),
    ];
    const before = await state();

    await deploy(withArgument("bigint"));

    assert.deepEqual(await state(), before);
    assert.deepEqual(
      await values(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't'::regclass AND adnum = 2",
      ),
      ["(f((3)::bigint))::text"],
    );
    assert.deepEqual(await values("INSERT INTO t DEFAULT VALUES RETURNING b"), ["1"]);
    assert.deepEqual(await values("SELECT g()"), [1]);
  });

  it("that a trigger calls takes the trigger along", async () => {
    const tree = (name: string): Files => ({
      ...TABLE,
      [F]: `CREATE OR REPLACE FUNCTION ${name} LANGUAGE plpgsql AS 'BEGIN NEW.b := ''set''; RETURN NEW; END';\n`,
    });
    await deploy(tree("f() RETURNS trigger"));
    await given.db.query(
      "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER g",
    );
    await given.db.query("DELETE FROM versions_objects; CREATE VIEW v AS SELECT a, b FROM t");

    const error = await tried({
      ...TABLE,
      [F]: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    });

    assert.equal(error?.code, "object-needed");
    assert.match(
      error.message,
      /trigger g on public\.t needs public\.f\(\), and cannot be made again behind it/,
    );
    assert.deepEqual(await values("INSERT INTO t DEFAULT VALUES RETURNING b"), ["set"]);
    assert.deepEqual(await values("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'g'"), [
      "A",
    ]);
  });

  for (const [title, sql, said] of [
    ["an index", "CREATE INDEX i ON t (f(a))", "index public.i"],
    [
      "a constraint",
      "ALTER TABLE t ADD CONSTRAINT k CHECK (f(a) > 0)",
      "constraint k on table public.t",
    ],
    [
      "a generated column",
      "ALTER TABLE t ADD d int GENERATED ALWAYS AS (f(a)) STORED",
      "column d of table public.t",
    ],
    [
      "a materialized view",
      "CREATE MATERIALIZED VIEW m AS SELECT f(a) FROM t",
      "materialized view public.m",
    ],
    ["a policy", "CREATE POLICY p ON t USING (f(a) > 0)", "policy p on table public.t"],
  ] as const) {
    it(`does not go where ${title} needs it, and says what stands in the way`, async () => {
      await deploy(withResult("int"));
      await given.db.query(sql);

      const error = await tried(withResult("bigint"));

      assert.equal(error?.code, "object-needed");
      assert.ok(error.message.includes("f(integer)"), error.message);
      assert.ok(error.message.includes(said), error.message);
      assert.deepEqual(await routines(), ["f(integer) f integer"]);
    });
  }

  it("that is wrong is an error at its place, whether it can be replaced or not", async () => {
    const wrong = (result: string): Files => ({
      [F]: `\nCREATE OR REPLACE FUNCTION f() RETURNS ${result} LANGUAGE sql AS 'SELECT nothing';\n`,
    });
    await deploy({ [F]: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n" });

    for (const result of ["int", "text"]) {
      const error = await tried(wrong(result));

      assert.equal(error?.code, "sql-failed");
      assert.deepEqual(error.at?.line, 2);
      assert.match(error.message, /column "nothing" does not exist/);
    }
    assert.deepEqual(await values("SELECT f()"), [1]);
  });
});
