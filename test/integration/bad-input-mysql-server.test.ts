/** MariaDB and MySQL set up in ways that a deployment has to know of: it works, or says what is wrong. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { RowgateError } from "../../src/domain/errors.ts";
import type { Note } from "../../src/domain/source.ts";
import { buildBundle, createTarget, deploy, plan, status } from "../../src/rowgate.ts";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlDatabase,
  type MysqlServer,
} from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { clean, historyOf, tablesOf, untilSome, valueOf } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

type Files = Readonly<Record<string, string>>;

const texts = textsFor({ dialect: "mysql" });

const SHOP = {
  "1_a.sql": "CREATE TABLE a (i int);\n",
  "2_b.sql": "INSERT INTO a VALUES (1);\n",
};

/** `letters` in a statement that takes about so many bytes. */
const long = (id: number, letters: string): string =>
  `INSERT INTO a SELECT ${id} FROM DUAL WHERE '${letters}' <> '';\n`;

/** A table without transactions, and two statements for its rows. */
const inMyisam = (last: string): Files => ({
  "1_m.sql": "CREATE TABLE m (i int) ENGINE = MyISAM;\n",
  "2_b.sql": `INSERT INTO m VALUES (1);\n${last}`,
});

interface Result {
  readonly error: RowgateError | undefined;
  readonly applied: readonly string[];
  readonly notes: readonly Note[];
}

