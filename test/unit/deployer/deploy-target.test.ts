import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bundleOf } from "./bundles.ts";
import { deployScripted, EMPTY_HISTORY, serverError, type Answer } from "./scripted-connection.ts";

const bundle = bundleOf({ id: "1", sql: ["SELECT 1;"] });

/** The history is empty, and the transaction fails with these errors, one after the other. */
function failing(...errors: readonly Error[]): Answer {
  const left = [...errors];

  return (sql) => {
    if (sql.startsWith("SELECT rowgate_versions")) {
      throw EMPTY_HISTORY;
    }
    const error = sql.startsWith("BEGIN") ? left.shift() : undefined;

    if (error !== undefined) {
      throw error;
    }
    return undefined;
  };
}

/** The same error again and again. */
const always = (error: Error): readonly Error[] => Array.from({ length: 1000 }, () => error);

const busy = serverError("RG002", "rowgate: another deployment holds the lock", "pid 7");
const blocked = serverError("55P03", "canceling statement due to lock timeout");
const changed = serverError("RG006", "rowgate: the history has changed");

describe("deployTarget", () => {
  it("sends the blocks and COMMIT as two messages after one for the history", async () => {
    const { sent, report } = await deployScripted(bundle, failing());

    assert.deepEqual(sent, ["SELECT json_agg(h", "BEGIN ISOLATION", "COMMIT"]);
    assert.deepEqual(report.pending, []);
  });

  it("asks once and sends nothing else when nothing is pending", async () => {
    const { sent, report } = await deployScripted(bundleOf(), failing());

    assert.deepEqual(sent, ["SELECT json_agg(h"]);
    assert.equal(report.outcome, "up-to-date");
  });

  it("polls a busy lock at random moments, names each holder once, and gives up in time", async () => {
    const other = serverError("RG002", "rowgate: another deployment holds the lock", "pid 8");
    const { report, events, waits } = await deployScripted(
      bundle,
      failing(busy, busy, ...always(other)),
      { lockWaitMs: 3000 },
    );

    assert.deepEqual(waits, [600, 600, 600, 600, 600]);
    assert.deepEqual(
      events.flatMap((event) => (event.event === "waiting" ? event.holder : [])),
      ["pid 7", "pid 8"],
    );
    assert.equal(report.error?.message, "another deployment is at work: pid 8; gave up after 3 s");
  });

  it("gives up at once when it must not wait", async () => {
    const { report, waits } = await deployScripted(bundle, failing(busy), { lockWaitMs: 0 });

    assert.equal(report.error?.code, "lock-busy");
    assert.deepEqual(waits, []);
  });

  it("tries a transaction again after longer and longer waits", async () => {
    const { report, waits } = await deployScripted(bundle, failing(...always(blocked)), {
      lockWaitMs: 30_000,
      random: 1,
    });

    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 4500]);
    assert.equal(report.error?.code, "lock-timeout");
  });

  for (const sqlState of ["55P03", "40P01", "40001"]) {
    it(`rolls back and begins anew after ${sqlState}`, async () => {
      const { report, sent, events } = await deployScripted(
        bundle,
        failing(serverError(sqlState, "no luck")),
      );

      assert.equal(report.error, undefined);
      assert.deepEqual(sent.slice(1), [
        "BEGIN ISOLATION",
        "ROLLBACK",
        "SELECT DISTINCT",
        "BEGIN ISOLATION",
        "COMMIT",
      ]);
      assert.deepEqual(
        events.map(({ event }) => event),
        ["connected", "retrying"],
      );
    });
  }

  it("reads the history again when it has changed, and in the end takes that for a fault", async () => {
    const once = await deployScripted(bundle, failing(changed));
    const forever = await deployScripted(bundle, failing(...always(changed)));

    assert.equal(once.report.error, undefined);
    assert.equal(once.sent.filter((text) => text.startsWith("SELECT")).length, 2);
    assert.equal(forever.report.error?.message, "the history has changed");
    assert.equal(forever.sent.filter((text) => text.startsWith("BEGIN")).length, 6);
  });

  it("does without the watch for lost clients where the server cannot have it", async () => {
    const texts: string[] = [];
    const unknown = serverError("22023", "invalid value for client_connection_check_interval");
    const answer = failing(unknown);
    const { report } = await deployScripted(bundle, (sql) => {
      texts.push(sql);
      return answer(sql);
    });
    const watched = texts
      .filter((sql) => sql.startsWith("BEGIN"))
      .map((sql) => sql.includes("client_connection_check_interval"));

    assert.equal(report.error, undefined);
    assert.deepEqual(watched, [true, false]);
  });

  it("tells the first error although it could not be logged", async () => {
    const answer = failing(serverError("22012", "division by zero"));
    const { report, sent } = await deployScripted(bundle, (sql) => {
      if (sql.startsWith("INSERT")) {
        throw serverError("42P01", "no log");
      }
      return answer(sql);
    });

    assert.equal(report.error?.message, "division by zero");
    assert.equal(sent.at(-1), "INSERT INTO");
  });

  it("takes a statement that ran too long for a failure, not for a cancellation", async () => {
    const slow = serverError("57014", "canceling statement due to statement timeout");
    const { report } = await deployScripted(bundle, failing(slow));

    assert.equal(report.error?.code, "sql-failed");
    assert.match(report.error?.hint ?? "", /`-- rowgate: statement-timeout 10min`/);
  });

  it("lets a bug through", async () => {
    const bug = new TypeError("a bug");

    await assert.rejects(deployScripted(bundle, failing(bug)), bug);
  });

  it("closes the connection after a failure", async () => {
    const { isClosed } = await deployScripted(bundle, failing(serverError("22012", "no")));

    assert.equal(isClosed, true);
  });

  it("does not repeat the receipts of Rowgate's own SQL", async () => {
    const { events } = await deployScripted(bundle, failing());

    assert.ok(events.every(({ event }) => event !== "notice"));
  });
});
