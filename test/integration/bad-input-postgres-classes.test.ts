/** Every class of file that real trees have comes out as it does through psql. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildBundle, createTarget, deploy, readBundle, writeBundle } from "../../src/rowgate.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import {
  POSTGRES_ENGINES,
  type PostgresDatabase,
  type PostgresEngine,
} from "../helpers/engines.ts";
import { writeTree } from "../helpers/tree.ts";

type Files = Readonly<Record<string, string>>;

const OWN_TABLES = [
  "--exclude-table=*.versions",
  "--exclude-table=*.versions_log",
  "--exclude-table=*.versions_objects",
];

/** One file for each class of shared/reference/real-trees.md, in the order that they mean. */
const CLASSES: Files = {
  "0001_no_end.sql": "CREATE TABLE a (i int)",
  "0002_last_line_is_comment.sql": "INSERT INTO a VALUES (2);\n-- the end",
  "0003_comment_is_all.sql": "-- nothing\n/* to /* do */ */\n",
  "0004_empty.sql": "",
  "00005_crlf.sql":
    "CREATE FUNCTION crlf() RETURNS text LANGUAGE sql AS $$\r\n  SELECT 'a\r\nb';\r\n$$;\r\nINSERT INTO a\r\nVALUES (5);\r\n",
  "06_bom.sql": "\uFEFFINSERT INTO a VALUES (6);\n",
  "7 blanks ## and -- dashes.sql": "INSERT INTO a VALUES (7);\n",
  '0008_it\'s "quoted" $$ *_ é e\u0301.sql': "INSERT INTO a VALUES (8);\n",
  "x/0009_same.sql": "CREATE SCHEMA x; CREATE TABLE x.t (i int);",
  "y/0011_same.sql": "CREATE SCHEMA y; CREATE TABLE y.t (i int);",
  "00010_between.sql": "INSERT INTO a VALUES (10);",
  "12_own_transaction.sql": "BEGIN;\nINSERT INTO a VALUES (12);\nCOMMIT;\n",
  "13_own_transaction.sql":
    "-- head\nSTART TRANSACTION;\nINSERT INTO a VALUES (13);\nEND TRANSACTION;\n-- tail",
  "14_concurrently.sql":
    "INSERT INTO a VALUES (14);\nCREATE INDEX CONCURRENTLY a_i ON a (i);\nINSERT INTO a VALUES (14);\n",
  "15_enum.sql":
    "CREATE TYPE mood AS ENUM ('sad');\nALTER TYPE mood ADD VALUE 'glad';\nCREATE TABLE moods (m mood);\n",
  "15.1_enum_used.sql": "INSERT INTO moods VALUES ('glad');\n",
  "16_leaks.sql":
    "SET search_path = x;\nSET check_function_bodies = off;\nSET standard_conforming_strings = off;\nCREATE TABLE leak (t text DEFAULT 'a\\tb');\n",
  "17_after_leak.sql": "CREATE TABLE no_leak (t text DEFAULT 'a\\tb');\n",
  "18_role.sql": "SET ROLE pg_monitor;\nSELECT current_user;\n",
  "19_after_role.sql": "CREATE TABLE owned (i int);\n",
  "20_quotes_in_comments.sql":
    "-- it's $$ and ; here\n/* '; /* nested; */ $x$ */\nINSERT INTO a -- ;'\n  VALUES (20);\nCREATE TABLE q (t text);\nINSERT INTO q VALUES (E'it\\'s; \\\\'), ($a$;$$;$a$), (U&'\\00e9');\n",
  "21_atomic.sql":
    "CREATE FUNCTION atomic(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN i > 1 THEN 1 ELSE 2 END; SELECT 3; END;\n",
  "22_copy.sql":
    "CREATE TABLE c (i int, t text);\nCOPY c FROM stdin;\n1\ta;b'$$\n2\t\\N\n\\.\nINSERT INTO c VALUES (3, 'x');\nCOPY c (t) FROM STDIN WITH (NULL 'none');\nnone\n\\.\n",
  "23_copy_to_the_end.sql": "COPY c FROM stdin;\n23\tlast\n",
  "24_do.sql":
    "DO $$\nBEGIN\n  INSERT INTO a VALUES (24);\n  BEGIN\n    RAISE EXCEPTION 'x';\n  EXCEPTION WHEN OTHERS THEN NULL;\n  END;\nEND $$;\n",
  "25_long_line.sql": `INSERT INTO q VALUES ('${"x".repeat(200_000)}');\n`,
  "26_select_into.sql": "SELECT i, i * 2 AS j INTO doubled FROM a;\n",
  "27_temporary.sql":
    "CREATE TEMP TABLE kept (i int);\nINSERT INTO kept VALUES (27);\nINSERT INTO a SELECT i FROM kept;\n",
  "28_lock.sql":
    "BEGIN;\nLOCK TABLE a IN EXCLUSIVE MODE;\nCREATE TEMP TABLE gone (i int) ON COMMIT DROP;\nINSERT INTO gone VALUES (28);\nINSERT INTO a SELECT i FROM gone;\nCOMMIT;\n",
  "29_only_in_order.sql": "INSERT INTO a VALUES (29)\n;;;\n;",
  "30_psql.sql":
    "\\set n 30\n\\echo hello\n\\if true\nINSERT INTO a VALUES (:n);\n\\else\nnonsense;\n\\endif\nINSERT INTO q VALUES (:'n' || ':n'), ('a:n'::text) \\g\n",
  "31_lone_cr.sql": "INSERT INTO a VALUES (31);\r-- c\rINSERT INTO a VALUES (32);\r",
  "33_rules.sql":
    "CREATE RULE r AS ON INSERT TO x.t DO ALSO (INSERT INTO a VALUES (33); INSERT INTO a VALUES (34));\nINSERT INTO x.t VALUES (1);\n",
  "34_unicode.sql": 'CREATE TABLE "tablé 𝒳 ""q""" ("ü" int DEFAULT 1);\n',
  "35_procedure.sql":
    "CREATE PROCEDURE p(i int) LANGUAGE plpgsql AS $p$\nBEGIN\n  INSERT INTO a VALUES (i);\nEND\n$p$;\nCALL p(35);\n",
  "2017-09-23-182408_date.sql": "INSERT INTO a VALUES (2017);\n",
  "20240101000000123456_timestamp.sql": "INSERT INTO a VALUES (2024);\n",
};

