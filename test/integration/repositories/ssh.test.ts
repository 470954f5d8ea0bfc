/** Repositories behind a real sshd. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import type { Credentials } from "../../../src/repositories/settings.ts";
import { createGitOrigin, type GitOrigin } from "../../helpers/git-origin.ts";
import { skipSsh, startSsh, type SshServer } from "../../helpers/ssh-server.ts";
import { createSvnOrigin, svnEnvironment, type SvnOrigin } from "../../helpers/svn-origin.ts";
import { skipSvn, svnProgramsFor } from "../../helpers/svn-programs.ts";
import { runChecked } from "../../helpers/run.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

let server: SshServer;
let desk: Desk;

const credentials = (changes: Credentials = {}): Credentials => ({
  sshKeyFile: server.key,
  knownHostsFile: server.knownHosts,
  ...changes,
});

describe("a repository of Git behind ssh", { skip: skipSsh }, () => {
  let origin: GitOrigin;

  const open = (changes?: Credentials): Promise<Repository> =>
    desk.open({
      kind: "git",
      url: `ssh://${server.login}@127.0.0.1:${server.port}${origin.path}`,
      credentials: credentials(changes),
    });

  before(async () => {
    origin = await createGitOrigin();
    await origin.commit({ "1.sql": "1" });
    await letRead(origin.path);
    server = await startSsh();
  });
  after(async () => {
    await server.close();
    await origin.close();
  });
  beforeEach(async () => {
    desk = await createDesk();
  });
  afterEach(() => desk.close());

  it("is followed", async () => {
    const repository = await open();
    const { revision } = await look(repository);

    assert.deepEqual(await desk.export(repository, revision.id), { "1.sql": "1" });
  });

  it("lets nobody in with another key", async () => {
    const repository = await open({ sshKeyFile: server.strangeKey });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-refused",
      message: /Permission denied \(publickey\)/,
    });
  });

  it("is not trusted when its host has another key than the known one", async () => {
    const repository = await open({ knownHostsFile: server.wrongHosts });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-refused",
      message: /HOST IDENTIFICATION HAS CHANGED/,
    });
  });

  it("is not trusted when its host is not known", async () => {
    const repository = await open({ knownHostsFile: "/dev/null" });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-refused",
      message: /Host key verification failed/,
    });
  });

  it("is not there", async () => {
    const repository = await desk.open({
      kind: "git",
      url: `ssh://${server.login}@127.0.0.1:${server.port}${origin.path}-not`,
      credentials: credentials(),
    });

    await assert.rejects(repository.probe(NEVER), { code: "repository-missing" });
  });
});

describe("a repository of Subversion behind ssh", { skip: skipSsh || skipSvn }, () => {
  let origin: SvnOrigin;

  const open = (changes?: Credentials): Promise<Repository> =>
    desk.open(
      {
        kind: "svn",
        url: `svn+ssh://${server.login}@127.0.0.1:${server.port}${origin.path}`,
        credentials: credentials(changes),
      },
      { env: svnEnvironment() },
    );

  before(async () => {
    origin = await createSvnOrigin();
    await origin.commit({ "1.sql": "1" });
    await letRead(origin.path);
    server = await startSsh(svnProgramsFor);
    desk = await createDesk();
  });
  after(async () => {
    await server.close();
    await origin.close();
    await desk.close();
  });

  it("is followed", async () => {
    const repository = await open();
    const { revision } = await look(repository);

    assert.deepEqual(await desk.export(repository, revision.id), { "1.sql": "1" });
  });

  it("lets nobody in with another key", async () => {
    const repository = await open({ sshKeyFile: server.strangeKey });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-refused",
      message: /Permission denied \(publickey\)/,
    });
  });

  it("is not trusted when its host is not known", async () => {
    const repository = await open({ knownHostsFile: "/dev/null" });

    await assert.rejects(repository.probe(NEVER), { code: "repository-refused" });
  });
});

/** sshd may run as another user than the tests. */
async function letRead(path: string): Promise<void> {
  await runChecked("chmod", ["-R", "a+rwX", dirname(path)]);
}
