/** Deployments to MySQL that stop right before or right after a definition is committed. */
import assert from "node:assert/strict";
import { deployTarget } from "../../src/deployer/deploy-target.ts";
import { planTarget } from "../../src/deployer/plan-target.ts";
import { UUID } from "../../src/dialects/mysql/gtid.ts";
import { mysqlDialect } from "../../src/dialects/mysql/index.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { Dialect, Evidence, Packet } from "../../src/domain/ports.ts";
import type { TargetReport } from "../../src/domain/report.ts";
import type { MysqlDatabase, TestDatabase } from "../helpers/engines.ts";
import { accessTo, bundlesFor, historyOf, untilSome, valueOf } from "./deployer-setup.ts";

export const MOMENTS = ["before", "after"] as const;
export type Moment = (typeof MOMENTS)[number];

/** What stands before the definition: five statements. */
export const TABLES = [
  "CREATE TABLE one (name varchar(9))",
  "CREATE TABLE two (name varchar(9))",
  "CREATE TABLE parts (name varchar(9)) PARTITION BY RANGE COLUMNS (name) (PARTITION p0 VALUES LESS THAN ('z'))",
  "INSERT INTO one VALUES ('one')",
  "INSERT INTO two VALUES ('two')",
];

export const LAST = "CREATE TABLE last (i int)";

/** Nothing but the server can tell whether this was done; `isDone` counts. */
export const SWAP = {
  name: "tables that swap their names",
  statement: "RENAME TABLE one TO three, two TO one, three TO two",
  isDone: "SELECT name = 'two' FROM one",
} as const;

/** A statement as the bundle has it, and when to stop. */
export interface Stop {
  readonly statement: string;
  readonly moment: Moment;
}

/** A deployment that sleeps, and the session that it does so in. */
export interface Stopped {
  readonly session: unknown;
  readonly report: Promise<TargetReport>;
}

const SLEEPERS =
  "SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'";

/** Deploys as far as the stop. */
export async function deployUntil(db: TestDatabase, bundle: Bundle, stop: Stop): Promise<Stopped> {
  const report = deployTarget({
    ...accessTo(db),
    dialect: sleeping(stop),
    bundle,
    options: {
      lockWaitMs: 10_000,
      lockTimeoutMs: 2000,
      transaction: "release",
      to: undefined,
      outOfOrder: false,
      dryRun: false,
    },
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  const missed = report.then(({ error }) => {
    throw new Error(`it never came that far: ${error?.message ?? "it is done"}`);
  });
  const { id } = await Promise.race([untilSome(db, SLEEPERS), missed]);
  missed.catch(() => {});

  return { session: id, report };
}

/** The numbers of the GTIDs that the definitions of a database have had, such as `1-7`; empty for none. */
export async function numbersOf(db: TestDatabase): Promise<string> {
  const [row] = await db.query(
    `SELECT COALESCE(SUBSTR(REGEXP_SUBSTR(@@GLOBAL.gtid_executed, CONCAT(${UUID}, ':[0-9:-]+')), 38), '') AS numbers`,
  );

  return String(row?.["numbers"]);
}

/** Kills the session of a deployment when it has come that far. */
export async function breakOff(db: MysqlDatabase, bundle: Bundle, stop: Stop): Promise<void> {
  const stopped = await deployUntil(db, bundle, stop);
  await db.query(`KILL ${String(stopped.session)}`);
  const { error } = await stopped.report;

  assert.equal(error?.code, "connection-lost");
  assert.equal(await historyOf(db), "1 running 5/7");
}

/** Statement 6 is done once, and the ledger has found out what had become of it. */
export async function wasFinished(
  db: MysqlDatabase,
  { isDone, moment }: Pick<Stop, "moment"> & { readonly isDone: string },
): Promise<void> {
  const found = moment === "after" ? "had" : "had not";

  assert.equal(await historyOf(db), "1 applied 7/7");
  assert.equal(
    await valueOf(db, "SELECT note FROM versions"),
    `resumed: statement 6 ${found} taken effect`,
  );
  assert.equal(await valueOf(db, isDone), "1");
}

/** What a plan says, for a user of this URL. */
export async function evidenceFor(
  db: MysqlDatabase,
  bundle: Bundle,
  url = db.url,
): Promise<Evidence | undefined> {
  const plan = await planTarget({ ...accessTo(db, { url }), bundle }, { outOfOrder: false });

  return plan.evidence;
}

/** A block with this definition as statement 6 of 7. */
export function around({ engine }: MysqlDatabase, statement: string): Bundle {
  return bundlesFor(engine)({ id: "1", sql: [...TABLES, statement, LAST] });
}

function sleeping({ statement, moment }: Stop): Dialect {
  const text = `${statement}\n;\n`;
  const stopped = moment === "before" ? `DO SLEEP(300);\n${text}` : `${text}DO SLEEP(300);\n`;

  return {
    ...mysqlDialect,
    async *packets(...given): AsyncGenerator<Packet> {
      for await (const packet of mysqlDialect.packets(...given)) {
        yield packet.kind === "sql"
          ? { ...packet, text: packet.text.replace(text, () => stopped) }
          : packet;
      }
    },
  };
}
