/** What a repository of Subversion says of its revisions. */
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, it } from "node:test";
import type { Repository } from "../../../src/domain/repository.ts";
import { skipSvn } from "../../helpers/svn-programs.ts";
import {
  createSvnOrigin,
  startSvnserve,
  svnEnvironment,
  type SvnOrigin,
  type SvnServer,
} from "../../helpers/svn-origin.ts";
import { createDesk, look, NEVER, type Desk } from "./setup.ts";

let origin: SvnOrigin;
let server: SvnServer;
let desk: Desk;

const open = (path = "trunk/db"): Promise<Repository> =>
  desk.open(
    {
      kind: "svn",
      url: server.url,
      path,
      credentials: { username: "bob", passwordEnv: "SVN_PASSWORD" },
    },
    { env: { ...svnEnvironment(), SVN_PASSWORD: "s3cret" } },
  );

const start = async (): Promise<void> => {
  origin = await createSvnOrigin();
  server = await startSvnserve(origin, "bob = s3cret");
  desk = await createDesk();
  await origin.commit({ "trunk/db/1.sql": "1", "trunk/app/x": "x" }, "first");
};
const end = async (): Promise<void> => {
  await server.close();
  await origin.close();
  await desk.close();
};

describe("a revision of Subversion", { skip: skipSvn }, () => {
  beforeEach(start);
  afterEach(end);

  it("is the first", async () => {
    await origin.commit({ "trunk/db/2.sql": "2" }, "Größer als <b>&amp;\n\nThe rest.");
    await origin.setDate(2, "2026-01-02T03:04:05.678901Z");
    const fetched = await look(await open());

    assert.deepEqual(fetched.revision, {
      id: "2",
      at: "2026-01-02T03:04:05.678Z",
      author: "ann",
      subject: "Größer als <b>&amp;",
    });
    assert.deepEqual(fetched.since, [fetched.revision]);
    assert.equal(fetched.relation, "first");
  });

  it("stays when something beside the path changes", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.commit({ "trunk/app/x": "y" });

    assert.deepEqual(await repository.probe(NEVER), { revision: "1", name: "r1" });
    assert.equal((await look(repository, deployed)).relation, "same");
  });

  it("goes forward over several, which are all told", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.commit({ "trunk/db/2.sql": "2" }, "second");
    await origin.commit({ "trunk/app/x": "z" }, "beside");
    await origin.commit({ "trunk/db/2.sql": "3" }, "third");
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.equal(fetched.base, "1");
    assert.notEqual(fetched.content, deployed.content);
    assert.deepEqual(
      fetched.since.map(({ id, subject }) => `${id} ${subject}`),
      ["2 second", "4 third"],
    );
    assert.deepEqual(await desk.export(repository, "4"), { "1.sql": "1", "2.sql": "3" });
    assert.deepEqual(await desk.export(repository, "1"), { "1.sql": "1" });
  });

  it("has the same content when only properties of a folder change", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.edit(["propset", "svn:ignore", "x", "trunk/db"]);
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.equal(fetched.content, deployed.content);
  });

  it("is where a folder around the path was moved, although it changed last before", async () => {
    await origin.edit(["mv", "trunk", "main"]);
    const repository = await open("main/db");
    const fetched = await look(repository);

    assert.equal(fetched.revision.id, "2");
    assert.deepEqual(await desk.export(repository, "2"), { "1.sql": "1" });
  });

  it("is not there any more where the path was moved, and the error tells where to", async () => {
    const repository = await open();
    await repository.probe(NEVER);
    await origin.edit(["mv", "trunk", "main"]);
    await assert.rejects(repository.probe(NEVER), {
      code: "path-missing",
      message: "the path /trunk/db is not in the repository: revision 2 moved it to /main/db",
    });
    await origin.edit(["mv", "main", "trunk"]);

    assert.equal((await repository.probe(NEVER)).revision, "3");
  });

  it("is not there any more where the path was removed", async () => {
    const repository = await open();
    await origin.edit(["rm", "trunk/db"]);

    await assert.rejects(repository.probe(NEVER), {
      code: "path-missing",
      message: "the path /trunk/db is not in the repository: revision 2 removed it",
    });
    assert.deepEqual(await desk.export(repository, "1"), { "1.sql": "1" });
  });

  it("was never there", async () => {
    await assert.rejects((await open("branches/x y@2")).probe(NEVER), {
      code: "path-missing",
      message: "the path /branches/x y@2 is not in the repository",
    });
  });

  it("is unrelated after the path was removed and made anew", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.edit(["rm", "trunk/db"]);
    await origin.edit(["mkdir", "trunk/db"]);

    assert.equal((await look(repository, deployed)).relation, "unrelated");
  });

  it("goes forward after the path was removed and brought back from its history", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.edit(["rm", "trunk/db"]);
    await origin.edit(["cp", "1", "trunk/db", "trunk/db"]);
    const fetched = await look(repository, deployed);

    assert.equal(fetched.relation, "forward");
    assert.equal(fetched.content, deployed.content);
  });

  it("is rewritten in a repository that was restored from an older copy", async () => {
    const dump = await origin.admin(["dump", "--quiet"]);
    await origin.commit({ "trunk/db/2.sql": "2" });
    const repository = await open();
    const deployed = await look(repository);
    await restore(dump);
    const older = await look(repository, deployed);
    await origin.commit({ "trunk/db/2.sql": "other" });
    const same = await look(repository, deployed);
    await origin.commit({ "trunk/db/2.sql": "more" });
    const newer = await look(repository, deployed);

    assert.equal(deployed.revision.id, "2");
    assert.deepEqual(
      [older, same, newer].map(({ revision, relation }) => `${revision.id} ${relation}`),
      ["1 rewritten", "2 rewritten", "3 rewritten"],
    );
    assert.notEqual(same.content, deployed.content);
  });

  it("is rewritten where the restored repository has that number elsewhere", async () => {
    const dump = await origin.admin(["dump", "--quiet"]);
    await origin.commit({ "trunk/db/2.sql": "2" });
    const repository = await open();
    const deployed = await look(repository);
    await restore(dump);
    await origin.commit({ "trunk/app/x": "other" });
    await origin.commit({ "trunk/db/2.sql": "2" });

    assert.equal((await look(repository, deployed)).relation, "rewritten");
  });

  it("is rewritten when its time was changed", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.setDate(1, "2020-01-01T00:00:00.000000Z");

    assert.equal((await look(repository, deployed)).relation, "rewritten");
  });

  it("is unrelated in another repository", async () => {
    const repository = await open();
    const deployed = await look(repository);
    await origin.admin(["setuuid"]);
    await origin.commit({ "trunk/db/2.sql": "2" });

    assert.equal((await look(repository, deployed)).relation, "unrelated");
  });

  it("is unrelated to a commit of Git", async () => {
    const deployed = { revision: "0123456789".repeat(4), identity: "" };

    assert.equal((await look(await open(), deployed)).relation, "unrelated");
  });

  it("is gone between question and fetch", async () => {
    const repository = await open();

    await assert.rejects(repository.fetch({ revision: "7", name: "r7" }, undefined, NEVER), {
      code: "repository-unreachable",
      message: `the revision 7 of ${server.url}/trunk/db is not there any more`,
    });
  });
});

