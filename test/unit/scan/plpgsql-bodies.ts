/** PL/pgSQL routines that a parser without a catalog could take for wrong, and wrong ones. */

/** Valid on a server where the tables and types that they name exist. */
export const GOOD_BODIES: Readonly<Record<string, string>> = {
  "a trigger": `CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN NEW.a := OLD.b; NEW.c.d := 1; ELSIF TG_WHEN = 'x' THEN RETURN OLD; END IF;
      EXECUTE format('x %I', TG_TABLE_NAME) USING NEW, TG_ARGV[0];
      RETURN NEW;
    END $$`,
  "an event trigger": `CREATE FUNCTION f() RETURNS event_trigger AS $$ BEGIN RAISE NOTICE '% %', TG_EVENT, TG_TAG; END $$ LANGUAGE plpgsql`,
  "a row type of an unknown table": `CREATE FUNCTION f() RETURNS SETOF foo AS $$
    DECLARE r foo%ROWTYPE; s app.foo.bar%TYPE; t foo;
    BEGIN
      FOR r IN SELECT * FROM foo LOOP r.x := 1; r.y[1].z := 2; RETURN NEXT r; END LOOP;
      SELECT * INTO t FROM foo;
      SELECT a, b INTO t.a, t.b FROM foo;
      FETCH c INTO t.a;
      GET DIAGNOSTICS t.n = ROW_COUNT;
      FOR t IN EXECUTE 'select 1' LOOP NULL; END LOOP;
      RETURN;
    END $$ LANGUAGE plpgsql`,
  "a table as result": `CREATE FUNCTION f() RETURNS TABLE (x int, y text) AS $$
    BEGIN RETURN QUERY SELECT 1, 'a'; x := 1; RETURN NEXT; RETURN QUERY EXECUTE 'select 1' USING x; END $$ LANGUAGE plpgsql`,
  "parameters of all modes": `CREATE FUNCTION f(a int, OUT b int, INOUT c foo, VARIADIC d text[]) AS $$
    BEGIN b := a; c.x := 2; c := ROW(1, 2); FOREACH b IN ARRAY d LOOP CONTINUE WHEN b = 1; END LOOP; END $$ LANGUAGE plpgsql`,
  cursors: `CREATE FUNCTION f() RETURNS refcursor AS $$
    DECLARE a CURSOR (k int) FOR SELECT * FROM t WHERE x = k; r record; q refcursor; u NO SCROLL CURSOR IS SELECT 1;
    BEGIN
      OPEN a(1); FETCH NEXT FROM a INTO r; MOVE LAST FROM a; CLOSE a;
      OPEN q FOR EXECUTE 'select $1' USING 1;
      FOR r IN a(k := 2) LOOP UPDATE t SET x = 1 WHERE CURRENT OF a; END LOOP;
      RETURN q;
    END $$ LANGUAGE plpgsql`,
  exceptions: `DO $$
    DECLARE m text; n int;
    BEGIN
      BEGIN
        INSERT INTO t VALUES (1) RETURNING a INTO STRICT n;
      EXCEPTION
        WHEN unique_violation OR SQLSTATE '23502' THEN GET STACKED DIAGNOSTICS m = MESSAGE_TEXT;
        WHEN OTHERS THEN RAISE EXCEPTION '% %', SQLERRM, SQLSTATE USING ERRCODE = 'RG001', HINT = m;
      END;
      RAISE; 
    END $$`,
  "nested blocks with labels": `CREATE FUNCTION f(x int DEFAULT 4) RETURNS int AS $body$
    <<top>> DECLARE i int := 1;
    BEGIN
      <<rows>> FOR i IN REVERSE 10..1 BY 2 LOOP
        DECLARE i int := top.i + f.x; BEGIN EXIT rows WHEN i > 3; CONTINUE rows; END;
      END LOOP rows;
      WHILE i < 3 LOOP i := i + 1; END LOOP;
      LOOP EXIT; END LOOP;
      CASE i WHEN 1, 2 THEN NULL; ELSE PERFORM 1; END CASE;
      RETURN i;
    END top $body$ LANGUAGE plpgsql`,
  "polymorphic types": `CREATE FUNCTION f(anyelement, b anyarray) RETURNS anyelement AS $$
    DECLARE x ALIAS FOR $1; y $1%TYPE; z b%TYPE; BEGIN y := $1; RETURN $1; END $$ LANGUAGE plpgsql`,
  "a language in quotes before the body": `CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE 'plpgsql' STRICT AS $$ BEGIN END $$`,
  "a body in quotes": `CREATE FUNCTION f() RETURNS text AS 'BEGIN RETURN ''a''; END' LANGUAGE "plpgsql"`,
  "a procedure with transactions": `CREATE PROCEDURE p(INOUT a foo) LANGUAGE plpgsql AS $$
    BEGIN COMMIT; ROLLBACK AND CHAIN; CALL q(a, 1); DO 'begin end'; SET LOCAL x = 1; END $$`,
  "options and conflicts": `CREATE FUNCTION f() RETURNS int AS $$
    #variable_conflict use_column
    #print_strict_params on
    DECLARE c CONSTANT int NOT NULL := 1; d citext COLLATE "C"; e numeric(10, 2)[]; g my.domain DEFAULT 2;
    BEGIN ASSERT c = 1, 'no'; e[1] := 2; MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE; RETURN c; END $$ LANGUAGE plpgsql`,
  "a variable named like a keyword": `CREATE FUNCTION f() RETURNS text AS $$
    DECLARE "end" int; type text; row_count int; value record; query text; alias int;
    BEGIN "end" := 1; type := 'a'; GET DIAGNOSTICS row_count = ROW_COUNT; query := 'x'; RETURN type || alias; END $$ LANGUAGE plpgsql`,
  "a body of comments": "DO $$ -- don't; BEGIN\nBEGIN /* ' */ NULL; END $$",
  "dynamic SQL": `DO $do$ BEGIN EXECUTE $q$ CREATE FUNCTION g() RETURNS int AS $$ nonsense $$ LANGUAGE sql $q$; EXECUTE 'a' || quote_ident('b') INTO STRICT x USING 1; END $do$`,
};

