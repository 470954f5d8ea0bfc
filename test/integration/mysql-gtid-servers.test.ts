/** Servers of MySQL that have other GTIDs than those that their definitions were given, or none. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import {
  MYSQL_ENGINES,
  PASSWORD,
  type MysqlDatabase,
  type MysqlServer,
} from "../helpers/engines.ts";
import { queryMysql } from "../helpers/mysql-query.ts";
import { bundlesFor, deployTo, valueOf } from "./deployer-setup.ts";
import {
  around,
  breakOff,
  deployUntil,
  evidenceFor,
  LAST,
  MOMENTS,
  numbersOf,
  SWAP,
  wasFinished,
} from "./mysql-gtid-setup.ts";

interface Pair {
  readonly source: MysqlServer;
  readonly replica: MysqlServer;
}

/** A replica has another number than its source. */
const SECOND = { server_id: "2" };

const query = (server: MysqlServer, sql: string): ReturnType<MysqlDatabase["query"]> =>
  queryMysql(
    { socketPath: server.socket, user: "root", password: PASSWORD, database: "mysql" },
    sql,
  );

function follow({ host, port }: MysqlServer): string {
  return `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${port}, SOURCE_USER = 'root', SOURCE_PASSWORD = '${PASSWORD}', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1; START REPLICA`;
}

/** The statement that waits until a replica has all that the source of this database has. */
async function untilCaughtUp(db: MysqlDatabase): Promise<string> {
  return `DO WAIT_FOR_EXECUTED_GTID_SET('${await valueOf(db, "SELECT @@GLOBAL.gtid_executed")}', 60)`;
}

/** The same database on the replica. */
function copyOf(db: MysqlDatabase, { replica }: Pair): MysqlDatabase {
  const url = new URL(db.url);
  url.port = String(replica.port);

  return { ...db, url: url.href, query: (sql) => query(replica, `USE ${db.name}; ${sql}`) };
}

for (const engine of MYSQL_ENGINES.filter(({ kind }) => kind === "mysql")) {
  describe(`a server with other GTIDs on ${engine.name}`, { skip: engine.skip }, () => {
    let server: MysqlServer;
    let db: MysqlDatabase;

    before(async () => {
      server = await engine.startServer();
    });
    after(() => server.close());
    beforeEach(async () => {
      db = await engine.createDatabaseOn(server);
    });
    afterEach(() => db.close());

    it("that has forgotten its own is not taken at its word", async () => {
      const { statement } = SWAP;
      await breakOff(db, around(db, statement), { statement, moment: "after" });
      await db.query("RESET BINARY LOGS AND GTIDS");
      const { report } = await deployTo(db, around(db, statement));

      assert.equal(report.error?.code, "block-unfinished");
      assert.match(
        report.error?.message ?? "",
        /statement 6 of 7 \(1\.sql:\d+:1\).* nothing tells/,
      );
      assert.match(report.error?.hint ?? "", /`rowgate mark 1 --statement 6 --applied`/);
    });

    it("that stops using them still knows those it has", async () => {
      const { statement, isDone } = SWAP;
      await breakOff(db, around(db, statement), { statement, moment: "after" });
      for (const mode of ["ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF"]) {
        await db.query(`SET GLOBAL gtid_mode = ${mode}`);
      }
      const evidence = await evidenceFor(db, around(db, statement));
      const { report } = await deployTo(db, around(db, statement));

      assert.equal(evidence, "fingerprint");
      assert.equal(report.outcome, "deployed");
      await wasFinished(db, { isDone, moment: "after" });
    });
  });

  describe(`a replica that takes over on ${engine.name}`, { skip: engine.skip }, () => {
    let pair: Pair;

    before(async () => {
      pair = { source: await engine.startServer(), replica: await engine.startServer(SECOND) };
      await query(pair.replica, follow(pair.source));
    });
    after(async () => {
      await pair.source.close();
      await pair.replica.close();
    });

    for (const moment of MOMENTS) {
      it(`knows what its source has done ${moment} the commit`, async () => {
        const { statement, isDone } = SWAP;
        const db = await engine.createDatabaseOn(pair.source);
        const copy = copyOf(db, pair);
        const stopped = await deployUntil(db, around(db, statement), { statement, moment });
        await query(pair.replica, await untilCaughtUp(db));
        await query(pair.replica, "STOP REPLICA");
        const { report } = await deployTo(copy, around(db, statement));
        await db.query(`KILL ${String(stopped.session)}`);
        await stopped.report;

        assert.equal(report.outcome, "deployed");
        await wasFinished(copy, { isDone, moment });
        await query(pair.replica, "START REPLICA");
      });
    }
  });

  describe(`a server without binary log on ${engine.name}`, { skip: engine.skip }, () => {
    it("gives no GTIDs to definitions, because it would not keep all of them", async () => {
      const server = await engine.startServer({ skip_log_bin: "" });

      try {
        const db = await engine.createDatabaseOn(server);
        const bundle = bundlesFor(engine)({ id: "1", sql: [LAST] });
        const evidence = await evidenceFor(db, bundle);
        await deployTo(db, bundle);

        assert.equal(evidence, "fingerprint");
        assert.equal(await numbersOf(db), "");
      } finally {
        await server.close();
      }
    });
  });
}
