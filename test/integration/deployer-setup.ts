/** Deploys bundles of values to the databases of the tests. */
import type { Bundle } from "../../src/domain/bundle.ts";
import type { Connect, Dialect } from "../../src/domain/ports.ts";
import type { DeployEvent, TargetReport } from "../../src/domain/report.ts";
import { Secret } from "../../src/domain/secret.ts";
import type { ConnectionSettings, Target } from "../../src/domain/target.ts";
import { deployTarget } from "../../src/deployer/deploy-target.ts";
import type { DeployOptions, TargetAccess } from "../../src/deployer/request.ts";
import { mysqlDialect } from "../../src/dialects/mysql/index.ts";
import { postgresDialect } from "../../src/dialects/postgres/index.ts";
import type { Engine, TestDatabase } from "../helpers/engines.ts";
import { bundleOf, type BlockText } from "../unit/deployer/bundles.ts";
import { textsFor } from "./deployer-texts.ts";

export interface Deployment {
  readonly report: TargetReport;
  readonly events: readonly DeployEvent[];
}

export interface Given extends Partial<DeployOptions> {
  readonly url?: string;
  readonly versions?: Target["versions"];
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: DeployEvent) => void;
}

const DIALECTS: Readonly<Record<Engine["dialect"], Dialect>> = {
  postgres: postgresDialect,
  mysql: mysqlDialect,
};

const connect: Connect = async (settings) => {
  if (settings.driver === "pglite") {
    const { connectPglite } = await import("../../src/drivers/pglite.ts");
    return connectPglite(settings.directory);
  }
  if (settings.driver === "mysql2") {
    const { connectMysql2 } = await import("../../src/drivers/mysql2.ts");
    return connectMysql2(settings.url.reveal());
  }

  const { connectPg } = await import("../../src/drivers/pg.ts");
  return connectPg(settings.url.reveal());
};

/** As `bundleOf`, for the engine: MySQL and MariaDB get statements without `;`, and a ledger. */
export function bundlesFor({ dialect }: Engine): typeof bundleOf {
  return dialect === "postgres"
    ? bundleOf
    : (...texts) => ({ ...bundleOf(...texts.map(withLedger)), dialect });
}

function withLedger(text: BlockText): BlockText {
  return {
    ...text,
    transaction: "ledger",
    sql: text.sql.map((piece) => (typeof piece === "string" ? piece.replace(/;$/, "") : piece)),
  };
}

/** The database as a target named `test`. */
export function accessTo(
  db: TestDatabase,
  given: Pick<Given, "url" | "versions"> = {},
): TargetAccess {
  const { dialect } = db.engine;

  return {
    target: {
      name: "test",
      dialect,
      connection: settingsOf(given.url ?? db.url),
      versions: given.versions ?? { schema: undefined, name: "versions" },
    },
    connect,
    dialect: DIALECTS[dialect],
  };
}

/** Deploys, and keeps what was said meanwhile. */
export async function deployTo(
  db: TestDatabase,
  bundle: Bundle,
  given: Given = {},
): Promise<Deployment> {
  const { url, versions, signal, onEvent, ...options } = given;
  const events: DeployEvent[] = [];
  const report = await deployTarget({
    ...accessTo(db, { ...(url && { url }), ...(versions && { versions }) }),
    bundle,
    options: {
      lockWaitMs: 10_000,
      lockTimeoutMs: 2000,
      transaction: "release",
      to: undefined,
      outOfOrder: false,
      dryRun: false,
      ...options,
    },
    signal: signal ?? new AbortController().signal,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });

  return { report, events };
}

/** Makes the database as new. */
export async function clean(db: TestDatabase): Promise<void> {
  await db.query(textsFor(db.engine).clean(db.name));
}

/** Waits until the query finds something, and returns the first row. */
export async function untilSome(
  db: TestDatabase,
  query: string,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const [row] = await db.query(query);

    if (row !== undefined) {
      return row;
    }
  }
}

/** One value from the database, as text. */
export async function valueOf(db: TestDatabase, expression: string): Promise<string> {
  const [row] = await db.query(`SELECT (${expression}) AS value`);

  return String(row?.["value"]);
}

/** The tables, in the order of the names; without Rowgate's own. */
export async function tablesOf(db: TestDatabase): Promise<string> {
  const rows = await db.query(textsFor(db.engine).tables);

  return rows
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith("versions"))
    .toSorted()
    .join(" ");
}

/** Whether there is a table `versions`. */
export async function hasHistory(db: TestDatabase): Promise<boolean> {
  const rows = await db.query(textsFor(db.engine).tables);

  return rows.some(({ name }) => name === "versions");
}

/** The rows of the history as `id state done/statements`. */
export async function historyOf(db: TestDatabase): Promise<string> {
  const rows = await db.query("SELECT id, state, done, statements FROM versions ORDER BY position");

  return rows
    .map(({ id, state, done, statements }) => [id, state, `${done}/${statements}`].join(" "))
    .join(", ");
}

/** The events as short words. */
export function wordsOf(events: readonly DeployEvent[]): readonly string[] {
  return events.map((event) => {
    const about = "ids" in event ? event.ids.join(",") : "id" in event ? event.id : "";

    return `${event.event} ${about}`.trim();
  });
}

function settingsOf(url: string): ConnectionSettings {
  if (url.startsWith("pglite:")) {
    return { driver: "pglite", directory: url.slice("pglite:".length) };
  }

  return { driver: url.startsWith("postgres") ? "pg" : "mysql2", url: new Secret(url) };
}
