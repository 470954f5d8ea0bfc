/** What a repository of Subversion writes out, and what it refuses to. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import {
  createSvnOrigin,
  startSvnserve,
  svnEnvironment,
  type SvnOrigin,
} from "../../helpers/svn-origin.ts";
import { skipSvn } from "../../helpers/svn-programs.ts";
import { createDesk, LIMITS, look, NEVER, type Desk } from "./setup.ts";

let origin: SvnOrigin;
let desk: Desk;

const open = (path?: string): Promise<Repository> =>
  desk.open({ kind: "svn", url: origin.url, path }, { env: svnEnvironment() });

/** The export of what was committed last. */
async function exported(path?: string): Promise<Readonly<Record<string, string>>> {
  const repository = await open(path);
  const { revision } = await look(repository);

  return desk.export(repository, revision.id);
}

describe("the export of a revision of Subversion", { skip: skipSvn }, () => {
  beforeEach(async () => {
    origin = await createSvnOrigin();
    desk = await createDesk();
  });
  afterEach(async () => {
    await origin.close();
    await desk.close();
  });

  it("does not put the revision into the files", async () => {
    await origin.commit({ "1.sql": "$Id$ $Rev$ $HeadURL$\n" });
    await origin.edit(["propset", "svn:keywords", "Id Rev HeadURL", "1.sql"]);

    assert.deepEqual(await exported(), { "1.sql": "$Id$ $Rev$ $HeadURL$\n" });
  });

  it("has the line ends that the repository asks for, on every machine", async () => {
    const text = "1\n2\n";
    await origin.commit({ "native.sql": text, "crlf.sql": text, "raw.sql": "1\r\n2\n" });
    await origin.edit(["propset", "svn:eol-style", "native", "native.sql"]);
    await origin.edit(["propset", "svn:eol-style", "CRLF", "crlf.sql"]);

    assert.deepEqual(await exported(), {
      "crlf.sql": "1\r\n2\r\n",
      "native.sql": "1\n2\n",
      "raw.sql": "1\r\n2\n",
    });
  });

  it("goes to a folder with any name", async () => {
    await origin.commit({ "ä b/1.sql": "1" });
    const repository = await open("ä b");
    const { revision } = await look(repository);
    const directory = join(await desk.folder(), "x@1 'y'");
    await mkdir(directory);
    await repository.export(revision.id, { directory, limits: LIMITS }, NEVER);

    assert.deepEqual(await desk.read(directory), { "1.sql": "1" });
  });

  it("has empty folders, and files without a byte", async () => {
    await origin.commit({ "a/1.sql": "" });
    await origin.edit(["mkdir", "empty"]);

    assert.deepEqual(await exported(), { "a/1.sql": "" });
  });

  it("refuses links", async () => {
    await origin.commit({ "db/1.sql": "1", "db/link": "link ../../secret" });
    await origin.edit(["propset", "svn:special", "*", "db/link"]);

    await assert.rejects(exported("db"), {
      code: "export-refused",
      message: "link is a link",
    });
  });

  it("refuses paths that differ in case", async () => {
    await origin.commit({ "db/a.sql": "1", "db/A.sql": "2" });

    await assert.rejects(exported(), {
      code: "export-refused",
      message: "the paths db/A.sql and db/a.sql differ only in case",
    });
  });

  it("refuses names that would be another place on this machine", async () => {
    await origin.commit({ "db/.git/hooks": "1" });

    await assert.rejects(exported(), {
      code: "export-refused",
      message: 'db holds the name ".git"',
    });
  });

  it("refuses too much", async () => {
    await origin.commit({ "1.sql": "1".repeat(1_000_001) });
    await assert.rejects(exported(), {
      code: "export-refused",
      message: "the source holds more than 1000000 bytes",
    });
    await origin.commit(
      Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`many/${index}.sql`, ""])),
    );
    await assert.rejects(exported("many"), {
      code: "export-refused",
      message: "the source holds more than 100 files and folders",
    });
  });
});

describe("externals of Subversion", { skip: skipSvn }, () => {
  before(async () => {
    origin = await createSvnOrigin();
    desk = await createDesk();
  });
  after(async () => {
    await origin.close();
    await desk.close();
  });

  it("are fetched from nowhere, and nobody there learns the password", async () => {
    let visitors = 0;
    const stranger = createServer((socket) => {
      visitors += 1;
      socket.end("( success ( 2 2 ( ANONYMOUS PLAIN ) ( edit-pipeline ) ) ) ");
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    await origin.commit({ "db/1.sql": "1" });
    await origin.edit(["propset", "svn:externals", `svn://127.0.0.1:${port}/x lib`, "db"]);
    const server = await startSvnserve(origin, "bob = s3cret");
    const passwordFile = join(desk.cache, "password");
    await writeFile(passwordFile, "s3cret\n");

    try {
      const repository = await desk.open(
        { kind: "svn", url: server.url, credentials: { username: "bob", passwordFile } },
        { env: svnEnvironment() },
      );
      const { revision } = await look(repository);
      assert.deepEqual(await desk.export(repository, revision.id), { "db/1.sql": "1" });
      assert.equal(visitors, 0);
    } finally {
      await server.close();
      stranger.close();
    }
  });
});