/** As people write it who have only psql; `from` is where the paths begin. */
function classic(from: string): Files {
  return {
    "main.sql": `BEGIN TRANSACTION;\n\\i ${from}tables/customer.sql\n\\i ${from}functions/balance.sql\n\\i ${from}data/fill.sql\nCOMMIT;\n`,
    "tables/customer.sql": "CREATE TABLE customer (id int PRIMARY KEY, name text)",
    "functions/balance.sql":
      "CREATE FUNCTION balance(int) RETURNS int LANGUAGE sql AS 'SELECT $1';\n-- no more",
    "data/fill.sql": "INSERT INTO customer SELECT balance(i), 'n' FROM generate_series(1, 3) i;\n",
  };
}

const FULL = `
  CREATE SCHEMA other;
  CREATE TYPE other.mood AS ENUM ('a''b', 'c');
  CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, m other.mood);
  CREATE TABLE other.note (customer int REFERENCES customer, body text, at timestamptz DEFAULT now());
  INSERT INTO customer (name, m) VALUES (E'tab\\tnew\\nline \\\\.', 'c'), ('; $$ ''', 'a''b'), ('x', NULL);
  INSERT INTO other.note VALUES (1, repeat('x', 1000), '2020-01-01 00:00:00Z');
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $f$
    BEGIN NEW.name := NEW.name || ';'; RETURN NEW; END $f$;
  CREATE TRIGGER stamped BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE VIEW names AS SELECT name, count(*) OVER () FROM customer;
  CREATE FUNCTION one() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
  COMMENT ON TABLE customer IS 'it''s; -- a $$ comment';
  GRANT SELECT ON customer TO pg_monitor`;