describe("a repository of Subversion", { skip: skipSvn }, () => {
  before(async () => {
    origin = await createSvnOrigin();
    desk = await createDesk();
  });
  after(async () => {
    await origin.close();
    await desk.close();
  });

  it("has nothing to deploy while it is empty", async () => {
    const repository = await desk.open({ kind: "svn", url: origin.url }, { env: svnEnvironment() });

    await assert.rejects(repository.probe(NEVER), {
      code: "path-missing",
      message: `the repository ${origin.url} has no revision yet`,
    });
  });

  it("is followed from its root, and from a file", async () => {
    await origin.commit({ "db/1.sql": "1", "db/ä @1.sql": "2" });
    const settings = { kind: "svn", url: origin.url } as const;
    const env = svnEnvironment();
    const whole = await desk.open(settings, { env });
    const file = await desk.open({ ...settings, path: "db/ä @1.sql" }, { env });

    assert.deepEqual(Object.keys(await desk.export(whole, (await look(whole)).revision.id)), [
      "db/1.sql",
      "db/ä @1.sql",
    ]);
    assert.deepEqual(await desk.export(file, (await look(file)).revision.id), { "ä @1.sql": "2" });
  });
});

/** Makes the repository what it was when it was dumped, with its UUID. */
async function restore(dump: string): Promise<void> {
  const copy = await createSvnOrigin();

  try {
    await copy.admin(["load", "--quiet", "--force-uuid"], dump);
    await origin.replaceBy(copy);
  } finally {
    await copy.close();
  }
}
