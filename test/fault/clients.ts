/** The two ways to deploy, as processes that can be killed and as runs that are watched to their end. */
import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { startRowgate } from "../helpers/cli.ts";
import type { PostgresDatabase } from "../helpers/engines.ts";
import type { Proxy } from "../helpers/proxy.ts";
import { deployTo } from "../integration/deployer-setup.ts";
import type { FaultTree } from "./trees.ts";

export const CLIENTS = ["psql", "deployer"] as const;
export type Client = (typeof CLIENTS)[number];

/** How a run that was watched to its end came out. */
export interface Outcome {
  readonly ok: boolean;
  /** What it said: psql's standard error, or the error's message. */
  readonly said: string;
  /** The first hint; empty when there is none. */
  readonly hint: string;
}

export const PSQL_ARGUMENTS = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"];

/** Starts a deployment through the proxy. */
export function startClient(
  client: Client,
  { root, script }: FaultTree,
  { db, proxy }: { readonly db: PostgresDatabase; readonly proxy: Proxy },
): ChildProcess {
  return client === "psql"
    ? db.startPsql([...PSQL_ARGUMENTS, script], {
        env: { PGHOST: "127.0.0.1", PGPORT: String(proxy.port) },
      })
    : startRowgate(["deploy", root, "--url", proxy.url(db.url)], { cwd: tmpdir() });
}

/** Deploys without a fault. */
export async function runClient(
  client: Client,
  { bundle, script }: FaultTree,
  db: PostgresDatabase,
): Promise<Outcome> {
  if (client === "psql") {
    const { code, stderr } = await db.psql([...PSQL_ARGUMENTS, script]);
    return { ok: code === 0, said: stderr, hint: hintOf(stderr) };
  }

  const { report } = await deployTo(db, bundle, { lockWaitMs: 60_000 });
  const { error } = report;
  return {
    ok: error === undefined,
    said: error === undefined ? "" : `${error.code}: ${error.message}`,
    hint: error?.hint ?? "",
  };
}

/** psql goes on with the lines of a hint that has several. */
function hintOf(stderr: string): string {
  return /^HINT:\s+([^]*?)(?=^(?:CONTEXT|LOCATION|psql):|(?![^]))/m.exec(stderr)?.[1]?.trim() ?? "";
}
