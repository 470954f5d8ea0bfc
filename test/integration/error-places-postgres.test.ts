/** Every kind of error of PostgreSQL leads to its place in the user's file. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { postgresDialect } from "../../src/dialects/postgres/index.ts";
import { locate } from "../../src/dialects/postgres/locate.ts";
import type { CopyPiece, StatementPiece } from "../../src/domain/block.ts";
import { DatabaseError } from "../../src/domain/errors.ts";
import type { Connection, Place } from "../../src/domain/ports.ts";
import { connectPg } from "../../src/drivers/pg.ts";
import { connectPglite } from "../../src/drivers/pglite.ts";
import { scanPostgresText } from "../../src/scan/postgres.ts";
import { placePrefix } from "../../src/scan/place-prefix.ts";
import { block, bundle, statement } from "../helpers/blocks.ts";
import { POSTGRES_FAMILY, type TestDatabase } from "../helpers/engines.ts";

const BODY = "LANGUAGE plpgsql AS $$";

/** Each file has a « where the error belongs. */
const FILES: Readonly<Record<string, string>> = {
  "a syntax error in the third statement": `CREATE TABLE é_a(id int); -- comment é 😀
INSERT INTO é_a VALUES (1);
  «SELEC 2;
SELECT 3;`,
  "a missing table": `CREATE TABLE é_a(id int); -- 😀 é
INSERT INTO é_a VALUES (1); INSERT INTO «nope VALUES (1);
`,
  "a missing column in a view": `CREATE TABLE t(a int);
CREATE VIEW v AS
  SELECT t.a, '😀',
         «t.b
  FROM t;`,
  "a unique violation": `CREATE TABLE a(id int primary key);
INSERT INTO a VALUES (1);
  «INSERT INTO a
 VALUES (1);
`,
  "a unique violation behind comments": `CREATE TABLE a(id int primary key);
INSERT INTO a VALUES (1);
-- a comment
/* more */ «INSERT INTO a
 VALUES (1);
`,
  "a division by zero": `SELECT 1;
«SELECT 1/0;`,
  "an error in a function that a function calls": `CREATE FUNCTION f_in(i int) RETURNS int ${BODY}
BEGIN
  RETURN 1/i;
END $$;
CREATE FUNCTION f_out(i int) RETURNS int ${BODY} BEGIN RETURN f_in(i); END $$;
«SELECT f_out(0);`,
  "a missing table in a function that is called": `CREATE FUNCTION f_in() RETURNS int ${BODY}
BEGIN
  RETURN (SELECT x FROM nope2);
END $$;
«SELECT f_in();`,
  "a syntax error in a PL/pgSQL body": `SELECT 'é😀';
CREATE FUNCTION f_bad() RETURNS int ${BODY}
BEGIN
  RETURN 1 +«;
END $$;`,
  "an unknown variable in a PL/pgSQL body": `CREATE FUNCTION f_bad() RETURNS int ${BODY}
BEGIN
  «x := 1;
  RETURN 1;
END $$;`,
  "a missing table in an SQL body": `SELECT 1;
CREATE FUNCTION f_bad() RETURNS int LANGUAGE sql AS $$
  SELECT a
  FROM «nope3
$$;`,
  "a missing table in BEGIN ATOMIC": `CREATE FUNCTION f_bad() RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT 1;
  SELECT a FROM «nope3;
END;`,
  "a syntax error in DO": `SELECT 1;
DO $$ BEGIN
  IF true THEN «x;
 END IF;
END $$;`,
  "a missing table in DO": `SELECT 1;
DO $$ BEGIN
  INSERT INTO «nope9 VALUES (1);
END $$;`,
  "RAISE in DO": `SELECT 1;
«DO $$ BEGIN
  RAISE EXCEPTION 'boom';
END $$;`,
  "a syntax error in a body between quotes": `CREATE FUNCTION f_q() RETURNS int LANGUAGE plpgsql AS '
BEGIN
  RETURN 1 +«;
END ';`,
  "a lock timeout": `SET LOCAL lock_timeout='20ms'; «SELECT pg_advisory_lock(424242);`,
  "a wrong default in the head of a function": `CREATE FUNCTION f(a int,
  b int DEFAULT «nix) RETURNS int ${BODY}
BEGIN RETURN 1; END $$;`,
  "a wrong value in BEGIN ATOMIC behind a long text": `CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC
  SELECT '${"long ".repeat(400)}';
  SELECT «nix;
END;`,
};

const PATH = "db/x 002*/é.sql";
const LOCKED = "a lock timeout";

interface Piece {
  readonly text: string;
  readonly at: Place["at"];
}

function wanted(file: string): Place {
  const lines = file.slice(0, file.indexOf("«")).split("\n");
  const excerpt = file.replace("«", "").split("\n")[lines.length - 1] ?? "";
  const column = Array.from(lines.at(-1) ?? "").length + 1;

  return { at: { path: PATH, line: lines.length, column }, excerpt };
}

function piecesOf(file: string): readonly Piece[] {
  return [...scanPostgresText(file.replace("«", ""))].flatMap((event) =>
    event.kind === "statement"
      ? [{ text: event.text, at: { path: PATH, line: event.line, column: event.column } }]
      : [],
  );
}

