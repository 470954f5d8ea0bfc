/** The sample comes out the same by every way: the native client alone, the script, the deployer. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dataDump, fingerprint } from "../helpers/catalog.ts";
import { rowgate } from "../helpers/cli.ts";
import { MYSQL_ENGINES, type MysqlDatabase, type MysqlEngine } from "../helpers/engines.ts";
import { rawSample, type RawSample } from "../helpers/sample.ts";
import { meaningOf } from "./mysql-meaning.ts";

const SAMPLE = join(import.meta.dirname, "../../sql");

/** How each client is told to follow `source`, to stop at an error and to send comments. */
const FOR_SOURCES: Readonly<Record<MysqlEngine["kind"], readonly string[]>> = {
  mysql: ["--loose-commands"],
  mariadb: ["--abort-source-on-error", "--comments"],
};

/** Everything that a deployment could have changed. */
async function stateOf(db: MysqlDatabase): Promise<string> {
  return meaningOf(await fingerprint(db)) + (await dataDump(db));
}

/** All that Rowgate has written down, with the times. */
async function historyOf(db: MysqlDatabase): Promise<unknown> {
  return [await db.query("SELECT * FROM versions"), await db.query("SELECT * FROM versions_log")];
}

async function deploySource(db: MysqlDatabase, source: string): Promise<void> {
  const result = await rowgate(["deploy", source, "--url", db.url]);
  assert.equal(result.code, 0, result.stderr);
}

async function runScript(db: MysqlDatabase, script: string): Promise<void> {
  const result = await db.client([], { input: await readFile(script, "utf8") });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /\nrowgate: release [\w.]+ is deployed\n$/);
}

/** The state of a new database after the work was done on it. */
async function stateAfter(
  engine: MysqlEngine,
  work: (db: MysqlDatabase) => Promise<void>,
): Promise<string> {
  const db = await engine.createDatabase();

  try {
    await work(db);
    return await stateOf(db);
  } finally {
    await db.close();
  }
}

describe("the comparison of two dumps", () => {
  const body = "CREATE TRIGGER `t` BEGIN\n  SET @a = '-- /* it''s';\n  SET @b = `#`; END ;;";

  for (const [what, same] of [
    ["to the end of a line", body.replace("BEGIN", "BEGIN -- it's a comment;")],
    ["between slashes", body.replace("  SET @a", "/* one */ SET @a")],
    ["behind a hash", body.replace("= `", '= # "\n  `')],
  ] as const) {
    it(`does not see comments ${what}`, () => {
      assert.equal(meaningOf(same), meaningOf(body));
    });
  }

  it("does not see a last semicolon", () => {
    const dump = "/*!50003 CREATE TRIGGER t SET NEW.a = 1 */;;\nRETURN 1 ;;\n";
    assert.equal(meaningOf(dump.replaceAll("1 ", "1\n; ")), meaningOf(dump));
  });

  for (const [what, other] of [
    ["a blank in a string", body.replace("it''s", "it''s ")],
    ["a name", body.replace("`#`", "`#1`")],
    ["a variable", body.replace("@a", "@c")],
    ["a version comment", body.replace("BEGIN", "/*!50003 BEGIN */")],
    ["another semicolon", body.replace("BEGIN", "BEGIN ;")],
  ] as const) {
    it(`sees ${what}`, () => {
      assert.notEqual(meaningOf(other), meaningOf(body));
    });
  }
});

for (const engine of MYSQL_ENGINES) {
  describe(`the sample on ${engine.name}`, { skip: engine.skip }, () => {
    let raw: RawSample;
    let script: string;
    let expected: string;

    before(async () => {
      raw = await rawSample();
      script = join(raw.root, "release.sql");
      const bundled = await rowgate(["bundle", SAMPLE, "--dialect", "mysql", "--output", script]);
      assert.equal(bundled.code, 0, bundled.stderr);

      const input = await readFile(join(raw.root, "main.mysql.sql"), "utf8");
      expected = await stateAfter(engine, async (db) => {
        const result = await db.client(FOR_SOURCES[engine.kind], { input, cwd: raw.root });
        assert.equal(result.code, 0, result.stderr);
      });
    });

    after(async () => {
      await raw.close();
    });

    it("has routines, triggers, events, views and rows to compare", () => {
      for (const word of ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "VIEW", "INSERT INTO"]) {
        assert.ok(expected.includes(word), word);
      }
    });

    it("is the same by its script through the native client", async () => {
      assert.equal(await stateAfter(engine, (db) => runScript(db, script)), expected);
    });

    it("is the same by the deployer from the source", async () => {
      assert.equal(await stateAfter(engine, (db) => deploySource(db, SAMPLE)), expected);
    });

    it("is the same by the deployer from the script", async () => {
      assert.equal(await stateAfter(engine, (db) => deploySource(db, script)), expected);
    });

    for (const first of ["script", "deployer"] as const) {
      it(`is not changed by any of these ways after the ${first}`, async () => {
        const actual = await stateAfter(engine, async (db) => {
          await (first === "script" ? runScript(db, script) : deploySource(db, SAMPLE));
          const history = await historyOf(db);

          await runScript(db, script);
          await deploySource(db, SAMPLE);
          await deploySource(db, script);
          assert.deepEqual(await historyOf(db), history);
        });

        assert.equal(actual, expected);
      });
    }
  });
}