/** The error stands at `<<HERE>>`, which is taken out first. */
export const BAD_BODIES: readonly {
  readonly name: string;
  readonly text: string;
  readonly message: string;
}[] = [
  {
    name: "a misspelt statement",
    text: "-- é😀\nCREATE FUNCTION f() RETURNS void AS $$\nBEGIN\n  PERFORM 1;\n  <<HERE>>SELEC 1;\nEND $$ LANGUAGE plpgsql",
    message: 'syntax error at or near "SELEC"',
  },
  {
    name: "a misspelt keyword that stands elsewhere too",
    text: "DO $$\nDECLARE retrn int;\nBEGIN\n  retrn := 1; -- RETRN\n  <<HERE>>RETRN 1;\nEND $$",
    message: 'syntax error at or near "RETRN"',
  },
  {
    name: "an unfinished expression",
    text: "CREATE FUNCTION f() RETURNS void AS $$\nDECLARE x int;\nBEGIN\n  x := 1 +<<HERE>>;\n  x := 2;\nEND $$ LANGUAGE plpgsql",
    message: "syntax error at end of input",
  },
  {
    name: "a word too many in a query",
    text: "DO $é$\nBEGIN\n  PERFORM 1 WHERE 1 = 1;\n  UPDATE t SET a = 1 WHERE <<HERE>>WHERE b = 2;\n  PERFORM 1 WHERE 2 = 2;\nEND $é$",
    message: 'syntax error at or near "WHERE"',
  },
  {
    name: "an IF without END IF",
    text: "DO $$\nBEGIN\n  IF true THEN\n    PERFORM 1;\n<<HERE>>END $$",
    message: "syntax error at end of input",
  },
  {
    name: "a loop without END LOOP",
    text: "DO $$\nBEGIN\n  FOR i IN 1..10 LOOP PERFORM i; END<<HERE>>;\nEND $$",
    message: 'syntax error at or near ";"',
  },
  {
    name: "a missing semicolon in the declarations",
    text: "DO $$\nDECLARE a int\n<<HERE>>BEGIN\n  a := 1;\nEND $$",
    message: 'syntax error at or near "BEGIN"',
  },
  {
    name: "a body in quotes, whose place is that of the statement",
    text: "-- f\n<<HERE>>CREATE FUNCTION f() RETURNS void AS 'BEGIN\n SELEC 1;\nEND' LANGUAGE plpgsql",
    message: 'syntax error at or near "SELEC"',
  },
];
