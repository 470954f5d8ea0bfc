/** The watcher over HTTP. */
import { createAdaptorServer } from "@hono/node-server";
import { once } from "node:events";
import { Server } from "node:http";
import { RowgateError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import type { WatchView } from "../domain/watch.ts";
import { createAccess } from "./access.ts";
import { createApp } from "./app.ts";
import { createMetrics } from "./metrics.ts";
import { readAssets } from "./page/assets.ts";
import { createRateLimit } from "./rate-limit.ts";
import { redactedView } from "./redacted-view.ts";
import type { ServeSettings } from "./settings.ts";

export interface WatchServer {
  /** Such as `http://127.0.0.1:8420`. */
  readonly address: string;
  /** Ends every connection. Never throws. */
  close(): Promise<void>;
}

/** Wrong tokens from one address. */
const GUESSES_PER_MINUTE = 10;

/**
 * Shows the watcher to whoever comes, and lets those change something who know the token.
 *
 * @throws RowgateError `usage-invalid`, when the address cannot be listened at.
 */
export async function serveWatch(view: WatchView, settings: ServeSettings): Promise<WatchServer> {
  const secrets = secretsOf(settings);
  const clean = (text: string): string => redactSecrets(text, secrets);
  const cleanView = redactedView(view, clean);
  const closing = new AbortController();
  const [metrics, assets] = await Promise.all([
    createMetrics(cleanView, { version: settings.version, now: Date.now }),
    readAssets(),
  ]);
  const app = createApp(
    {
      view: cleanView,
      settings,
      access: createAccess(settings.token),
      metrics,
      guesses: createRateLimit({ perMinute: GUESSES_PER_MINUTE, now: () => performance.now() }),
      note: (note) => settings.onNote?.({ ...note, message: clean(note.message) }),
      clean,
      closing: closing.signal,
    },
    assets,
  );
  const server = createServer(app.fetch);

  try {
    const address = await listen(server, settings.listen);
    return {
      address,
      async close() {
        closing.abort();
        metrics.close();
        await stop(server);
      },
    };
  } catch (error) {
    metrics.close();
    throw error;
  }
}

/** Slow clients are cut off: they could keep as many connections as they like. */
function createServer(fetch: ReturnType<typeof createApp>["fetch"]): Server {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 },
  });
  if (!(server instanceof Server)) {
    throw new TypeError("it is a server of HTTP/1.1 that was asked for");
  }
  server.maxConnections = 1000;
  return server;
}

async function listen(server: Server, { host, port }: ServeSettings["listen"]): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RowgateError("usage-invalid", {
      message: `cannot listen at ${host}:${port}: ${reason}`,
      hint: "End what listens there, or choose another address in `watch.listen`.",
      cause,
    });
  }

  const bound = server.address();
  const real = typeof bound === "object" && bound !== null ? bound.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${real}`;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function secretsOf({ token, hooks }: ServeSettings): readonly string[] {
  return [token, ...[...hooks.values()].map(({ secret }) => secret)].flatMap((secret) =>
    secret === undefined ? [] : [secret.reveal()],
  );
}
