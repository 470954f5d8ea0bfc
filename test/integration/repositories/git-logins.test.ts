/** Who a repository of Git lets in, and what becomes of the password. */
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import type { Credentials } from "../../../src/repositories/settings.ts";
import { CERTIFICATE, startGitHttp, type GitHttp } from "../../helpers/git-http.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { createDesk, look, mentions, NEVER, type Desk } from "./setup.ts";

const PASSWORD = "s3cret'\"$(x) \\ü";

let origin: GitOrigin;
let host: GitHttp;
let desk: Desk;
let passwordFile: string;

const open = (credentials: Credentials, env?: Record<string, string>): Promise<Repository> =>
  desk.open(
    { kind: "git", url: host.url, path: "db", credentials },
    { env: { ...process.env, ...env } },
  );

before(async () => {
  origin = await createGitOrigin();
  await origin.commit({ "db/1.sql": "1" });
});
after(() => origin.close());

beforeEach(async () => {
  host = await startGitHttp(origin.path);
  desk = await createDesk();
  passwordFile = join(desk.cache, "password");
});
afterEach(async () => {
  await host.close();
  await desk.close();
});

describe("a repository of Git that wants a login", () => {
  it("gets the password of a file, with each request and no other way", async () => {
    host.login = `bob:${PASSWORD}`;
    await writeFile(passwordFile, `${PASSWORD}\n`);
    const repository = await open({ username: "bob", passwordFile });
    const { revision } = await look(repository);

    assert.deepEqual(await desk.export(repository, revision.id), { "1.sql": "1" });
    assert.deepEqual(new Set(host.offered), new Set([`bob:${PASSWORD}`]));
    await rm(passwordFile);
    assert.equal(await mentions(desk.cache, "s3cret"), false);
  });

  it("gets the password of a variable, and a name where none is set", async () => {
    host.login = "rowgate:token-1";
    const repository = await open({ passwordEnv: "SHOP_TOKEN" }, { SHOP_TOKEN: "token-1" });

    assert.equal((await repository.probe(NEVER)).name, "main");
  });

  it("gets the new password when it was rotated", async () => {
    host.login = "bob:new";
    await writeFile(passwordFile, "old");
    const repository = await open({ username: "bob", passwordFile });
    await assert.rejects(repository.probe(NEVER), { code: "repository-refused" });
    await writeFile(passwordFile, "new\r\n");

    assert.equal((await repository.probe(NEVER)).name, "main");
  });

  it("refuses, and the password is in no message", async () => {
    host.login = "bob:right";
    await writeFile(passwordFile, PASSWORD);
    const error = await refusalOf(await open({ username: "bob", passwordFile }));

    assert.equal(error.code, "repository-refused");
    assert.match(error.message, /^the repository http:\S+ lets nobody in: .*Authentication failed/);
    assert.doesNotMatch(`${error.message} ${String(error.cause)} ${error.stack}`, /s3cret/);
  });

  it("refuses when no password is configured, and nobody is asked for one", async () => {
    host.login = "bob:right";

    assert.equal((await refusalOf(await open({}))).code, "repository-refused");
  });

  it("is not asked when the password is not there", async () => {
    const file = await refusalOf(await open({ passwordFile }));
    await writeFile(passwordFile, "\n");
    const empty = await refusalOf(await open({ passwordFile }));
    const variable = await refusalOf(await open({ passwordEnv: "NOT_SET" }));
    await writeFile(passwordFile, "two\nlines");
    const lines = await refusalOf(await open({ passwordFile }));

    assert.deepEqual(
      [file.code, empty.code, variable.code, lines.code],
      ["file-unreadable", "config-invalid", "config-invalid", "config-invalid"],
    );
    assert.deepEqual(host.offered, []);
  });

  it("does not learn the password when another host sends us to it", async () => {
    const other = await startGitHttp(origin.path);
    other.login = "bob:right";
    host.fault = { redirect: new URL(other.url).origin };
    await writeFile(passwordFile, "right");

    try {
      const error = await refusalOf(await open({ username: "bob", passwordFile }));
      assert.equal(error.code, "repository-refused");
      assert.deepEqual(other.offered, []);
    } finally {
      await other.close();
    }
  });
});

describe("a host of Git over https", () => {
  it("is trusted by its own certificate alone", async () => {
    const secure = await startGitHttp(origin.path, { secure: true });

    try {
      const settings = { kind: "git", url: secure.url } as const;
      const stranger = await refusalOf(await desk.open(settings));
      const known = await desk.open({ ...settings, credentials: { caFile: CERTIFICATE } });

      assert.equal(stranger.code, "repository-refused");
      assert.match(stranger.message, /certificate/);
      assert.equal((await known.probe(NEVER)).name, "main");
    } finally {
      await secure.close();
    }
  });
});

describe("a host of Git that answers with", () => {
  const codes: Readonly<Record<number, string>> = {
    403: "repository-refused",
    404: "repository-missing",
    429: "repository-unreachable",
    500: "repository-unreachable",
    503: "repository-unreachable",
  };

  for (const [status, code] of Object.entries(codes)) {
    it(`${status} is ${code}`, async () => {
      host.fault = Number(status);

      assert.equal((await refusalOf(await open({}))).code, code);
    });
  }
});

interface Refusal extends Error {
  readonly code: string;
}

async function refusalOf(repository: Repository): Promise<Refusal> {
  try {
    await repository.probe(NEVER);
  } catch (error) {
    return error as Refusal;
  }

  throw new Error("it was let in");
}
