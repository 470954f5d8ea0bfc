/** Where the programs of MariaDB and MySQL are on this machine, fetched when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { debianPackages } from "./debian-packages.ts";
import { attempt, throughOwnLoader, type Found, type Program } from "./programs.ts";

export type MysqlKind = "mariadb" | "mysql";

export interface MysqlPrograms {
  readonly kind: MysqlKind;
  readonly server: Program;
  readonly client: Program;
  readonly dump: Program;
  /** Tells the server where its own files are, when they are not where it was built for. */
  readonly options: readonly string[];
  /** Has MariaDB's system tables as SQL. */
  readonly share: string;
}

/** What each of the two calls its programs, and which of Debian's packages hold them. */
const KINDS = {
  mariadb: {
    title: "MariaDB 10.11",
    version: / Ver 10\.11\.\d+-MariaDB/,
    names: { server: "mariadbd", client: "mariadb", dump: "mariadb-dump" },
    suite: "bookworm",
    packages: ["mariadb-server-core", "mariadb-client"],
  },
  mysql: {
    title: "MySQL 9",
    version: / Ver 9\.\d+\.\d+(?!\S*MariaDB)/,
    names: { server: "mysqld", client: "mysql", dump: "mysqldump" },
    suite: "sid",
    packages: ["mysql-server-core", "mysql-client-core"],
  },
};

/** The server and its clients: the machine's own, else Debian's packages. */
export async function findMysql(kind: MysqlKind): Promise<Found<MysqlPrograms>> {
  const own = installed(kind);

  return own === undefined
    ? attempt(`${KINDS[kind].title} is not installed`, () => fetched(kind))
    : { value: own };
}

function installed(kind: MysqlKind): MysqlPrograms | undefined {
  const { names, version } = KINDS[kind];
  const server = findOnPath(names.server);
  const client = findOnPath(names.client);
  const dump = findOnPath(names.dump);
  const share = ["/usr/share/mysql", "/usr/share/mariadb"].find((folder) => existsSync(folder));

  if (server === undefined || client === undefined || dump === undefined || share === undefined) {
    return undefined;
  }

  const { stdout } = spawnSync(server, ["--version"], { encoding: "utf8" });
  const programs = { server: plain(server), client: plain(client), dump: plain(dump) };

  return version.test(stdout) ? { kind, ...programs, options: [], share } : undefined;
}

function plain(command: string): Program {
  return { command, args: [], env: {} };
}

function findOnPath(name: string): string | undefined {
  return ["/usr/sbin", "/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

async function fetched(kind: MysqlKind): Promise<MysqlPrograms> {
  const { names, suite, packages } = KINDS[kind];
  const root = await debianPackages({
    name: `${kind}-${suite}`,
    suite,
    packages,
    without: ["perl", "libperl", "libdbi-perl", "debconf", "libgcc-s1-", "mysql-common"],
  });
  const share = join(root, "usr/share/mysql");
  const program = (path: string): Program => throughOwnLoader(root, join(root, "usr", path));

  return {
    kind,
    server: program(`sbin/${names.server}`),
    client: program(`bin/${names.client}`),
    dump: program(`bin/${names.dump}`),
    options: [
      `--basedir=${join(root, "usr")}`,
      `--lc-messages-dir=${share}`,
      `--character-sets-dir=${join(share, "charsets")}`,
      `--plugin-dir=${join(root, "usr/lib/mysql/plugin")}`,
    ],
    share,
  };
}
