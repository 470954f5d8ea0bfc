/** Deploys bundles of values to the databases of the tests. */
import type { Bundle } from "../../src/domain/bundle.ts";
import type { Connect } from "../../src/domain/ports.ts";
import type { DeployEvent, TargetReport } from "../../src/domain/report.ts";
import { Secret } from "../../src/domain/secret.ts";
import type { ConnectionSettings, Target } from "../../src/domain/target.ts";
import { deployTarget } from "../../src/deployer/deploy-target.ts";
import type { DeployOptions, TargetAccess } from "../../src/deployer/request.ts";
import { postgresDialect } from "../../src/dialects/postgres/index.ts";
import type { TestDatabase } from "../helpers/engines.ts";

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

const connect: Connect = async (settings) => {
  if (settings.driver === "pg") {
    const { connectPg } = await import("../../src/drivers/pg.ts");
    return connectPg(settings.url.reveal());
  }

  const { connectPglite } = await import("../../src/drivers/pglite.ts");
  return connectPglite(settings.directory);
};

/** The database as a target named `test`. */
export function accessTo(
  db: TestDatabase,
  given: Pick<Given, "url" | "versions"> = {},
): TargetAccess {
  return {
    target: {
      name: "test",
      dialect: "postgres",
      connection: settingsOf(given.url ?? db.url),
      versions: given.versions ?? { schema: undefined, name: "versions" },
    },
    connect,
    dialect: postgresDialect,
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

/** One value from the database, as text. */
export async function valueOf(db: TestDatabase, expression: string): Promise<string> {
  const [row] = await db.query(`SELECT (${expression})::text AS value`);

  return String(row?.["value"]);
}

/** Whether the tables exist, in the order of the names. */
export async function tablesOf(db: TestDatabase): Promise<string> {
  return valueOf(
    db,
    "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^versions'",
  );
}

/** The rows of the history as `id state done/statements`. */
export async function historyOf(db: TestDatabase): Promise<string> {
  return valueOf(
    db,
    "SELECT coalesce(string_agg(format('%s %s %s/%s', id, state, done, statements), ', ' ORDER BY position), '') FROM versions",
  );
}

/** The events as short words. */
export function wordsOf(events: readonly DeployEvent[]): readonly string[] {
  return events.map((event) => {
    const about = "ids" in event ? event.ids.join(",") : "id" in event ? event.id : "";

    return `${event.event} ${about}`.trim();
  });
}

function settingsOf(url: string): ConnectionSettings {
  return url.startsWith("pglite:")
    ? { driver: "pglite", directory: url.slice("pglite:".length) }
    : { driver: "pg", url: new Secret(url) };
}
