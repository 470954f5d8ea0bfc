/** With which options the tests start MariaDB and MySQL. */
import type { MysqlKind, MysqlPrograms } from "./mysql-programs.ts";
import type { ServerSettings } from "./server.ts";

/** What every server of the tests has; it need not survive a power cut of the machine. */
const SETTINGS: ServerSettings = {
  bind_address: "127.0.0.1",
  max_connections: "60",
  innodb_buffer_pool_size: "32M",
  innodb_flush_method: "nosync",
  // All servers of a machine share a small number of asynchronous requests.
  innodb_use_native_aio: "OFF",
};

const KIND_SETTINGS: Readonly<Record<MysqlKind, ServerSettings>> = {
  mariadb: {
    debug_no_sync: "ON",
    innodb_log_file_size: "16M",
    // As Debian sets it up; the server's own default is latin1.
    character_set_server: "utf8mb4",
    collation_server: "utf8mb4_general_ci",
  },
  mysql: {
    sync_binlog: "0",
    innodb_redo_log_capacity: "32M",
    // A third less memory and time to start.
    innodb_log_buffer_size: "8M",
    table_definition_cache: "400",
    table_open_cache: "400",
    mysqlx: "OFF",
    // The folder that it was built for belongs to an installed server.
    secure_file_priv: "NULL",
  },
};

/** The server's whole command line. A setting whose value is empty is an option without one. */
export function serverArguments(
  { kind, serverOptions }: MysqlPrograms,
  settings: ServerSettings,
): readonly string[] {
  const all = { ...SETTINGS, ...KIND_SETTINGS[kind], ...settings };
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];

  return [
    "--no-defaults",
    ...asRoot,
    ...serverOptions,
    ...Object.entries(all).map(([name, value]) => `--${name}${value === "" ? "" : `=${value}`}`),
  ];
}

export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
}