/** A small likeness of the script: the statements are data of one DO. */
function scriptOf(pieces: readonly Piece[]): string {
  const texts = pieces.map((piece) => `$rg$${placePrefix(piece)}${piece.text}\n$rg$`);

  return `BEGIN;
DO $rowgate$
DECLARE s text;
BEGIN
  FOREACH s IN ARRAY ARRAY[${texts.join(",\n")}] LOOP
    EXECUTE s;
  END LOOP;
END
$rowgate$`;
}

/** The places of a COPY follow from its text alone. */
function copyOf(text: string, chunks: readonly string[]): CopyPiece {
  return {
    kind: "copy",
    text,
    at: { path: PATH, line: 1, column: 1 },
    dataLine: 1,
    data: async function* data() {
      yield* chunks;
    },
  };
}

async function failureOf(action: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DatabaseError, `no error of the database: ${String(error)}`);
  return error;
}

/** Sends what the deployer sends, until something fails. */
async function placeInScript(
  connection: Connection,
  pieces: readonly StatementPiece[],
): Promise<Place | undefined> {
  const earlier = block("1", [statement("SELECT 1;")]);
  const release = bundle([earlier, block("2", pieces)]);
  const packets = postgresDialect.packets(release, await release.compile(release.blocks), {
    versions: { schema: undefined, name: "versions" },
    onBusy: "fail",
    outOfOrder: false,
    settings: {},
    first: true,
  });

  try {
    for await (const packet of packets) {
      const sent = packet.kind === "sql" ? packet.text : packet.piece.text;
      try {
        await connection.query(sent);
      } catch (error) {
        assert.ok(error instanceof DatabaseError);
        return locate(error, sent);
      }
    }
  } finally {
    await connection.query("ROLLBACK");
  }

  return undefined;
}

/** What stands before a statement on its line is not known to it. */
function sameLine(found: string | undefined, line: string | undefined): void {
  assert.equal(found?.length, line?.length);
  assert.ok(
    line?.endsWith(found?.trimStart() ?? "?"),
    `${String(found)} is no end of ${String(line)}`,
  );
}

for (const engine of POSTGRES_FAMILY) {
  describe(`${engine.name}: the place of`, { skip: engine.skip }, () => {
    let database: TestDatabase;
    let connection: Connection;
    let holder: Connection | undefined;

    before(async () => {
      database = await engine.createDatabase();
      const { url } = database;

      if (engine.kind === "pglite") {
        connection = await connectPglite(url.slice("pglite:".length));
      } else {
        connection = await connectPg(url);
        holder = await connectPg(url);
        await holder.query("SELECT pg_advisory_lock(424242)");
      }
    });

    after(async () => {
      await holder?.close();
      await connection.close();
      await database.close();
    });

    /** PGlite has one session, so nothing can hold a lock against it. */
    const files = Object.entries(FILES).filter(
      ([title]) => engine.kind === "postgres" || title !== LOCKED,
    );

    for (const [title, file] of files) {
      it(`${title}, run by EXECUTE`, async () => {
        const sent = scriptOf(piecesOf(file));
        const place = locate(await failureOf(connection.query(sent)), sent);
        await connection.query("ROLLBACK");

        assert.deepEqual(place?.at, wanted(file).at);
        sameLine(place?.excerpt, wanted(file).excerpt);
      });

      it(`${title}, run by the script's own procedure`, async () => {
        const pieces = piecesOf(file).map(({ text, at }) => statement(text, { at }));
        const place = await placeInScript(connection, pieces);

        assert.deepEqual(place?.at, wanted(file).at);
        sameLine(place?.excerpt, wanted(file).excerpt);
      });

      it(`${title}, sent as it is`, async () => {
        await connection.query("BEGIN");
        const pieces = piecesOf(file);
        let place: Place | undefined;

        for (const piece of pieces) {
          const sent = placePrefix(piece) + piece.text;
          try {
            await connection.query(sent);
          } catch (error) {
            assert.ok(error instanceof DatabaseError);
            place = locate(error, sent);
            break;
          }
        }
        await connection.query("ROLLBACK");

        assert.deepEqual(place?.at, wanted(file).at);
        sameLine(place?.excerpt, wanted(file).excerpt);
      });
    }

    it("a wrong value in the data of COPY", async () => {
      await connection.query("CREATE TABLE seed (a int, b text)");
      const at = { path: PATH, line: 5, column: 1 };
      const text = `${placePrefix({ at })}-- data\nCOPY seed (a, b)\n  FROM STDIN;`;
      const copy = connection.copyIn(copyOf(text, ["1\tone\n2\ttwo\n", "x\tthree\n"]));
      const place = locate(await failureOf(copy), text);

      assert.deepEqual(place, { at: { path: PATH, line: 10, column: 1 }, excerpt: undefined });
    });

    it("a line of COPY with too few columns, with its text", async () => {
      const at = { path: PATH, line: 5, column: 1 };
      const text = `${placePrefix({ at })}COPY seed (a, b) FROM STDIN;`;
      const copy = connection.copyIn(copyOf(text, ["1\tone\n2\n"]));

      assert.deepEqual(locate(await failureOf(copy), text), {
        at: { path: PATH, line: 7, column: 1 },
        excerpt: "2",
      });
    });

    it("a table of COPY that is missing", async () => {
      const at = { path: PATH, line: 5, column: 3 };
      const text = `${placePrefix({ at })}COPY nix FROM STDIN;`;
      const copy = connection.copyIn(copyOf(text, ["1\n"]));

      assert.deepEqual(locate(await failureOf(copy), text)?.at, at);
    });
  });
}
