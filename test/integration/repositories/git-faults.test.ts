/** Hosts of Git that do not answer, and programs that are killed. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, stat, utimes, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openRepository } from "../../../src/repositories/open-repository.ts";
import { commandLines, untilGone } from "../../helpers/command-lines.ts";
import { startGitHttp, type GitHttp } from "../../helpers/git-http.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { processes } from "../../helpers/processes.ts";
import { freePort } from "../../helpers/server.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

const SHORT = { probeMs: 1000, fetchMs: 1000 };

let origin: GitOrigin;
let host: GitHttp;
let desk: Desk;

beforeEach(async () => {
  origin = await createGitOrigin();
  host = await startGitHttp(origin.path);
  desk = await createDesk();
  await origin.commit({ "db/1.sql": "1" });
});
afterEach(async () => {
  await host.close();
  await origin.close();
  await desk.close();
});

describe("a host of Git", () => {
  it("that is not there cannot be reached", async () => {
    const url = `http://localhost:${await freePort()}/shop.git`;
    const repository = await desk.open({ kind: "git", url });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-unreachable",
      message: /Connection refused|Couldn't connect/,
    });
  });

  it("whose name nobody knows cannot be reached", async () => {
    const repository = await desk.open({ kind: "git", url: "https://nowhere.invalid/shop.git" });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-unreachable",
      message: /Could not resolve host/,
    });
  });

  for (const fault of ["silence", "drip"] as const) {
    it(`that answers with ${fault} is given up, and no process is left`, async () => {
      host.fault = fault;
      const repository = await desk.open({ kind: "git", url: host.url, timeouts: SHORT });

      await assert.rejects(repository.probe(NEVER), {
        code: "repository-unreachable",
        message: `the repository ${host.url} did not answer within 1 s`,
      });
      await untilGone(host.url);
      host.fault = undefined;
      assert.equal((await repository.probe(NEVER)).name, "main");
    });
  }

  it("that stops in a fetch is given up, and the next fetch goes on", async () => {
    await origin.commit({ "db/1.sql": "1", "db/big": randomBytes(200_000) });
    const repository = await desk.open({ kind: "git", url: host.url, path: "db", timeouts: SHORT });
    const { revision } = await look(repository);
    host.fault = { stallAfter: 50_000 };
    await assert.rejects(desk.export(repository, revision.id), {
      code: "repository-unreachable",
    });
    await untilGone(host.url);
    host.fault = undefined;

    assert.equal((await desk.export(repository, revision.id))["big"]?.length, 200_000);
    assert.deepEqual(desk.rebuilt, []);
  });

  it("of ssh that says nothing is given up, and no ssh is left", async () => {
    const { server, port } = await startSilence();
    const url = `ssh://git@127.0.0.1:${port}/shop.git`;
    const repository = await desk.open({ kind: "git", url, timeouts: SHORT });

    try {
      await assert.rejects(repository.probe(NEVER), { code: "repository-unreachable" });
      await untilGone(String(port));
    } finally {
      server.close();
    }
  });

  it("is not waited for when the question is taken back, and no process is left", async () => {
    host.fault = "silence";
    const repository = await desk.open({ kind: "git", url: host.url });
    const controller = new AbortController();
    const question = repository.probe(controller.signal);
    await until(() => commandLines(host.url).length > 1);
    const reason = new Error("enough");
    controller.abort(reason);

    await assert.rejects(question, reason);
    await untilGone(host.url);
  });

  it("loses its repository, which comes back", async () => {
    const repository = await desk.open({ kind: "git", url: origin.url });
    const deployed = await look(repository);
    await rename(origin.path, `${origin.path}.away`);
    await assert.rejects(repository.probe(NEVER), { code: "repository-missing" });
    await rename(`${origin.path}.away`, origin.path);

    assert.equal((await look(repository, deployed)).relation, "same");
  });
});

describe("a git that is killed in a fetch", () => {
  it("leaves nothing that is in the way of the next", async () => {
    await origin.commit({ "db/1.sql": "1", "db/big": randomBytes(400_000) });
    const repository = await desk.open({ kind: "git", url: host.url, path: "db" });
    const { revision } = await look(repository);
    host.fault = { stallAfter: 200_000 };
    const failed = assert.rejects(desk.export(repository, revision.id), {
      code: "repository-unreachable",
    });
    await until(hasHalfOfPack);
    killAll(host.url);
    await failed;
    host.fault = undefined;

    const files = await desk.export(repository, revision.id);
    assert.equal(files["big"]?.length, 400_000);
    assert.deepEqual(desk.rebuilt, []);
  });

  it("is cleaned up after when an hour has passed", async () => {
    const repository = await desk.open({ kind: "git", url: host.url });
    await look(repository);
    const [pack = ""] = await packs();
    const [old, young] = ["old", "young"].map((name) => join(dirname(pack), `tmp_pack_${name}`));
    await writeFile(old ?? "", "");
    await writeFile(young ?? "", "");
    await utimes(old ?? "", 0, 0);
    const unfinished = `${dirname(dirname(dirname(pack)))}-x`;
    await mkdir(unfinished);
    await utimes(unfinished, 0, 0);
    await look(repository);

    assert.deepEqual(await leftovers(), [young]);
    assert.equal(existsSync(unfinished), false);
  });
});

describe("the program git", () => {
  it("may be missing", async () => {
    await assert.rejects(openWith({ PATH: desk.cache }), {
      code: "program-missing",
      message: "the program git is not on this machine",
    });
  });

  it("may be too old", async () => {
    const bin = join(desk.cache, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "git"), "#!/bin/sh\necho git version 2.30.2\n");
    await chmod(join(bin, "git"), 0o755);

    await assert.rejects(openWith({ PATH: bin }), {
      code: "program-missing",
      message: "the program git on this machine is too old: git version 2.30.2",
    });
  });

  it("does not read the settings of its user, or of what the test runs in", async () => {
    const home = await desk.folder();
    await writeFile(
      join(home, ".gitconfig"),
      `[url "file:///nowhere/"]\n\tinsteadOf = ${origin.url}\n[core]\n\tsshCommand = false\n`,
    );
    const repository = await openWith({
      ...process.env,
      HOME: home,
      GIT_DIR: "/nowhere",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.file:///nowhere/.insteadOf`,
      GIT_CONFIG_VALUE_0: origin.url,
    });

    assert.equal((await look(repository)).relation, "first");
  });
});

function openWith(env: Record<string, string | undefined>): ReturnType<typeof openRepository> {
  return openRepository({ kind: "git", url: origin.url }, desk.cache, { env });
}

/** A server that takes connections and never says a word. */
async function startSilence(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.on("error", () => undefined).unref());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return { server, port };
}

/** The unfinished packs of the cache. */
async function leftovers(): Promise<readonly string[]> {
  return (await packs()).filter((file) => basename(file).startsWith("tmp_pack"));
}

/** Folders come before files, in packs that are small. */
async function hasHalfOfPack(): Promise<boolean> {
  const sizes = await Promise.all(
    (await leftovers()).map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );

  return sizes.some((size) => size > 30_000);
}

async function packs(): Promise<readonly string[]> {
  const name = (await readdir(desk.cache)).find((file) => file.endsWith(".git")) ?? "";
  const folder = join(desk.cache, name, "objects/pack");

  return (await readdir(folder)).map((file) => join(folder, file));
}

/** The programs with a text in their command lines, and all that they have started. */
function killAll(text: string): void {
  const all = processes();
  let pids = commandLines(text).map(({ pid }) => pid);

  while (pids.length > 0) {
    const parents = new Set(pids);
    pids.forEach(kill);
    pids = all.filter(({ parent }) => parents.has(parent)).map(({ pid }) => pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with its parent.
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await sleep(20);
  }
}
