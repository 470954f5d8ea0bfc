/** Functions, procedures, triggers, events and views that change, on MySQL and MariaDB. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { fingerprint } from "../helpers/catalog.ts";
import { replacedBundle } from "../../src/deployer/replaced-bundle.ts";
import { accessTo, deployTo } from "./deployer-setup.ts";
import { describeTrees } from "./trees-setup.ts";

type Files = Readonly<Record<string, string>>;

const TABLE: Files = { "0001_t.sql": "CREATE TABLE t (a INT, b VARCHAR(20));\n" };

/** Objects of each kind, with what is easily lost; `number` changes each of them. */
const objects = (number: number): Files => ({
  ...TABLE,
  "functions/f.sql": `CREATE FUNCTION f(a INT UNSIGNED, \`b c\` VARCHAR(10) CHARACTER SET latin1) RETURNS VARCHAR(20) CHARACTER SET utf8mb4 DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s ${number}' RETURN CONCAT('é\\\\', ${number});\n`,
  "procedures/p.sql": `CREATE PROCEDURE p(IN a DECIMAL(10, 2), OUT b INT, INOUT c ENUM('x', 'y')) BEGIN SET b = ${number}; END;\n`,
  "triggers/g.sql": `CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.b = '${number}';\n`,
  "routines/e.sql": `CREATE EVENT e ON SCHEDULE EVERY ${number} DAY STARTS '2035-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'n' DO DELETE FROM t WHERE a = ${number};\n`,
  "views/v.sql": `CREATE OR REPLACE VIEW v AS SELECT a, b, ${number} AS n FROM t WHERE a > ${number} WITH CASCADED CHECK OPTION;\n`,
});

const procedure = (number: number, more = ""): Files => ({
  ...TABLE,
  "procedures/p.sql": `CREATE PROCEDURE p() SELECT ${number};\n${more}`,
});

describeTrees("what MySQL replaces", (given) => {
  if (!given.isLedger) {
    return;
  }

  const deploy = async (files: Files): Promise<void> => {
    const { report } = await deployTo(given.db, await given.bundleOf(files));
    assert.equal(report.error, undefined);
  };
  const made = async (): Promise<string> =>
    (await given.db.query("SELECT * FROM versions_objects ORDER BY type, identity"))
      .map(({ id, type, identity, is_left: left }) =>
        [id, type, String(identity).split(".").at(-1), left === 1 ? "left" : ""].join(" ").trim(),
      )
      .join(", ");
  const replaced = async (): Promise<readonly string[]> =>
    (
      await given.db.query(
        "SELECT detail FROM versions_log WHERE event = 'replaced' ORDER BY sequence",
      )
    ).map(({ detail }) => String(detail));

  it("is known by its file, and so is what its file no longer makes", async () => {
    await deploy(objects(1));
    assert.equal(
      await made(),
      "routines/e event `e`, functions/f function `f`, procedures/p procedure `p`, triggers/g trigger `g`, views/v view `v`",
    );

    await deploy({
      ...objects(1),
      "functions/f.sql": "CREATE FUNCTION h() RETURNS INT DETERMINISTIC RETURN 1;\n",
    });
    assert.match(await made(), /functions\/f function `f` left, functions\/f function `h`, /);
    assert.match(String(await replaced()), /^CREATE DEFINER=\S+ FUNCTION `f`\(/);
  });

  it("is kept in the log, as a statement that makes it again", async () => {
    await deploy(objects(1));
    const before = await fingerprint(given.db);
    await deploy(objects(2));
    assert.notEqual(await fingerprint(given.db), before);

    const kept = await replaced();
    assert.equal(kept.length, 5);
    await given.db.query(
      "DROP FUNCTION f; DROP PROCEDURE p; DROP TRIGGER g; DROP EVENT e; DROP VIEW v",
    );
    for (const definition of kept) {
      await given.db.query(`SET NAMES utf8mb4; ${definition}`);
    }

    // A statement alone needs no delimiter, which MySQL takes for a part of it.
    const after = await fingerprint(given.db);
    assert.equal(after, before.replaceAll(/\n;(?= ;;| \*\/)/gu, ""));
  });

  it("is not kept when it is made for the first time, or not applied again", async () => {
    await deploy(objects(1));
    await deploy(objects(1));

    assert.deepEqual(await replaced(), []);
  });

  it("keeps the grants on a routine, also when it is broken off in between", async () => {
    const user = `caller_${given.db.name.slice(-20)}`;
    const grants = async (): Promise<readonly unknown[]> =>
      (await given.db.query(`SHOW GRANTS FOR ${user}`)).flatMap((row) => Object.values(row));
    await deploy(procedure(1));
    await given.db.query(
      `CREATE USER ${user} IDENTIFIED BY 'secret'; GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE p TO ${user} WITH GRANT OPTION`,
    );
    const before = await grants();
    assert.equal(before.length, 2);

    await deploy(procedure(2));
    assert.deepEqual(await grants(), before);
    assert.match(String(await replaced()), /,GRANT Execute,Alter Routine ON PROCEDURE `.+` TO /);

    const back = await replacedBundle(accessTo(given.db), { id: "procedures/p" });
    assert.equal((await deployTo(given.db, back)).report.error, undefined);
    assert.deepEqual(await grants(), before);

    const broken = await given.bundleOf(procedure(3, "INSERT INTO later VALUES (1);\n"));
    assert.equal((await deployTo(given.db, broken)).report.error?.code, "sql-failed");
    await given.db.query("CREATE TABLE later (a INT)");
    assert.equal((await deployTo(given.db, broken)).report.error, undefined);
    assert.deepEqual(await grants(), before);

    await given.db.query(`DROP USER ${user}`);
  });
});
