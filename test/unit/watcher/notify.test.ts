import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { WatchEvent } from "../../../src/domain/watch.ts";
import { type Channel, program, slack, webhook } from "../../../src/watcher/notify/channels.ts";
import { withNotices } from "../../../src/watcher/notify/notices.ts";
import {
  flushNotices,
  type NotifierWorld,
  putNotices,
} from "../../../src/watcher/notify/notifier.ts";
import { Outbox } from "../../../src/watcher/notify/outbox.ts";
import { type Draft, newRecord, type SourceRecord } from "../../../src/watcher/record.ts";
import { ScriptedClock } from "./scripted-world.ts";
import { AT, settings } from "./samples.ts";

const NEVER = new AbortController().signal;

function draft(code: string, data: WatchEvent["data"] = {}): Draft {
  return { code, level: "info", message: "it is so", data: { revision: "r1", ...data } };
}

function event(sequence: number, notify: string, more: WatchEvent["data"] = {}): WatchEvent {
  const data = { notify, revision: "r1", ...more };
  return { sequence, at: AT, source: "shop", code: "x", level: "info", message: "it is so", data };
}

/** What kind of notification each event is, and the record that remembers it. */
function kindsOf(
  record: SourceRecord,
  ...drafts: readonly Draft[]
): { readonly record: SourceRecord; readonly kinds: readonly unknown[] } {
  const change = withNotices({ record, events: drafts }, AT);
  return { record: change.record, kinds: change.events.map(({ data }) => data["notify"]) };
}

describe("what people are told of", () => {
  it("is the end of a revision, what a person must do, and that it is over", () => {
    const { kinds } = kindsOf(
      newRecord(settings()),
      draft("probe.changed"),
      draft("candidate.deployed"),
      draft("candidate.failed", { reason: "sql-failed" }),
      draft("hold.set", { reason: "block-edited" }),
      draft("gate.waiting", { reason: "approval" }),
      draft("gate.waiting", { reason: "window" }),
      draft("hold.cleared"),
    );
    assert.deepEqual(kinds, [
      undefined,
      "deployed",
      "failed",
      "held",
      "approval",
      undefined,
      "recovered",
    ]);
  });

  it("is said once, also after a restart", () => {
    const held = draft("hold.set", { reason: "block-edited" });
    const first = kindsOf(newRecord(settings()), held, held);
    assert.deepEqual(first.kinds, ["held", undefined]);
    assert.deepEqual(kindsOf(first.record, held).kinds, [undefined]);
    assert.deepEqual(kindsOf(first.record, draft("hold.set", { reason: "login-refused" })).kinds, [
      "held",
    ]);
  });

  it("is not what ends by itself soon", () => {
    const down = draft("hold.set", { reason: "database-unreachable" });
    assert.deepEqual(kindsOf(newRecord(settings()), down, draft("hold.cleared")).kinds, [
      undefined,
      undefined,
    ]);
  });
});

describe("notifications", () => {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  let server: Server;
  let status = 200;
  let url: string;
  let directory: string;
  let world: NotifierWorld;
  const log: WatchEvent[] = [];

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (text: Buffer) => (body += text.toString()));
      request.on("end", () => {
        got.push({ headers: request.headers, body });
        response.writeHead(status).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`;
  });
  after(() => server.close());

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "rowgate-outbox-"));
    got.length = 0;
    log.length = 0;
    status = 200;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const use = (...channels: readonly Channel[]): void => {
    world = {
      outbox: new Outbox(join(directory, "outbox")),
      channels,
      clock: new ScriptedClock(),
      log: (each) => log.push(each),
      redact: (text) => text.replaceAll("secret-9", "***"),
    };
  };

  it("go to a webhook in their order, signed, each with an id of its own", async () => {
    const kinds = ["held", "failed"] as const;
    use(webhook({ key: "k", kinds, url: async () => url }, async () => "s3cret"));
    await putNotices([event(2, "held"), event(10, "failed"), event(11, "deployed")], world);
    await putNotices([event(2, "held")], world);
    await flushNotices(world, NEVER);

    const bodies = got.map(({ body }) => JSON.parse(body));
    assert.deepEqual(
      bodies.map((each) => each.event),
      ["held", "failed"],
    );
    for (const { headers, body } of got) {
      const time = String(headers["x-rowgate-timestamp"]);
      const hmac = createHmac("sha256", "s3cret").update(`${time}.${body}`).digest("hex");
      assert.equal(headers["x-rowgate-signature"], `sha256=${hmac}`);
      assert.equal(headers["x-rowgate-delivery"], JSON.parse(body).id);
    }
    assert.notEqual(bodies[0].id, bodies[1].id);
  });

  it("go to a chat as one text, with the command that ends it", async () => {
    use(slack({ key: "k", kinds: ["held"], url: async () => url }));
    await putNotices([event(1, "held", { environment: "prod", command: "do it" })], world);
    await flushNotices(world, NEVER);
    assert.deepEqual(JSON.parse(got[0]?.body ?? ""), {
      text: "[held] shop prod: it is so\nto end it: do it",
    });
  });

  it("go to a program, on its input and in its environment", async () => {
    const file = join(directory, "said");
    const script = `cat > ${file}; echo "$ROWGATE_EVENT $ROWGATE_SOURCE $ROWGATE_REVISION" >> ${file}`;
    use(program({ key: "k", kinds: ["deployed"] }, ["sh", "-c", script], process.env));
    await putNotices([event(1, "deployed")], world);
    await flushNotices(world, NEVER);
    const said = await readFile(file, "utf8");
    assert.match(said, /^\{"id":"[0-9a-f]{32}","event":"deployed".*\}deployed shop r1\n$/);
  });

  it("wait until they are taken, and are not doubled", async () => {
    use(webhook({ key: "k", kinds: ["held"], url: async () => url }, undefined));
    await putNotices([event(1, "held"), event(2, "held")], world);
    status = 500;
    await flushNotices(world, NEVER);
    assert.equal(got.length, 1);
    assert.equal(log[0]?.code, "notify.failed");
    status = 204;
    await flushNotices(world, NEVER);
    await flushNotices(world, NEVER);
    assert.deepEqual(
      got.map(({ headers }) => headers["x-rowgate-delivery"]),
      [got[0], got[0], got[2]].map((each) => each?.headers["x-rowgate-delivery"]),
    );
    assert.equal(got.length, 3);
  });

  it("are old news after a day, and their failures tell no secret", async () => {
    const kinds = ["held"] as const;
    use(webhook({ key: "k", kinds, url: async () => "http://user:secret-9@[" }, undefined));
    await putNotices([{ ...event(1, "held"), at: "2026-11-24T00:00:00.000Z" }], world);
    await flushNotices(world, NEVER);
    assert.equal(log[0]?.code, "notify.dropped");
    assert.doesNotMatch(JSON.stringify(log), /secret-9/);
    assert.equal(await world.outbox.first("k"), undefined);
  });
});
