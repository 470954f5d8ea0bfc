/** A script for MySQL and MariaDB that is run by a user who may not do everything. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PASSWORD } from "../helpers/engines.ts";
import { describeByHand, RECEIPT, SHOP } from "./script-by-hand-mysql-setup.ts";

const OWNED = {
  ...SHOP,
  "procedures/p.sql": "CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n",
};

/** What a deployment itself needs, without what its statements need. */
const OWN_RIGHTS = "SELECT, INSERT, UPDATE, CREATE, CREATE ROUTINE, ALTER ROUTINE, EXECUTE";

describeByHand("a script run by the native client", (hand) => {
  const { script, run } = hand;

  describe("by a user with few rights", () => {
    const user = "rowgate_few_rights";
    const grant = async (rights: string): Promise<void> => {
      await hand.db.query(`GRANT ${rights} ON ${hand.db.name}.* TO ${user}`);
    };

    before(async () => {
      const admin = await hand.engine.createDatabase();
      await admin.query(`CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'`);
      await admin.close();
    });

    after(async () => {
      const admin = await hand.engine.createDatabase();
      await admin.query(`DROP USER ${user}`);
      await admin.close();
    });

    it("does all that the owner of the database may do", async () => {
      await grant("ALL");
      const made = await script(OWNED);

      const result = await run(made, [], { user });
      const again = await run(made, [], { user });

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, RECEIPT);
      assert.equal(again.stdout, "rowgate\nrowgate: release 1.0 is deployed\n");
      assert.equal(await hand.routines(), "p");
    });

    it("needs no more than its statements and its own few", async () => {
      await grant(OWN_RIGHTS);
      const made = await script({
        "0001_t.sql": "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n",
      });

      const result = await run(made, [], { user });

      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, RECEIPT);
      assert.equal(await hand.values("t"), "1");
    });

    it("names what it lacks for the table versions, and does nothing", async () => {
      await grant("SELECT");

      const result = await run(await script(SHOP), [], { user });

      assert.equal(result.code, 1);
      assert.match(
        result.stderr,
        /^ERROR 1142 \(42000\) at line \d+.*: CREATE command denied to user '\w+'@'localhost' for table .*versions/m,
      );
      assert.equal(await hand.exists("versions"), false);
    });

    it("names what it lacks for the procedures, and does nothing", async () => {
      await grant("SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP");

      const result = await run(await script(SHOP), [], { user });

      assert.equal(result.code, 1);
      assert.match(result.stderr, /^ERROR (1044|1370) \(42000\) at line \d+.*: .*denied to user/m);
      assert.equal(await hand.exists("customer"), false);
    });

    it("is told when the server trusts nobody with functions", async () => {
      await grant("ALL");
      const made = await script({
        "functions/f.sql": "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;\n",
      });
      // MariaDB writes no binary log unless it is told to.
      const isTrusted = hand.engine.kind === "mariadb";

      const result = await run(made, [], { user });

      assert.equal(result.code, isTrusted ? 0 : 1, result.stderr);
      assert.match(result.stderr, isTrusted ? /^$/ : /^ERROR 1419 \(HY000\) at line \d+: /);
      assert.equal(RECEIPT.test(result.stdout), isTrusted);
    });

    it("names the statement that it may not run, and goes on there when it may", async () => {
      await grant(OWN_RIGHTS);
      const made = await script({
        "0001_t.sql":
          "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nALTER TABLE t ADD b int;\n",
      });

      const refused = await run(made, [], { user });
      const stopped = await hand.history();
      await grant("ALTER");
      const allowed = await run(made, [], { user });

      assert.match(
        refused.stderr,
        /\(42000\) at line \d+.*: \[0001_t\.sql:3:1\] ALTER command denied/,
      );
      assert.equal(stopped, "1 failed 2/3");
      assert.equal(allowed.code, 0, allowed.stderr);
      assert.equal(await hand.history(), "1 applied 3/3");
    });
  });
});
