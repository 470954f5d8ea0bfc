/** Statements whose end nothing can tell: the deployment asks, and goes on with the answer. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Bundle } from "../../../src/domain/bundle.ts";
import { createTarget, mark } from "../../../src/rowgate.ts";
import { MYSQL_ENGINES, type MysqlServer } from "../../helpers/engines.ts";
import { deployTo, historyOf, valueOf } from "../../integration/deployer-setup.ts";
import type { Outcome } from "../clients.ts";
import { treeOf, type FaultTree } from "../trees.ts";
import { startClient } from "./clients.ts";
import { plainForm, type Form } from "./forms.ts";
import { FAST_START, withSite, type Site } from "./site.ts";
import { sleepingBehind, untilAsleep } from "./windows.ts";

interface Case {
  readonly title: string;
  readonly setup: string;
  /** What stands in block 2, alone. */
  readonly statement: string;
  /** A query for what is 1 when it took effect, once, and else 0. */
  readonly isDone: string;
  /** Whether the ledger says that it is begun, or only a CALL that commits commits that too. */
  readonly isAnnounced: boolean;
  /** Removes what it leaves on the server. */
  readonly cleanUp: string;
}

const CASES: readonly Case[] = [
  {
    title: "CREATE USER",
    setup: "",
    statement: "CREATE USER made_once",
    isDone: "SELECT COUNT(*) FROM mysql.user WHERE user = 'made_once'",
    isAnnounced: true,
    cleanUp: "DROP USER made_once",
  },
  {
    title: "a RENAME that swaps equal tables",
    setup: "CREATE TABLE a (n int);\nCREATE TABLE b LIKE a;\nINSERT INTO a VALUES (1);\n",
    statement: "RENAME TABLE a TO c, b TO a, c TO b",
    isDone: "SELECT COUNT(*) FROM b",
    isAnnounced: true,
    cleanUp: "DO 0",
  },
  {
    title: "EXCHANGE PARTITION",
    setup:
      "CREATE TABLE a (n int) PARTITION BY LIST (n) (PARTITION p VALUES IN (1));\nCREATE TABLE b (n int);\nINSERT INTO a VALUES (1);\n",
    statement: "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
    isDone: "SELECT COUNT(*) FROM b",
    isAnnounced: true,
    cleanUp: "DO 0",
  },
  {
    title: "a CALL that commits",
    setup:
      "CREATE TABLE a (n int);\nCREATE PROCEDURE add_one() BEGIN INSERT INTO a VALUES (1); COMMIT; END;\n",
    statement: "CALL add_one()",
    isDone: "SELECT COUNT(*) FROM a",
    isAnnounced: false,
    cleanUp: "DO 0",
  },
];

/** The window behind which a run sleeps: the statement is announced, or it is done. */
const MOMENTS = { before: 2000, after: 2001 } as const;

/** By hand, because the GTIDs that the deployer gives leave less in doubt. */
async function killServer(site: Site, form: Form, window: number): Promise<void> {
  const running = startClient("native", sleepingBehind(form, window), site);
  assert.ok(await untilAsleep(site.db, running, window));
  await site.server.kill9();
  await site.server.restart();
  await running.outcome;
}

/** What both ways to deploy say of the statement. */
async function assertAsked({ db }: Site, bundle: Bundle, byHand: Outcome): Promise<void> {
  const { error } = (await deployTo(db, bundle)).report;

  assert.match(
    byHand.said,
    /ERROR \d+ \(RG005\).*rowgate: statement 1 of block 2 \(0002_doubt\.sql:1:1\) was begun, and its end is not known/,
  );
  assert.equal(error?.code, "block-unfinished");
  assert.equal(error?.exitCode, 6);
  assert.match(
    error?.message ?? "",
    /began statement 1 of 1 \(0002_doubt\.sql:1:1\) .* nothing tells whether it took effect/,
  );
  assert.match(
    error?.hint ?? "",
    /`rowgate mark 2 --statement 1 --applied`.*`rowgate mark 2 --statement 1 --pending`/,
  );
}

async function answer({ db }: Site, as: "applied" | "pending"): Promise<void> {
  await mark(createTarget(db.url), { id: "2", statement: 1, as, reason: undefined });
}

const treeWith = ({ setup, statement }: Case): Promise<FaultTree> =>
  treeOf(
    "doubt",
    {
      "0001_setup.sql": `CREATE TABLE ticks (n int);\n${setup}`,
      "0002_doubt.sql": `${statement};\n`,
      "0003_end.sql": "INSERT INTO ticks VALUES (3);\n",
    },
    "mysql",
  );

for (const engine of MYSQL_ENGINES) {
  describe(`a statement whose end is not known on ${engine.name}`, { skip: engine.skip }, () => {
    let server: MysqlServer;

    before(async () => {
      server = await engine.startServer(FAST_START);
    });
    after(() => server.close());

    for (const one of CASES) {
      for (const [moment, window] of Object.entries(MOMENTS)) {
        const isAsked = moment === "after" || one.isAnnounced;

        it(`is ${isAsked ? "asked about" : "run again"} when the server is killed ${moment} ${one.title}`, async () => {
          const tree = await treeWith(one);
          const form = await plainForm(tree);

          await withSite(engine, server, async (site) => {
            await killServer(site, form, window);

            if (isAsked) {
              await assertAsked(site, tree.bundle, await startClient("native", form, site).outcome);
              const done = await valueOf(site.db, `(${one.isDone})`);
              assert.equal(done, moment === "after" ? "1" : "0");
              await answer(site, done === "1" ? "applied" : "pending");
            }

            const rest = await startClient("native", form, site).outcome;

            assert.equal(rest.ok, true, rest.said);
            assert.equal(await valueOf(site.db, `(${one.isDone})`), "1");
            assert.equal(await valueOf(site.db, "(SELECT COUNT(*) FROM ticks)"), "1");
            assert.match(await historyOf(site.db), /2 applied 1\/1, 3 applied 1\/1$/);
            await site.db.query(one.cleanUp);
          });
          await tree.close();
        });
      }
    }
  });
}
