/** Tells people what they asked to be told, until each channel has taken it. */
import type { WatchEvent } from "../../domain/watch.ts";
import { backoff } from "../backoff.ts";
import type { Clock, Log } from "../ports.ts";
import type { Channel } from "./channels.ts";
import { isNoticeKind } from "./notices.ts";
import type { Message, Outbox } from "./outbox.ts";

const LOOK_MS = 1000;
/** What nobody took for so long is old news. */
const LONGEST_MS = 24 * 3_600_000;

export interface NotifierWorld {
  readonly outbox: Outbox;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
}

/** Puts the events that are to be told into the outbox, once for each channel that wants them. */
export async function putNotices(
  events: readonly WatchEvent[],
  { outbox, channels }: Pick<NotifierWorld, "outbox" | "channels">,
): Promise<void> {
  for (const event of events) {
    const kind = event.data["notify"];
    for (const { key, kinds } of channels) {
      if (isNoticeKind(kind) && kinds.includes(kind)) {
        await outbox.put(key, kind, event);
      }
    }
  }
}

/** Delivers what is in the outbox until the signal is aborted. */
export async function deliverNotices(world: NotifierWorld, signal: AbortSignal): Promise<void> {
  await Promise.all(world.channels.map(async (channel) => deliver(world, channel, signal)));
}

/** Tries each channel until it is empty or does not take a message; the rest stays for the next process. */
export async function flushNotices(world: NotifierWorld, signal: AbortSignal): Promise<void> {
  await Promise.all(
    world.channels.map(async (channel) => {
      while ((await sendFirst(world, channel, signal)) === "sent") {
        // On to the next one.
      }
    }),
  );
}

/** In the order of the events: a later one waits for those before it. */
async function deliver(world: NotifierWorld, channel: Channel, signal: AbortSignal): Promise<void> {
  const { clock } = world;
  let failures = 0;

  while (!signal.aborted) {
    const result = await sendFirst(world, channel, signal);
    failures = result === "failed" ? failures + 1 : 0;
    if (result !== "sent") {
      const chance = clock.random();
      const isFailed = result === "failed";
      await clock.sleep(
        isFailed ? backoff(failures, { baseMs: LOOK_MS, isSlow: false, chance }) : LOOK_MS,
        signal,
      );
    }
  }
}

async function sendFirst(
  world: NotifierWorld,
  channel: Channel,
  signal: AbortSignal,
): Promise<"sent" | "failed" | "empty"> {
  let message: Message | undefined;

  try {
    message = await world.outbox.first(channel.key);
    if (message === undefined) {
      return "empty";
    }
    await channel.send(message, signal);
    await world.outbox.remove(channel.key, message);
    return "sent";
  } catch (error) {
    if (!signal.aborted && message !== undefined) {
      await failed(world, channel, { message, error });
    }
    return "failed";
  }
}

async function failed(
  { outbox, clock, log, redact }: NotifierWorld,
  { key }: Channel,
  { message, error }: { readonly message: Message; readonly error: unknown },
): Promise<void> {
  const isOld = clock.wall() - Date.parse(message.event.at) > LONGEST_MS;
  const reason = redact(error instanceof Error ? reasonOf(error) : String(error));
  log({
    sequence: 0,
    at: new Date(clock.wall()).toISOString(),
    source: message.event.source,
    code: isOld ? "notify.dropped" : "notify.failed",
    level: "warn",
    message: `a notification was not taken: ${reason}`,
    data: { channel: key, notify: message.kind, delivery: message.id },
  });
  if (isOld) {
    // What cannot be removed now is removed at the next try.
    await outbox.remove(key, message).catch(() => undefined);
  }
}

/** What lies beneath `fetch failed`. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error && cause.message !== "" ? `${message}: ${cause.message}` : message;
}
