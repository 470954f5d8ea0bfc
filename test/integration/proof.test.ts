/** Proving sources on scratch databases, on every engine. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Proof, ProofName } from "../../src/domain/proof.ts";
import { prove, type ProveOptions } from "../../src/rowgate-test/prove.ts";
import type { Bundle } from "../../src/domain/bundle.ts";
import { RowgateError } from "../../src/domain/errors.ts";
import { accessTo } from "./deployer-setup.ts";
import { textsFor } from "./deployer-texts.ts";
import { describeTrees, TABLES } from "./trees-setup.ts";

const GOOD = {
  "0001_a.sql": "CREATE TABLE a (x int);\n\n-- rowgate: undo\nDROP TABLE a;\n",
  "0002_rows.sql": "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n",
  "undo/0002_rows.sql": "DELETE FROM a;\n",
  "verify/0002_rows.sql": "SELECT count(*) = 2 FROM a;\n",
  "0003_b.sql": "CREATE TABLE b (y int);\nCREATE INDEX b_y ON b (y);\n",
  "undo/3.sql": "DROP TABLE b;\n",
  "functions/one.sql": "",
};

const statesOf = ({ steps }: Proof): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, state }) => [name, state]));

const summaryOf = ({ steps }: Proof, name: ProofName): string =>
  steps.find((step) => step.name === name)?.summary ?? "";

describeTrees("a proof", (given) => {
  const { engine, isLedger, bundleOf } = given;
  const isEmbedded = engine.kind === "pglite";

  const proofOf = async (bundle: Bundle, options: ProveOptions = {}): Promise<Proof> => {
    const before = await scratches();
    const proof = await prove(bundle, {
      on: isEmbedded ? undefined : accessTo(given.db).target,
      ...options,
    });
    assert.deepEqual(await scratches(), before);
    return proof;
  };
  const scratches = async (): Promise<readonly string[]> => {
    const rows = await given.db.query(
      isLedger
        ? "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA"
        : "SELECT datname AS name FROM pg_database",
    );
    return rows.map(({ name }) => String(name)).filter((name) => name.startsWith("rowgate_test_"));
  };

  it("of a good source proves every step, and says so with figures", async () => {
    const proof = await proofOf(
      await bundleOf({
        ...GOOD,
        "functions/one.sql": isLedger
          ? "CREATE OR REPLACE VIEW one AS SELECT 1 AS one;\n"
          : "CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
      }),
    );

    assert.deepEqual(statesOf(proof), {
      apply: "proved",
      verify: "proved",
      again: "proved",
      "on-change": "proved",
      undo: "proved",
      cut: "proved",
    });
    assert.equal(summaryOf(proof, "apply"), "4 blocks with 6 statements applied from nothing");
    assert.match(summaryOf(proof, "verify"), /^1 assertion held, .*; 3 blocks without any$/);
    assert.match(summaryOf(proof, "undo"), /^3 blocks taken back and applied again/);
    assert.match(summaryOf(proof, "cut"), /^behind each of 6 statements/);
    assert.match(proof.server, /^(?:PostgreSQL \d+(?: \(PGlite\))?|MariaDB 10\.11|MySQL 9\.\d+)$/);
  });

  it("disproves a source that does not apply, and says where", async () => {
    const proof = await proofOf(
      await bundleOf({ ...TABLES, "0003_b.sql": "SELECT 1;\nINSERT INTO nope VALUES (1);\n" }),
    );

    const [apply, ...others] = proof.steps;
    assert.equal(apply?.state, "disproved");
    assert.equal(apply.error?.at?.path, "0003_b.sql");
    assert.equal(apply.error.at.line, 2);
    assert.ok(others.every(({ state }) => state === "open"));
  });

  it("disproves an on-change block that adds something each time", async () => {
    const proof = await proofOf(
      await bundleOf({ ...TABLES, "views/more.sql": "INSERT INTO a VALUES (7);\n" }),
    );

    const step = proof.steps.find(({ name }) => name === "on-change");
    assert.equal(step?.state, "disproved");
    assert.equal(step.details.length, 2);
    assert.match(step.details.join("\n"), /^[-+] rows of .*a.*: [34]\n[-+] rows of .*a.*: [34]$/);
    assert.equal(statesOf(proof)["undo"], "open");
  });

  it("disproves an undo text that takes nothing back where the way forward does not mind", async () => {
    const proof = await proofOf(
      await bundleOf({
        "0001_a.sql": "CREATE TABLE IF NOT EXISTS a (x int);\n\n-- rowgate: undo\nSELECT 1;\n",
      }),
    );

    const step = proof.steps.find(({ name }) => name === "undo");
    assert.equal(step?.state, "disproved");
    assert.match(step.summary, /not as if it had never been applied/);
    assert.match(step.details.join(), /\ba\b/);
  });

  it("disproves an undo text that does not go all the way back", async () => {
    const proof = await proofOf(
      await bundleOf({
        ...TABLES,
        "0003_b.sql": "CREATE TABLE b (y int);\n",
        "undo/3.sql": "SELECT 1;\n",
      }),
    );

    const step = proof.steps.find(({ name }) => name === "undo");
    assert.equal(step?.state, "disproved");
    assert.equal(step.error?.at?.path, "0003_b.sql");
  });

  it("leaves open what has no undo text, and names it", async () => {
    const proof = await proofOf(
      await bundleOf({
        ...TABLES,
        "0003_b.sql": "CREATE TABLE b (y int);\n",
        "undo/3.sql": "DROP TABLE b;\n",
      }),
    );

    const step = proof.steps.find(({ name }) => name === "undo");
    assert.equal(step?.state, "open");
    assert.match(
      step.summary,
      /^1 block taken back and applied again.*2 blocks have no undo text$/,
    );
    assert.match(step.details.join("\n"), /block 2 .*\n.*block 1 /);
  });

  it("breaks off behind so many statements as are asked for", async () => {
    const proof = await proofOf(await bundleOf(GOOD_WITHOUT_ROUTINE), { cuts: 2 });

    assert.match(summaryOf(proof, "cut"), /^behind 2 of 5 statements the deployment/);
  });

  it("names the cut behind which the deployment comes to another catalog", async () => {
    const once = isLedger
      ? "INSERT INTO s VALUES (CONNECTION_ID());\nCREATE TABLE c (x int);\nINSERT INTO a SELECT 1 FROM s WHERE x = CONNECTION_ID();\n"
      : "INSERT INTO a SELECT 1 WHERE nextval('s') = 1;\nSELECT 1;\n";
    const proof = await proofOf(
      await bundleOf({
        "0001_a.sql": `CREATE TABLE a (x int);\n${isLedger ? "CREATE TABLE s (x int)" : "CREATE SEQUENCE s"};\n`,
        "0002_once.sql": once,
        "0003_b.sql": "CREATE TABLE b (y int);\n",
      }),
    );

    const step = proof.steps.find(({ name }) => name === "cut");
    assert.equal(step?.state, "disproved");
    assert.match(step.summary, /^broken off behind 0002_once\.sql:[12]:1 .*to another catalog$/);
    assert.deepEqual(step.details.map((line) => line.replace(/rows of .*:/u, "rows:")).toSorted(), [
      "+ rows: 0",
      "- rows: 1",
    ]);
  });

  it("disproves a source whose assertion does not hold behind its block", async () => {
    const proof = await proofOf(
      await bundleOf({ ...TABLES, "verify/0002_rows.sql": "SELECT count(*) = 3 FROM a;\n" }),
    );

    const [apply] = proof.steps;
    assert.equal(apply?.state, "disproved");
    assert.equal(apply.error?.code, "verify-failed");
    assert.equal(apply.error.at?.path, "verify/0002_rows.sql");
  });

  // An embedded database is the user's own.
  if (!isEmbedded) {
    it("says so where the user may not make databases", async () => {
      const texts = textsFor(engine);
      const url = new URL(given.db.url);
      url.username = `reader_${given.db.name.slice(-20)}`;
      url.password = "secret";
      await given.db.query("CREATE TABLE versions (x int)");
      await given.db.query(texts.createReader(url.username));

      const error: unknown = await prove(await bundleOf(TABLES), {
        on: accessTo(given.db, { url: url.href }).target,
      }).catch((caught: unknown) => caught);
      await given.db.query(texts.dropReader(url.username));

      assert.ok(error instanceof RowgateError);
      assert.equal(error.code, "permission-denied");
      assert.match(error.message, /^no scratch database can be made on /);
      assert.match(error.hint ?? "", /right to create databases/);
    });
  }

  it("drops its databases when it is cancelled", async () => {
    const stop = new AbortController();
    const before = await scratches();

    await assert.rejects(
      prove(await bundleOf(TABLES), {
        on: isEmbedded ? undefined : accessTo(given.db).target,
        signal: stop.signal,
        onProgress: (text) => {
          if (text.startsWith("cut behind 0002")) {
            stop.abort();
          }
        },
      }),
      { code: "cancelled" },
    );
    assert.deepEqual(await scratches(), before);
  });

  if (!isLedger) {
    it("breaks off outside of transactions between a statement and what is written of it", async () => {
      const index =
        "-- rowgate: no-transaction\nCREATE INDEX CONCURRENTLY a_x ON a (x);\nVACUUM a;\n";
      const proof = await proofOf(await bundleOf({ ...TABLES, "0003_index.sql": index }));
      assert.equal(statesOf(proof)["cut"], "proved");
      assert.match(summaryOf(proof, "cut"), /; 2 of them outside of a transaction, /);

      const doubtful = "-- rowgate: no-transaction\nSELECT 1;\nINSERT INTO a VALUES (3);\n";
      const broken = await proofOf(await bundleOf({ ...TABLES, "0003_more.sql": doubtful }));
      const step = broken.steps.find(({ name }) => name === "cut");
      assert.equal(step?.state, "disproved");
      assert.match(step.summary, /^broken off behind 0003_more\.sql:\d+:1 .*cannot go on/);
      assert.equal(step.error?.code, "block-unfinished");
    });
  }
});

const { "functions/one.sql": _, ...GOOD_WITHOUT_ROUTINE } = GOOD;
