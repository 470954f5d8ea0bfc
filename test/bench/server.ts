/** A server to measure on. */
import type { DialectName } from "../../src/domain/bundle.ts";
import type { Command } from "./measure.ts";

/** A private server, and the client that came with it. */
export interface BenchServer {
  readonly dialect: DialectName;
  /** What the server calls itself. */
  readonly version: string;
  readonly port: number;
  /** The package with which node connects, and a module that does it to `process.env.BENCH_URL`. */
  readonly driver: { readonly name: string; readonly code: string };
  /** The native client on a file of plain SQL; it ends at the first error. */
  raw(file: string, url: string): ClientCall;
  /** The native client on a script of Rowgate, without any option that the script does not need. */
  script(file: string, url: string): ClientCall;
  createDatabase(name: string): Promise<ServerDatabase>;
  close(): Promise<void>;
}

export type ClientCall = Omit<Command, "cwd">;

export interface ServerDatabase {
  /** Without TLS, which would add round trips for it alone. */
  readonly url: string;
  /** Runs one or more statements. */
  query(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

export interface ServerKind {
  readonly name: string;
  readonly dialect: DialectName;
  /** A durable one writes through to the disk what it says is committed, as servers do by default. */
  start(isDurable: boolean): Promise<BenchServer>;
}
