import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { event } from "../../unit/server/memory-view.ts";
import { upToDate } from "../../unit/server/sample.ts";
import { closeServers, startWatchServer, type TestServer } from "./setup.ts";

describe("the stream of events", () => {
  after(closeServers);

  it("goes on where the listener was", async () => {
    const source = upToDate();
    const server = await startWatchServer([source]);
    server.view.become([source], [event(1), event(2, { message: "a\r\nevent: forged" })]);
    const stream = await listen(server, { "last-event-id": "1" });

    assert.match(
      await stream.until("id: 2\n"),
      /^event: hello\n.*event: watch\ndata: \{"sequence":2/s,
    );
    assert.doesNotMatch(stream.text, /^event: forged/m);
    server.view.become([source], [event(3)]);
    assert.match(await stream.until("id: 3\n"), /data: \{"sequence":3/);
    server.view.become([source]);
    await stream.until("event: change\n");
    await stream.end();
  });

  it("begins with what is new, whatever the listener claims to have seen", async () => {
    const source = upToDate();
    for (const id of [undefined, "99999", "-1", "x"]) {
      const server = await startWatchServer([source]);
      server.view.become([source], [event(7)]);
      const stream = await listen(server, id === undefined ? {} : { "last-event-id": id });
      await stream.until("id: 7\n");
      server.view.become([source], [event(8)]);
      await stream.until("id: 8\n");
      assert.equal(stream.text.match(/event: watch/g)?.length, 1);
      await stream.end();
      await server.close();
    }
  });

  it("forgets a listener who has gone", async () => {
    const server = await startWatchServer([upToDate()]);
    const rest = server.view.listeners;
    const stream = await listen(server, {});
    await stream.until("event: hello");
    assert.equal(server.view.listeners, rest + 1);
    await stream.end();
    while (server.view.listeners > rest) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it("has room for so many listeners, and for others when they go", async () => {
    const server = await startWatchServer([upToDate()]);
    const streams = await Promise.all(Array.from({ length: 100 }, () => listen(server, {})));
    assert.equal((await server.fetch("/events")).status, 503);
    assert.equal((await server.fetch("/healthz")).status, 200);
    await Promise.all(streams.map((stream) => stream.end()));
    let status = 503;
    while (status === 503) {
      const again = await server.fetch("/events");
      ({ status } = again);
      await again.body?.cancel();
    }
    assert.equal(status, 200);
  });
});

interface Listener {
  /** All that has come. */
  readonly text: string;
  /** Waits until the text has come; returns all that has. */
  until(text: string): Promise<string>;
  end(): Promise<void>;
}

async function listen(
  server: TestServer,
  headers: Readonly<Record<string, string>>,
): Promise<Listener> {
  const response = await server.fetch("/events", { headers });
  assert.equal(response.status, 200);
  assert.ok(response.body);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";

  return {
    get text() {
      return text;
    },
    async until(expected) {
      while (!text.includes(expected)) {
        const { done, value } = await reader.read();
        assert.equal(done, false, `the stream has ended: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
    end: () => reader.cancel(),
  };
}
