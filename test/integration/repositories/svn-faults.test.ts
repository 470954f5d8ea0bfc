/** Whom a repository of Subversion lets in, and hosts that do not answer. */
import assert from "node:assert/strict";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import type { Credentials } from "../../../src/repositories/settings.ts";
import { commandLines, untilGone } from "../../helpers/command-lines.ts";
import { freePort } from "../../helpers/server.ts";
import {
  createSvnOrigin,
  startSvnserve,
  svnEnvironment,
  type SvnOrigin,
  type SvnServer,
} from "../../helpers/svn-origin.ts";
import { skipSvn } from "../../helpers/svn-programs.ts";
import { createDesk, look, mentions, NEVER, type Desk } from "./setup.ts";

const PASSWORD = "s3cret'\"$(x) \\ü";

let origin: SvnOrigin;
let server: SvnServer;
let desk: Desk;
let passwordFile: string;

const open = (credentials: Credentials, url = server.url): Promise<Repository> =>
  desk.open(
    { kind: "svn", url, credentials, timeouts: { probeMs: 2000 } },
    { env: svnEnvironment() },
  );

describe("a repository of Subversion that wants a login", { skip: skipSvn }, () => {
  before(async () => {
    origin = await createSvnOrigin();
    await origin.commit({ "1.sql": "1" });
    server = await startSvnserve(origin, `bob = ${PASSWORD}`);
  });
  after(async () => {
    await server.close();
    await origin.close();
  });
  beforeEach(async () => {
    desk = await createDesk();
    passwordFile = join(desk.cache, "password");
  });
  afterEach(() => desk.close());

  it("gets the password, and nothing keeps it", async () => {
    await writeFile(passwordFile, `${PASSWORD}\n`);
    const repository = await open({ username: "bob", passwordFile });
    const { revision } = await look(repository);

    assert.deepEqual(await desk.export(repository, revision.id), { "1.sql": "1" });
    await rm(passwordFile);
    assert.equal(await mentions(desk.cache, "s3cret"), false);
  });

  it("gets the new password when it was rotated", async () => {
    await writeFile(passwordFile, "old");
    const repository = await open({ username: "bob", passwordFile });
    await assert.rejects(repository.probe(NEVER), { code: "repository-refused" });
    await writeFile(passwordFile, PASSWORD);

    assert.equal((await repository.probe(NEVER)).revision, "1");
  });

  it("refuses, and the password is in no message", async () => {
    await writeFile(passwordFile, "s3cret-but-wrong");
    const repository = await open({ username: "bob", passwordFile });

    await assert.rejects(
      repository.probe(NEVER),
      (error: Error & { code: string }) =>
        error.code === "repository-refused" &&
        /lets nobody in: .*E170001/.test(error.message) &&
        !`${error.message} ${error.stack} ${String(error.cause)}`.includes("s3cret"),
    );
  });

  it("refuses when no password is configured, and nobody is asked for one", async () => {
    await assert.rejects((await open({})).probe(NEVER), { code: "repository-refused" });
  });

  it("is not asked when the password is not there", async () => {
    await assert.rejects((await open({ passwordFile })).probe(NEVER), { code: "file-unreadable" });
  });

  it("is not there under another name", async () => {
    await writeFile(passwordFile, PASSWORD);
    const repository = await open(
      { username: "bob", passwordFile },
      server.url.replace("shop", "shoe"),
    );

    await assert.rejects(repository.probe(NEVER), { code: "repository-missing" });
  });
});

describe("a host of Subversion", { skip: skipSvn }, () => {
  beforeEach(async () => {
    desk = await createDesk();
    passwordFile = join(desk.cache, "password");
    await writeFile(passwordFile, PASSWORD);
  });
  afterEach(() => desk.close());

  it("that is not there cannot be reached", async () => {
    const repository = await open({}, `svn://127.0.0.1:${await freePort()}/shop`);

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-unreachable",
      message: /E000111/,
    });
  });

  it("that says nothing is given up; its command line holds no password, and none is left", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined).unref());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const url = `svn://127.0.0.1:${port}/shop`;

    try {
      const question = (await open({ username: "bob", passwordFile }, url)).probe(NEVER);
      const connected = new Promise((resolve) => silent.once("connection", resolve));
      await Promise.race([connected, question.catch(() => undefined)]);
      const [command] = commandLines(url);
      assert.match(command?.text ?? "", /--username bob --password-from-stdin/);
      assert.doesNotMatch(command?.text ?? "", /s3cret/);
      await assert.rejects(question, {
        code: "repository-unreachable",
        message: `the repository ${url} did not answer within 2 s`,
      });
      await untilGone(url);
    } finally {
      silent.close();
    }
  });

  it("loses its repository, which comes back", async () => {
    const shop = await createSvnOrigin();

    try {
      await shop.commit({ "1.sql": "1" });
      const repository = await open({}, shop.url);
      const deployed = await look(repository);
      await rename(shop.path, `${shop.path}.away`);
      await assert.rejects(repository.probe(NEVER), { code: "repository-missing" });
      await rename(`${shop.path}.away`, shop.path);
      assert.equal((await look(repository, deployed)).relation, "same");
    } finally {
      await shop.close();
    }
  });
});

describe("the program svn", () => {
  beforeEach(async () => {
    desk = await createDesk();
  });
  afterEach(() => desk.close());

  it("may be missing", async () => {
    await assert.rejects(openWith(desk.cache), {
      code: "program-missing",
      message: "the program svn is not on this machine",
    });
  });

  it("may be too old", async () => {
    const bin = join(desk.cache, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "svn"), "#!/bin/sh\necho 1.9.7\n");
    await chmod(join(bin, "svn"), 0o755);

    await assert.rejects(openWith(bin), {
      code: "program-missing",
      message: "the program svn on this machine is too old: 1.9.7",
    });
  });

  for (const settings of [{ ref: "main" }, { verify: { mode: "head" } as const }]) {
    it(`has no ${Object.keys(settings).join()}`, async () => {
      const url = "svn://svn.example/shop";

      await assert.rejects(desk.open({ kind: "svn", url, ...settings }), {
        code: "config-invalid",
      });
    });
  }
});

function openWith(path: string): Promise<Repository> {
  return desk.open({ kind: "svn", url: "svn://svn.example/shop" }, { env: { PATH: path } });
}
