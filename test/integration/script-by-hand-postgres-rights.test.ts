/** A script that is run by a role that may not do everything. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { describeByHand, SHOP, STOP } from "./script-by-hand-postgres-setup.ts";

describeByHand("a script run by psql", (hand) => {
  const { script } = hand;

  describe("by a role with few rights", () => {
    const ROLE = "rowgate_few_rights";
    const as = { env: { PGUSER: ROLE, PGPASSWORD: "few" } };

    before(async () => {
      const admin = await hand.engine.createDatabase();
      await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'few'`);
      await admin.close();
    });

    after(async () => {
      const admin = await hand.engine.createDatabase();
      await admin.query(`DROP ROLE ${ROLE}`);
      await admin.close();
    });

    it("names the GRANT when the role may not create the table", async () => {
      const { path } = await script(SHOP);
      await hand.db.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

      const result = await hand.db.psql([...STOP, path], as);

      assert.equal(result.code, 3);
      assert.match(result.stderr, /HINT: .*GRANT CREATE ON SCHEMA public TO rowgate_few_rights;/);
    });

    it("names the GRANT when the role may not read the table", async () => {
      const { path } = await script(SHOP);
      await hand.db.psql([...STOP, path]);

      const result = await hand.db.psql([...STOP, path], as);

      assert.equal(result.code, 3);
      assert.match(
        result.stderr,
        /GRANT SELECT, INSERT, UPDATE ON public\.versions, public\.versions_log TO rowgate_few_rights;/,
      );
    });

    it("needs no more than CREATE on the schema", async () => {
      const { path } = await script(SHOP);
      await hand.db.query(
        `GRANT CREATE ON SCHEMA public TO ${ROLE}; REVOKE TEMP ON DATABASE ${hand.db.name} FROM PUBLIC`,
      );

      const result = await hand.db.psql([...STOP, path], as);
      await hand.db.query(`DROP OWNED BY ${ROLE}`);

      assert.equal(result.code, 0, result.stderr);
    });
  });

  it("does nothing in a read-only session when nothing is to do", async () => {
    const { path } = await script(SHOP);
    const env = { PGOPTIONS: "-c default_transaction_read_only=on" };

    const refused = await hand.db.psql([...STOP, path], { env });
    await hand.db.psql([...STOP, path]);
    const nothing = await hand.db.psql([...STOP, path], { env });

    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /read-only transaction/);
    assert.equal(nothing.code, 0, nothing.stderr);
  });
});
