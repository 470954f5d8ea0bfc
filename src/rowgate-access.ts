/** How a target is reached: its dialect and its driver, which are loaded when they are called for. */
import type { TargetAccess } from "./deployer/request.ts";
import type { Bundle, DialectName } from "./domain/bundle.ts";
import { RowgateError } from "./domain/errors.ts";
import type { Connection, Dialect } from "./domain/ports.ts";
import type { ConnectionSettings, Target } from "./domain/target.ts";
import type { ExtensionSource } from "./drivers/pglite/memory.ts";

/** What it takes to work on a target with a bundle. @throws RowgateError `usage-invalid`, when they are of two kinds. */
export async function accessTo(target: Target, bundle: Bundle | undefined): Promise<TargetAccess> {
  checkDialect(target, bundle);
  const dialect = await loadDialect(target.dialect);
  return { target, connect: async (settings) => connect(settings), dialect };
}

/** @throws RowgateError `usage-invalid`, when the target cannot take the bundle. */
export function checkDialect(target: Target, bundle: Bundle | undefined): void {
  if (bundle !== undefined && bundle.dialect !== target.dialect) {
    throw new RowgateError("usage-invalid", {
      message: `the bundle is for ${bundle.dialect}, but target "${target.name}" is ${target.dialect}`,
      hint: `Deploy it to a ${bundle.dialect} database, or build it with --dialect ${target.dialect}.`,
    });
  }
}

/** Loads one dialect, and not the other. */
export async function loadDialect(name: DialectName): Promise<Dialect> {
  if (name === "mysql") {
    const { mysqlDialect } = await import("./dialects/mysql/index.ts");
    return mysqlDialect;
  }
  const { postgresDialect } = await import("./dialects/postgres/index.ts");
  return postgresDialect;
}

/** Loads the driver that the settings name, and no other. */
export async function connect(
  settings: ConnectionSettings,
  extensions?: ExtensionSource,
): Promise<Connection> {
  if (settings.driver === "pglite") {
    const { connectPglite } = await import("./drivers/pglite.ts");
    return connectPglite(settings.directory, { extensions });
  }
  if (settings.driver === "mysql2") {
    const { connectMysql2 } = await import("./drivers/mysql2.ts");
    return connectMysql2(settings.url.reveal());
  }
  const { connectPg } = await import("./drivers/pg.ts");
  return connectPg(settings.url.reveal(), { applicationName: "rowgate" });
}

/** The same access, and what its connection said of itself once it was made. */
export function withServer(access: TargetAccess): {
  readonly access: TargetAccess;
  readonly server: () => string;
} {
  let description = "";
  return {
    access: {
      ...access,
      connect: async (settings) => {
        const connection = await access.connect(settings);
        description = connection.description;
        return connection;
      },
    },
    server: () => description,
  };
}
