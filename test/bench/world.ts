/** What all experiments on a server share: the server, a folder, the built command line. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProxy, type Proxy } from "../helpers/proxy.ts";
import type { BenchServer, ServerDatabase, ServerKind } from "./server.ts";
import type { Sizes } from "./sizes.ts";

export interface World {
  readonly sizes: Sizes;
  readonly server: BenchServer;
  /** A folder for trees and scripts; the commands run in it. */
  readonly folder: string;
  /** The slow way to the server. */
  readonly link: Proxy;
  createDatabase(): Promise<Database>;
  close(): Promise<void>;
}

export interface Database extends ServerDatabase {
  /** The same database through the slow link. */
  readonly farUrl: string;
}

/** The root of this repository, where `import` finds the product's dependencies. */
export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** Starts a server of its own. */
export async function createWorld(
  kind: ServerKind,
  sizes: Sizes,
  isDurable: boolean,
): Promise<World> {
  const server = await kind.start(isDurable);
  const { dialect, port } = server;
  const link = await startProxy({ port, dialect, delayMs: sizes.roundTripMs / 2 });
  const folder = await mkdtemp(join(tmpdir(), "rowgate-bench-"));

  return {
    sizes,
    server,
    folder,
    link,
    createDatabase: async () => {
      const name = `bench_${randomUUID().replaceAll("-", "")}`;
      const database = await server.createDatabase(name);

      return { ...database, farUrl: link.url(database.url) };
    },
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await link.close();
      await server.close();
    },
  };
}
