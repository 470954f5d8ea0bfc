import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { DatabaseError } from "../../../src/domain/errors.ts";
import { connectPglite } from "../../../src/drivers/pglite.ts";

const LOCK = "rowgate.lock";

describe("the embedded database", () => {
  const cacheHome = process.env["XDG_CACHE_HOME"];
  let folder: string;
  let image: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rowgate-embedded-"));
    process.env["XDG_CACHE_HOME"] = join(folder, "cache");
    const images = join(folder, "cache", "rowgate");
    const main = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
    const { version } = JSON.parse(await readFile(main, "utf8")) as { version: string };
    image = join(images, `pglite-${version}.tar.gz`);
    await mkdir(images, { recursive: true });
    await writeFile(image, "a broken image");
  });

  after(async () => {
    if (cacheHome === undefined) {
      delete process.env["XDG_CACHE_HOME"];
    } else {
      process.env["XDG_CACHE_HOME"] = cacheHome;
    }
    await rm(folder, { recursive: true });
  });

  it("makes the image again when the cached one is broken", async () => {
    assert.equal(await oneOf(join(folder, "first")), "1");
    assert.deepEqual([...(await readFile(image)).subarray(0, 2)], [0x1f, 0x8b]);
  });

  it("keeps what was written, and leaves no file of its own", async () => {
    const directory = join(folder, "kept");
    const first = await connectPglite(directory);
    await first.query("CREATE TABLE kept AS SELECT 7 AS number");
    await first.close();
    const second = await connectPglite(directory);

    assert.equal((await second.query("SELECT number FROM kept"))[0]?.["number"], "7");
    await second.close();
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.startsWith("rowgate")),
      [],
    );
  });

  it("is refused while another connection has it", async () => {
    const directory = join(folder, "kept");
    const connection = await connectPglite(directory);

    await assert.rejects(connectPglite(directory), {
      code: "embedded-in-use",
      message: new RegExp(`in use by process ${process.pid} on `),
    });
    await connection.close();
    assert.equal(await oneOf(directory), "1");
  });

  it("takes over the lock of a process that has ended, or whose number was given away", async () => {
    const directory = join(folder, "kept");
    const dead = { host: hostname(), pid: 2 ** 22 + 1, started: "1" };
    const reused = { host: hostname(), pid: process.pid, started: "1" };

    for (const holder of [dead, reused]) {
      await writeFile(join(directory, LOCK), JSON.stringify(holder));
      assert.equal(await oneOf(directory), "1");
    }
  });

  it("respects a lock of another host, and one it cannot read", async () => {
    const directory = join(folder, "kept");

    for (const text of [JSON.stringify({ host: "elsewhere", pid: 1, started: "1" }), "?"]) {
      await writeFile(join(directory, LOCK), text);
      await assert.rejects(connectPglite(directory), { code: "embedded-in-use" });
    }
    await rm(join(directory, LOCK));
  });

  it("is not made among other files", async () => {
    const directory = join(folder, "other");
    await mkdir(directory);
    await writeFile(join(directory, "notes.txt"), "");

    await assert.rejects(connectPglite(directory), {
      code: "usage-invalid",
      message: /holds other files than a database, such as notes\.txt$/,
    });
    assert.deepEqual(await readdir(directory), ["notes.txt"]);
  });

  it("is made anew when its making was broken off", async () => {
    const directory = join(folder, "unfinished");
    await mkdir(directory);
    await writeFile(join(directory, "rowgate.unfinished"), "");
    await writeFile(join(directory, "PG_VERSION"), "18\n");

    assert.equal(await oneOf(directory), "1");
  });

  it("cannot be opened where a file stands", async () => {
    await writeFile(join(folder, "file"), "");

    await assert.rejects(connectPglite(join(folder, "file")), { code: "database-unreachable" });
  });

  it("has the extensions it was told of, and says which it lacks", async () => {
    const connection = await connectPglite("memory://", {
      extensions: {
        key: "x",
        find: async () => ["citext", "uuid-ossp", "no_such_thing", "../x"],
      },
    });
    await connection.query('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"');

    assert.equal((await connection.query("SELECT 'A'::citext = 'a' AS same"))[0]?.["same"], "t");
    await assert.rejects(connection.query("CREATE EXTENSION no_such_thing"), /no_such_thing/);
    await connection.close();
  });

  it("looks for extensions again only when the SQL is another", async () => {
    const directory = join(folder, "remembers");
    const asked: string[] = [];
    const open = async (key: string): Promise<void> => {
      const find = async (): Promise<readonly string[]> => {
        asked.push(key);
        return ["citext"];
      };
      const connection = await connectPglite(directory, { extensions: { key, find } });
      await connection.query("CREATE EXTENSION IF NOT EXISTS citext; SELECT 'A'::citext = 'a'");
      await connection.close();
    };

    await open("one");
    await open("one");
    await (await connectPglite(directory)).close();
    await open("one");
    await open("two");
    await open("two");

    assert.deepEqual(asked, ["one", "two"]);
  });

  it("copies data of many parts whole or not at all, and counts its lines through", async () => {
    const connection = await connectPglite("memory://");
    const megabyte = `1\t${"y".repeat(1021)}\n`.repeat(1024);
    const copy = (last: string): Promise<void> =>
      connection.copyIn({
        kind: "copy",
        text: "COPY t FROM STDIN",
        at: { path: "t.sql", line: 1, column: 1 },
        dataLine: 2,
        data: async function* data() {
          for (let at = 0; at < 20; at += 1) {
            yield megabyte;
          }
          yield last;
        },
      });
    await connection.query("CREATE TABLE t (a int, b text)");

    await assert.rejects(copy("x\ty\n"), (error: DatabaseError) => {
      assert.equal(error.server.context, `COPY t, line ${20 * 1024 + 1}, column a: "x"`);
      return true;
    });
    const rows = "SELECT count(*) AS n FROM t";
    assert.equal((await connection.query(rows))[0]?.["n"], "0");
    await copy("1\ty\n");
    assert.equal((await connection.query(rows))[0]?.["n"], String(20 * 1024 + 1));
    await connection.close();
  });

  it("works without a cache", async () => {
    process.env["XDG_CACHE_HOME"] = "/dev/null/cache";

    assert.equal(await oneOf("memory://"), "1");
  });
});

async function oneOf(directory: string): Promise<unknown> {
  const connection = await connectPglite(directory);
  try {
    return (await connection.query("SELECT 1 AS one"))[0]?.["one"];
  } finally {
    await connection.close();
  }
}