for (const engine of MYSQL_ENGINES) {
  describe(`a server that is set up in its own way: ${engine.name}`, { skip: engine.skip }, () => {
    let server: MysqlServer;
    let db: MysqlDatabase;
    let trees: TestTree[] = [];

    /** The bundle of a tree, which is removed after the test. */
    const bundleOf = async (files: Files): Promise<Bundle> => {
      const tree = await writeTree(files);
      trees.push(tree);
      return buildBundle(tree.root, { dialect: "mysql" });
    };
    const deployed = async (files: Files, url = db.url): Promise<Result> => {
      const notes: Note[] = [];
      const [report] = await deploy(await bundleOf(files), [createTarget(url)], {
        onNote: (note) => notes.push(note),
      });
      return { error: report?.error, applied: report?.applied ?? [], notes };
    };
    /** Sets a variable of the whole server while the work is done. */
    const withGlobal = async (
      [name, value]: readonly [string, string],
      work: () => Promise<void>,
    ): Promise<void> => {
      const usual = await valueOf(db, `SELECT @@GLOBAL.${name}`);
      await db.query(`SET GLOBAL ${name} = ${value}`);
      try {
        await work();
      } finally {
        await db.query(`SET GLOBAL ${name} = ${/^\d+$/.test(usual) ? usual : `'${usual}'`}`);
      }
    };
    /** The database as another user, who has the given rights on it. */
    const asUser = async (name: string, rights: string): Promise<string> => {
      await db.query(
        `CREATE USER IF NOT EXISTS ${name} IDENTIFIED BY '${PASSWORD}'; GRANT ${rights} ON ${db.name}.* TO ${name}`,
      );
      return String(Object.assign(new URL(db.url), { username: name }));
    };

    before(async () => {
      server = await engine.startServer();
      db = await engine.createDatabaseOn(server);
    });
    afterEach(async () => {
      await Promise.all(trees.map((tree) => tree.close()));
      trees = [];
      await clean(db);
    });
    after(() => server.close());

    it("is read only: what is to do is refused, and all else can be asked", async () => {
      const url = await asUser("writer", "ALL");
      await deployed({ "1_a.sql": SHOP["1_a.sql"] });
      const setting = engine.kind === "mysql" ? "super_read_only" : "read_only";

      await withGlobal([setting, "1"], async () => {
        const { error } = await deployed(SHOP, url);
        const nothing = await deployed({ "1_a.sql": SHOP["1_a.sql"] }, url);
        const { comparison } = await plan(await bundleOf(SHOP), createTarget(url));
        const { blocks } = await status(createTarget(url), await bundleOf(SHOP));

        assert.equal(error?.code, "read-only", error?.message);
        assert.match(error.hint ?? "", /primary/);
        assert.equal(nothing.error, undefined);
        assert.deepEqual(
          comparison.pending.map(({ block }) => block.id),
          ["2"],
        );
        assert.equal(blocks.length, 2);
      });
      await db.query("SET GLOBAL read_only = 0");
      assert.equal(await historyOf(db), "1 applied 1/1");
    });

    it("takes only small packets: the needed size is named, and nothing of the block is done", async () => {
      await withGlobal(["max_allowed_packet", "65536"], async () => {
        const { error, applied } = await deployed({
          "1_a.sql": SHOP["1_a.sql"],
          "2_b.sql": `INSERT INTO a VALUES (2);\n${long(3, "x".repeat(100_000))}`,
        });

        assert.equal(error?.code, "packet-too-large", error?.message);
        assert.equal(error.exitCode, 2);
        assert.match(
          error.message,
          /at most 65536 bytes \(max_allowed_packet\), and one of \d+ bytes/,
        );
        assert.match(error.hint ?? "", /SET GLOBAL max_allowed_packet = \d+\.$/);
        assert.equal(applied.includes("2"), false);
      });
      const { applied } = await deployed({
        "1_a.sql": SHOP["1_a.sql"],
        "2_b.sql": `INSERT INTO a VALUES (2);\n${long(3, "x".repeat(100_000))}`,
      });

      assert.ok(applied.includes("2"));
      assert.equal(await valueOf(db, "SELECT GROUP_CONCAT(i ORDER BY i) FROM a"), "2,3");
    });

    it("takes packets that are smaller than many small statements together, which is named too", async () => {
      const files = Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [
          `${index + 2}_b.sql`,
          long(index, "y".repeat(10_000)),
        ]),
      );

      await withGlobal(["max_allowed_packet", "131072"], async () => {
        const { error } = await deployed({ ...SHOP, ...files, "2_b.sql": "" });
        assert.equal(error?.code, "packet-too-large", error?.message);
        assert.match(error.hint ?? "", /^Set max_allowed_packet to 1M or more/);
      });
      await withGlobal(["max_allowed_packet", "1048576"], async () => {
        const { error } = await deployed({ ...SHOP, ...files, "2_b.sql": "" });
        assert.equal(error, undefined);
      });
    });

    it("does not know backslashes: it is refused before anything is done", async () => {
      await withGlobal(["sql_mode", "'NO_BACKSLASH_ESCAPES'"], async () => {
        const { error } = await deployed(SHOP);

        assert.equal(error?.code, "server-unsupported", error?.message);
        assert.match(error.message, /NO_BACKSLASH_ESCAPES/);
        assert.equal(await tablesOf(db), "");
      });
    });

    for (const mode of [
      "ANSI",
      "TRADITIONAL",
      "",
      "ONLY_FULL_GROUP_BY,IGNORE_SPACE,PIPES_AS_CONCAT",
    ]) {
      it(`has the sql_mode "${mode}": the user's statements are read in it`, async () => {
        await withGlobal(["sql_mode", `'${mode}'`], async () => {
          const { error } = await deployed({
            "1_a.sql": "CREATE TABLE modes (m text);\nINSERT INTO modes SELECT @@sql_mode;\n",
            "2_f.sql": "CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN @@sql_mode;\n",
            "3_b.sql": "INSERT INTO modes SELECT f();\n",
          });

          assert.equal(error, undefined);
          assert.equal(
            await valueOf(db, "SELECT COUNT(*) FROM modes WHERE m = @@GLOBAL.sql_mode"),
            "2",
          );
        });
      });
    }

    it("has files switched off: LOAD DATA LOCAL says so, and works when they are on", async () => {
      const files = {
        "1_a.sql": SHOP["1_a.sql"],
        "2_load.sql": "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE a;\n",
        "rows.csv": "1\n2\n3\n",
      };

      await withGlobal(["local_infile", "0"], async () => {
        const { error } = await deployed(files);
        assert.equal(error?.code, "sql-failed", error?.message);
        assert.deepEqual(error.at, { path: "2_load.sql", line: 1, column: 1 });
        assert.match(error.hint ?? "", /local_infile=1/);
      });
      await withGlobal(["local_infile", "1"], async () => {
        assert.deepEqual((await deployed(files)).applied, ["2"]);
        assert.equal(await valueOf(db, "SELECT GROUP_CONCAT(i ORDER BY i) FROM a"), "1,2,3");
      });
    });

    it("does not know a definer: the call of its procedure says so", async () => {
      const { error, applied } = await deployed({
        "1_p.sql": "CREATE DEFINER = `ghost`@`nowhere` PROCEDURE p() SELECT 1;\n",
        "2_call.sql": "CALL p();\n",
      });

      assert.deepEqual(applied, ["1"]);
      assert.equal(error?.code, "sql-failed");
      assert.equal(error.server?.errno, 1449);
      assert.deepEqual(error.at, { path: "2_call.sql", line: 1, column: 1 });
      assert.match(
        error.hint ?? "",
        /^Create the user that the server names, or write another DEFINER/,
      );
    });

    it("lets a plain owner name no definer but himself", async () => {
      const url = await asUser("owner", "ALL");
      const { error } = await deployed(
        { "1_p.sql": "CREATE DEFINER = `root`@`%` PROCEDURE p() SELECT 1;\n" },
        url,
      );

      assert.equal(error?.code, "permission-denied", error?.message);
      assert.match(error.hint ?? "", /DEFINER/);
      assert.equal(error.at?.path, "1_p.sql");
    });

    it("keeps the rows of a MyISAM table, and the source is told so", async () => {
      const broken = await deployed(inMyisam("INSERT INTO nowhere VALUES (2);\n"));
      const mended = await deployed(inMyisam("INSERT INTO m VALUES (2);\n"));

      assert.ok(
        broken.notes.some(({ at, message }) => at.path === "1_m.sql" && /MyISAM/.test(message)),
      );
      assert.equal(broken.error?.code, "sql-failed");
      assert.deepEqual(mended.applied, ["2"]);
    });

    it("gives a user with few rights the name of the one that is missing", async () => {
      const url = await asUser("weak", "SELECT, INSERT, UPDATE, CREATE");
      const { error } = await deployed(SHOP, url);

      assert.equal(error?.code, "permission-denied", error?.message);
      assert.match(error.hint ?? "", /CREATE ROUTINE, ALTER ROUTINE and EXECUTE/);
      assert.equal(await tablesOf(db), "");
      assert.doesNotMatch(JSON.stringify(error), new RegExp(PASSWORD));
    });
  });

  describe(`a server that writes all names small: ${engine.name}`, { skip: engine.skip }, () => {
    it("is deployed to, again, and after a broken ALTER", async () => {
      const server = await engine.startServer({ lower_case_table_names: "1" });

      try {
        const db = await engine.createDatabaseOn(server);
        const tree = await writeTree({
          "1_a.sql":
            "CREATE TABLE Customer (Id int);\nCREATE VIEW Names AS SELECT Id FROM CUSTOMER;\n",
        });
        const target = createTarget(db.url, { versionsTable: "Versions" });
        const first = await deploy(await buildBundle(tree.root, { dialect: "mysql" }), [target]);

        await tree.write(
          "2_b.sql",
          "INSERT INTO Customer VALUES (1);\nALTER TABLE CUSTOMER ADD b int;\n",
        );
        const bundle = await buildBundle(tree.root, { dialect: "mysql" });
        const reader = await openSession(db, "START TRANSACTION; SELECT * FROM customer");
        const running = deploy(bundle, [target]);
        const { id } = await untilSome(
          db,
          "SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'",
        );
        await db.query(texts.end(id));
        await running;
        await reader.end();
        const [resumed] = await deploy(bundle, [target]);
        const [again] = await deploy(bundle, [target]);
        await tree.close();

        assert.equal(first[0]?.error, undefined);
        assert.deepEqual(resumed?.applied, ["2"]);
        assert.equal(again?.outcome, "up-to-date");
        assert.deepEqual(await db.query("SELECT Id, b FROM Customer"), [{ Id: 1, b: null }]);
      } finally {
        await server.close();
      }
    });
  });
}
