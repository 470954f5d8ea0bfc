/** `GET /events`: each event as soon as it is kept (server-sent events). */
import { Hono } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { WatchView } from "../domain/watch.ts";
import { refuse, type Surroundings } from "./surroundings.ts";

/** So many may listen at the same time. */
const LISTENERS = 100;
/** Proxies close what is silent for long, and the server notices who has gone. */
const HEARTBEAT_MS = 15_000;

/**
 * `watch` is an event, `change` says that something else is different, `hello` comes first. Nothing is
 * queued for a slow listener: he reads from where he stands, as `Last-Event-ID` or `after` says, or
 * from now.
 */
export function streamRoutes({ view, closing }: Surroundings): Hono {
  let listeners = 0;

  return new Hono().get("/", (context) => {
    if (listeners >= LISTENERS) {
      context.header("retry-after", "30");
      return refuse(context, 503, { code: "too-many", message: "too many listen to the events" });
    }

    const from = context.req.header("last-event-id") ?? context.req.query("after");
    context.header("x-accel-buffering", "no");
    listeners += 1;
    return streamSSE(context, async (stream) => {
      const bell = createBell(view, [closing, context.req.raw.signal]);
      stream.onAbort(bell.close);
      try {
        await tellAll(view, { stream, bell, from });
      } finally {
        listeners -= 1;
        bell.close();
      }
    });
  });
}

/** Rings when there is something new to be read. */
interface Bell {
  readonly isClosed: () => boolean;
  /** Resolves when it rings or closes, with true, or after the time, with false. */
  wait(ms: number): Promise<boolean>;
  close: () => void;
}

function createBell(view: WatchView, signals: readonly AbortSignal[]): Bell {
  let hasRung = false;
  let isClosed = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    hasRung = true;
    wake?.();
  };
  const unsubscribe = view.subscribe(ring);
  const close = (): void => {
    isClosed = true;
    unsubscribe();
    signals.forEach((signal) => signal.removeEventListener("abort", close));
    ring();
  };
  signals.forEach((signal) => signal.addEventListener("abort", close, { once: true }));
  if (signals.some(({ aborted }) => aborted)) {
    close();
  }

  return {
    isClosed: () => isClosed,
    close,
    async wait(ms) {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const answer = hasRung;
      hasRung = false;
      return answer;
    },
  };
}

async function tellAll(
  view: WatchView,
  {
    stream,
    bell,
    from,
  }: {
    readonly stream: SSEStreamingApi;
    readonly bell: Bell;
    readonly from: string | undefined;
  },
): Promise<void> {
  const newest = lastSequence(view);
  let last = /^\d{1,15}$/.test(from ?? "") ? Math.min(Number(from), newest) : newest;
  await stream.writeSSE({ event: "hello", data: "{}", id: String(last), retry: 2000 });

  while (!bell.isClosed() && !stream.aborted) {
    const events = view.events(last);
    for (const event of events) {
      await stream.writeSSE({
        event: "watch",
        data: JSON.stringify(event),
        id: String(event.sequence),
      });
      last = event.sequence;
    }

    const hasRung = await bell.wait(HEARTBEAT_MS);
    if (!hasRung) {
      await stream.write(": still here\n\n");
    } else if (view.events(last).length === 0 && !bell.isClosed()) {
      await stream.writeSSE({ event: "change", data: "{}" });
    }
  }
}

function lastSequence(view: WatchView): number {
  return view.events(0).at(-1)?.sequence ?? 0;
}
