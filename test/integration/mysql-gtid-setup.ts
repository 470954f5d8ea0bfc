/** Deployments to MySQL that stop right before or right after a definition is committed. */
import { deployTarget } from "../../src/deployer/deploy-target.ts";
import { UUID } from "../../src/dialects/mysql/gtid.ts";
import { mysqlDialect } from "../../src/dialects/mysql/index.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import type { Dialect, Packet } from "../../src/domain/ports.ts";
import type { TargetReport } from "../../src/domain/report.ts";
import type { TestDatabase } from "../helpers/engines.ts";
import { accessTo, untilSome } from "./deployer-setup.ts";

export const MOMENTS = ["before", "after"] as const;
export type Moment = (typeof MOMENTS)[number];

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
  const { id } = await untilSome(
    db,
    "SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'",
  );

  return { session: id, report };
}

/** The numbers of the GTIDs that the definitions of a database have had, such as `1-7`; empty for none. */
export async function numbersOf(db: TestDatabase): Promise<string> {
  const [row] = await db.query(
    `SELECT COALESCE(SUBSTR(REGEXP_SUBSTR(@@GLOBAL.gtid_executed, CONCAT(${UUID}, ':[0-9:-]+')), 38), '') AS numbers`,
  );

  return String(row?.["numbers"]);
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
