/** A connection that answers by a script: for decisions and orders, never for what a database does. */
import { DatabaseError } from "../../../src/domain/errors.ts";
import type { Connection, Notice, Row } from "../../../src/domain/ports.ts";
import { Secret } from "../../../src/domain/secret.ts";
import type { DeployEvent, TargetReport } from "../../../src/domain/report.ts";
import type { Bundle } from "../../../src/domain/bundle.ts";
import type { Clock } from "../../../src/deployer/clock.ts";
import { deployTarget } from "../../../src/deployer/deploy-target.ts";
import type { DeployOptions } from "../../../src/deployer/request.ts";
import { postgresDialect } from "../../../src/dialects/postgres/index.ts";

/** Answers a message: with rows, with nothing, or by throwing. */
export type Answer = (sql: string) => readonly Row[] | undefined;

export interface Scripted {
  readonly report: TargetReport;
  readonly events: readonly DeployEvent[];
  /** The first words of each message, in order. */
  readonly sent: readonly string[];
  /** Milliseconds of each wait. */
  readonly waits: readonly number[];
  readonly isClosed: boolean;
}

export const EMPTY_HISTORY: DatabaseError = serverError("42P01", "no versions table");

export function serverError(sqlState: string, message: string, detail?: string): DatabaseError {
  return new DatabaseError({ sqlState, message, detail }, {}, undefined);
}

/** Deploys against the script; time passes only while it waits, and chance is always the same. */
export async function deployScripted(
  bundle: Bundle,
  answer: Answer,
  options: Partial<DeployOptions> & { readonly random?: number } = {},
): Promise<Scripted> {
  const sent: string[] = [];
  const waits: number[] = [];
  const events: DeployEvent[] = [];
  const { random = 0.5, ...rest } = options;
  const connection = new ScriptedConnection(answer, sent);

  const report = await deployTarget({
    target: {
      name: "test",
      dialect: "postgres",
      connection: { driver: "pg", url: new Secret("postgres://nowhere") },
      versions: { schema: undefined, name: "versions" },
    },
    bundle,
    dialect: postgresDialect,
    connect: () => Promise.resolve(connection),
    options: {
      lockWaitMs: 60_000,
      lockTimeoutMs: 2000,
      transaction: "release",
      to: undefined,
      outOfOrder: false,
      dryRun: false,
      ...rest,
    },
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    clock: clockThat(waits, random),
  });

  return { report, events, sent, waits, isClosed: connection.isClosed };
}

function clockThat(waits: number[], random: number): Clock {
  let now = 0;

  return {
    now: () => now,
    sleep: (ms) => {
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
    random: () => random,
  };
}

class ScriptedConnection implements Connection {
  readonly description = "a script";
  readonly maxMessageBytes = Infinity;
  readonly serverVersion = 150_000;
  isClosed = false;
  readonly #answer: Answer;
  readonly #sent: string[];
  #listener: (notice: Notice) => void = () => undefined;

  constructor(answer: Answer, sent: string[]) {
    this.#answer = answer;
    this.#sent = sent;
  }

  query(sql: string): Promise<readonly Row[]> {
    this.#sent.push(sql.split(/\s+/).slice(0, 2).join(" "));

    return Promise.resolve().then(() => this.#answer(sql) ?? []);
  }

  copyIn(): Promise<void> {
    return Promise.resolve();
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listener = listener;
    this.#listener({ severity: "NOTICE", sqlState: "RG000", message: "a receipt", data: "" });
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;

    return Promise.resolve();
  }
}
