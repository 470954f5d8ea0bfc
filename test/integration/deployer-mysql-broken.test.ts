/** Deployments to MariaDB and MySQL whose connection is cut: what the server has got, it goes on with. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { MYSQL_ENGINES, type MysqlDatabase } from "../helpers/engines.ts";
import { openSession } from "../helpers/open-session.ts";
import { type Proxy, startProxy } from "../helpers/proxy.ts";
import type { BlockText } from "../unit/deployer/bundles.ts";
import {
  bundlesFor,
  clean,
  deployTo,
  historyOf,
  tablesOf,
  untilSome,
  valueOf,
} from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";

const texts = textsFor({ dialect: "mysql" });

const ticks: BlockText = { id: "1", sql: ["CREATE TABLE ticks (n int)"] };
const made: BlockText = {
  id: "2",
  sql: [
    "INSERT INTO ticks VALUES (1)",
    "CREATE TABLE made (a int)",
    "INSERT INTO ticks VALUES (3)",
  ],
};
const BOTH = "1 applied 1/1, 2 applied 3/3";

/** More than one message holds. */
const rows = (id: string): BlockText => ({
  id,
  sql: Array.from(
    { length: 12 },
    (_, index) => `INSERT INTO ticks SELECT ${index} FROM DUAL WHERE '${id.repeat(200_000)}' <> ''`,
  ),
});

/** Selects the `id` of the session that waits to change a table. */
const WAITS =
  "SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'";

for (const engine of MYSQL_ENGINES) {
  describe(`a connection that is cut on ${engine.name}`, { skip: engine.skip }, () => {
    const bundleOf = bundlesFor(engine);
    let db: MysqlDatabase;
    let proxy: Proxy;
    /** Without TLS, in which the proxy would find nothing. */
    const through = (): string => `${proxy.url(db.url)}?ssl-mode=DISABLED`;

    before(async () => {
      db = await engine.createDatabase();
      proxy = await startProxy({ port: Number(new URL(db.url).port), dialect: "mysql" });
    });
    afterEach(() => clean(db));
    after(async () => {
      await proxy.close();
      await db.close();
    });

    it("before the message arrives leaves nothing, and says so", async () => {
      proxy.cutOn("CREATE TABLE made", "before");
      const { report } = await deployTo(db, bundleOf(ticks, made), { url: through() });
      const again = await deployTo(db, bundleOf(ticks, made));

      assert.equal(report.error?.code, "connection-lost");
      assert.equal(report.error?.exitCode, 7);
      assert.match(
        report.error?.message ?? "",
        /^the connection was lost: .*; 0 blocks applied, 2 blocks pending, nothing is half done$/,
      );
      assert.deepEqual(report.applied, []);
      assert.deepEqual(again.report.applied, ["1", "2"]);
      assert.equal(await historyOf(db), BOTH);
    });

    it("after the message has arrived is found out to have done no harm", async () => {
      proxy.cutOn("CREATE TABLE made", "after");
      const { report } = await deployTo(db, bundleOf(ticks, made), { url: through() });

      assert.equal(report.error, undefined);
      assert.equal(report.outcome, "deployed");
      assert.deepEqual(report.applied, ["1", "2"]);
      assert.equal(await historyOf(db), BOTH);
    });

    it("while a statement waits ends with each statement done once", async () => {
      const altering = bundleOf(ticks, {
        id: "2",
        sql: [
          "CREATE TABLE made (a int)",
          "INSERT INTO ticks VALUES (2)",
          "ALTER TABLE t ADD b int",
        ],
      });
      await db.query("CREATE TABLE t (a int)");
      const reader = await openSession(db, texts.lockTable);
      const running = deployTo(db, altering, { url: through() });
      await untilSome(db, WAITS);
      proxy.cut();
      await reader.end();
      const { report } = await running;
      const again = await deployTo(db, altering);

      assert.ok([undefined, "connection-lost"].includes(report.error?.code), report.error?.message);
      assert.equal(again.report.error, undefined);
      assert.equal(await historyOf(db), "1 applied 1/1, 2 applied 3/3");
      assert.equal(await valueOf(db, "SELECT GROUP_CONCAT(n) FROM ticks"), "2");
      assert.equal(await tablesOf(db), "made t ticks");
    });

    it("between two messages leaves what the first one did", async () => {
      const bundle = bundleOf(ticks, rows("x"), rows("y"));
      proxy.cutOn("yyyyyyyy", "before");
      const { report } = await deployTo(db, bundle, { url: through() });
      const again = await deployTo(db, bundle);

      assert.equal(report.error?.code, "connection-lost");
      assert.deepEqual(report.applied.slice(0, 1), ["1"]);
      assert.deepEqual([...report.applied, ...again.report.applied], ["1", "x", "y"]);
      assert.equal(await valueOf(db, "SELECT COUNT(*) FROM ticks"), "24");
      assert.equal(await historyOf(db), "1 applied 1/1, x applied 12/12, y applied 12/12");
    });

    it("at any byte of the answers leaves what can be gone on with", async () => {
      for (let bytes = 60; bytes < 900; bytes += 140) {
        proxy.cutAfter(bytes, "server");
        const { report } = await deployTo(db, bundleOf(ticks, made), { url: through() });
        const again = await deployTo(db, bundleOf(ticks, made));

        assert.equal(again.report.error, undefined, `after ${bytes} bytes`);
        assert.deepEqual([...report.applied, ...again.report.applied].toSorted(), ["1", "2"]);
        assert.equal(await historyOf(db), BOTH);
        assert.equal(await valueOf(db, "SELECT GROUP_CONCAT(n ORDER BY n) FROM ticks"), "1,3");
        await clean(db);
      }
    });
  });
}