for (const engine of POSTGRES_ENGINES) {
  describe(`by all ways it is the same on ${engine.name}`, { skip: engine.skipClients }, () => {
    let full: PostgresDatabase;

    before(async () => {
      full = await engine.createDatabase();
      await full.query(FULL);
    });
    after(async () => {
      await full.close();
    });

    it("with a tree that has every class of file", async () => {
      await sameByAllWays(engine, CLASSES, { text: oneSessionEach(CLASSES), from: "." });
    });

    it("with the classic main.sql, written for its own directory", async () => {
      await sameByAllWays(engine, classic(""), { text: "\\i main.sql\n", from: "source" });
    });

    it("with the classic main.sql, written for the directory above it", async () => {
      const text = "\\i source/main.sql\n";
      await sameByAllWays(engine, classic("source/"), { text, from: "." });
    });

    for (const options of [[], ["--inserts", "--clean", "--if-exists"]]) {
      it(`with what pg_dump ${options.join(" ")} wrote`, async () => {
        const files = {
          "1_dump.sql": await full.pgDump(options),
          "2_next.sql": "CREATE TABLE next (i int);",
        };
        await sameByAllWays(engine, files, { text: oneSessionEach(files), from: "." });
      });
    }

    it("but not with pg_dump --create, which changes the database and is refused", async () => {
      const tree = await writeTree({ "1_dump.sql": await full.pgDump(["--create"]) });
      const bundle = await buildBundle(tree.root);

      await assert.rejects(bundle.compile(bundle.blocks), {
        code: "psql-command",
        message: /^\\connect cannot be part of a bundle: .* one database$/,
      });
      await tree.close();
    });
  });
}

/** A psql script that runs each file in a session of its own, as the trees' own tools do. */
function oneSessionEach(files: Files): string {
  return Object.keys(files)
    .map((path) => `\\i 'source/${path.replaceAll("'", "''")}'\n\\connect -\n`)
    .join("");
}

/** psql alone, our script by psql, and the deployer with the tree and with the script. */
async function sameByAllWays(
  engine: PostgresEngine,
  source: Files,
  reference: { readonly text: string; readonly from: string },
): Promise<void> {
  const files = Object.entries(source).map(([path, text]) => [`source/${path}`, text]);
  const tree = await writeTree({ ...Object.fromEntries(files), "all.sql": reference.text });
  const script = join(tree.root, "release.sql");
  const raw = { file: join(tree.root, "all.sql"), cwd: join(tree.root, reference.from) };

  try {
    const expected = await stateAfter(engine, (db) => psql(db, raw));
    const bundle = await buildBundle(join(tree.root, "source"));
    await writeBundle(bundle, script);

    assert.equal(await stateAfter(engine, (db) => psql(db, { file: script })), expected);
    assert.equal(await stateAfter(engine, (db) => deployed(db, bundle)), expected);
    assert.equal(
      await stateAfter(engine, async (db) => deployed(db, await readBundle(script))),
      expected,
    );
  } finally {
    await tree.close();
  }
}

async function psql(
  db: PostgresDatabase,
  { file, cwd }: { readonly file: string; readonly cwd?: string },
): Promise<void> {
  const args = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file];
  const result = await db.psql(args, cwd === undefined ? {} : { cwd });

  assert.equal(result.code, 0, result.stderr);
}

async function deployed(db: PostgresDatabase, bundle: Bundle): Promise<void> {
  const [report] = await deploy(bundle, [createTarget(db.url)]);

  assert.equal(report?.error, undefined);
  assert.equal(report?.outcome, "deployed");
}

/** The schema and all data of a new database, once `work` is done. */
async function stateAfter(
  engine: PostgresEngine,
  work: (db: PostgresDatabase) => Promise<void>,
): Promise<string> {
  const db = await engine.createDatabase();

  try {
    await work(db);
    return await db.pgDump(OWN_TABLES);
  } finally {
    await db.close();
  }
}
