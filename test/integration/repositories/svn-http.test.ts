/** Repositories of Subversion behind a real Apache. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import { CERTIFICATE, startGitHttp, type GitHttp } from "../../helpers/git-http.ts";
import { runChecked } from "../../helpers/run.ts";
import { skipSvnHttp, startSvnHttp, type SvnHttp } from "../../helpers/svn-http.ts";
import { createSvnOrigin, svnEnvironment, type SvnOrigin } from "../../helpers/svn-origin.ts";
import { skipSvn } from "../../helpers/svn-programs.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

describe("a repository of Subversion behind https", { skip: skipSvn || skipSvnHttp }, () => {
  let origin: SvnOrigin;
  /** Another host, which writes down who offers which password. */
  let stranger: GitHttp;
  let server: SvnHttp;
  let desk: Desk;

  const open = (url: string, changes: object = {}): Promise<Repository> =>
    desk.open(
      {
        kind: "svn",
        url,
        credentials: {
          username: "bob",
          passwordEnv: "SVN_PASSWORD",
          caFile: CERTIFICATE,
          ...changes,
        },
      },
      { env: { ...svnEnvironment(), SVN_PASSWORD: "s3cret", WRONG: "s3cret-but-wrong" } },
    );

  before(async () => {
    origin = await createSvnOrigin();
    desk = await createDesk();
    await origin.commit({ "trunk/db/ä 1.sql": "1" });
    await runChecked("chmod", ["-R", "a+rwX", origin.path, `${origin.path}/..`]);
    stranger = await startGitHttp(origin.path);
    stranger.login = "bob:other";
    const moveTo = new URL(stranger.url).origin;
    server = await startSvnHttp({ origin, login: "bob:s3cret", moveTo });
  });
  after(async () => {
    await server.close();
    await stranger.close();
    await origin.close();
    await desk.close();
  });

  it("is followed", async () => {
    const repository = await open(`${server.url}/trunk`);
    const deployed = await look(repository);
    await origin.commit({ "trunk/db/2.sql": "2" });
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.deepEqual(await desk.export(repository, "2"), { "db/2.sql": "2", "db/ä 1.sql": "1" });
  });

  it("lets nobody in with another password", async () => {
    const repository = await open(server.url, { passwordEnv: "WRONG" });

    await assert.rejects(repository.probe(NEVER), { code: "repository-refused" });
  });

  it("is not trusted without its certificate", async () => {
    const repository = await open(server.url, { caFile: undefined });

    await assert.rejects(repository.probe(NEVER), {
      code: "repository-refused",
      message: /E230001/,
    });
  });

  it("is not there", async () => {
    await assert.rejects((await open(`${server.url}x/trunk`)).probe(NEVER), {
      code: "repository-missing",
    });
    await assert.rejects((await open(`${server.url}/branches/1`)).probe(NEVER), {
      code: "path-missing",
      message: "the path /branches/1 is not in the repository",
    });
  });

  it("has moved, and nobody at the new address learns the password", async () => {
    await assert.rejects((await open(server.movedUrl)).probe(NEVER), {
      code: "repository-missing",
      message: /has moved: Redirecting to URL/,
    });
    assert.deepEqual(stranger.offered, []);
  });
});
