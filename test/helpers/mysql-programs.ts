/** Where the programs of MariaDB and MySQL are on this machine, fetched when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { debianPackages } from "./debian-packages.ts";
import { attempt, throughOwnLoader, type Found, type Program } from "./programs.ts";

export type MysqlKind = "mariadb" | "mysql";

export interface MysqlPrograms {
  readonly kind: MysqlKind;
  /** The folder that holds bin and share. */
  readonly home: string;
  readonly server: Program;
  /** Tells the server where its own files are, when they are not where it was built for. */
  readonly serverOptions: readonly string[];
  readonly client: Program;
  readonly dump: Program;
  /** The server's messages, and MariaDB's system tables as SQL. */
  readonly share: string;
}

/** What each of the two is called, and which of Debian's packages hold it. */
const KINDS = {
  mariadb: {
    title: "MariaDB 10.11",
    version: / Ver 10\.11\./,
    server: "mariadbd",
    client: "mariadb",
    dump: "mariadb-dump",
    suite: "bookworm",
    // mariadb-server has the plugins for the log-in.
    packages: ["mariadb-server", "mariadb-client"],
  },
  mysql: {
    title: "MySQL 9",
    version: / Ver 9\./,
    server: "mysqld",
    client: "mysql",
    dump: "mysqldump",
    suite: "sid",
    packages: ["mysql-server-core", "mysql-client-core"],
  },
} as const;

/** A server and the clients that came with it: the machine's own, else Debian's packages. */
export async function findMysql(kind: MysqlKind): Promise<Found<MysqlPrograms>> {
  const own = findInstalled(kind);

  return own === undefined
    ? attempt(`${KINDS[kind].title} is not installed`, () => fetchPrograms(kind))
    : { value: own };
}

function findInstalled(kind: MysqlKind): MysqlPrograms | undefined {
  const { server, client, dump } = KINDS[kind];

  return usualFolders()
    .map((folder) => join(folder, server))
    .filter((file) => isServer(file, kind))
    .map((file) => programsBeside(file, kind, plain))
    .find((programs) =>
      [client, dump].every((name) => existsSync(join(programs.home, "bin", name))),
    );
}

async function fetchPrograms(kind: MysqlKind): Promise<MysqlPrograms> {
  const { server, suite, packages } = KINDS[kind];
  const root = await debianPackages({
    name: `${kind}-server-${suite}`,
    suite,
    packages,
    without: ["perl", "libperl", "libdbi-perl", "debconf", "dpkg_", "rsync", "iproute2", "gawk"],
  });
  const programs = programsBeside(join(root, "usr/sbin", server), kind, (file) =>
    throughOwnLoader(root, file),
  );
  const { home, share } = programs;

  return {
    ...programs,
    serverOptions: [
      `--basedir=${home}`,
      `--lc-messages-dir=${share}`,
      `--character-sets-dir=${join(share, "charsets")}`,
      `--plugin-dir=${join(home, "lib/mysql/plugin")}`,
    ],
  };
}

function programsBeside(
  server: string,
  kind: MysqlKind,
  toProgram: (file: string) => Program,
): MysqlPrograms {
  const { client, dump } = KINDS[kind];
  const home = resolve(server, "../..");
  const shares = ["share/mysql", "share/mariadb"].map((folder) => join(home, folder));

  return {
    kind,
    home,
    server: toProgram(server),
    serverOptions: [],
    client: toProgram(join(home, "bin", client)),
    dump: toProgram(join(home, "bin", dump)),
    share: shares.find((folder) => existsSync(folder)) ?? join(home, "share"),
  };
}

function plain(command: string): Program {
  return { command, args: [], env: {} };
}

function usualFolders(): readonly string[] {
  return ["/usr/sbin", "/usr/local/mysql/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
}

function isServer(file: string, kind: MysqlKind): boolean {
  if (!existsSync(file)) {
    return false;
  }

  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8" });

  return KINDS[kind].version.test(stdout);
}
