/** Where the notifications of a watcher go. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { secretLookup } from "../config/secret-place.ts";
import type { NotifyConfig, SecretPlace, WatchConfig } from "../config/watch-config.ts";
import { systemClock } from "../watcher/clock.ts";
import { type Channel, type Lookup, program, slack, webhook } from "../watcher/notify/channels.ts";
import type { NotifierWorld } from "../watcher/notify/notifier.ts";
import { Outbox } from "../watcher/notify/outbox.ts";
import type { WatchOptions } from "./watch-options.ts";

export function createNotifier(
  { notify }: WatchConfig,
  directory: string,
  { config, env, hide, log, redact }: WatchOptions,
): NotifierWorld {
  const channels = notify.map((each) => channelOf(each, { config, env, hide }));
  const outbox = new Outbox(join(directory, "outbox"));
  return { outbox, channels, clock: systemClock, log, redact };
}

function channelOf(
  notify: NotifyConfig,
  { config, env, hide }: Pick<WatchOptions, "config" | "env" | "hide">,
): Channel {
  const key = createHash("sha256").update(JSON.stringify(notify)).digest("hex").slice(0, 12);
  const kinds = notify.events;
  if (notify.kind === "command") {
    return program({ key, kinds }, notify.command, env);
  }

  const hidden = (place: SecretPlace): Lookup => {
    const lookup = secretLookup(place, config, env);
    return async () => {
      const text = await lookup();
      hide([text]);
      return text;
    };
  };
  const { url, secret } = notify;
  // The address of a chat is all that is needed to write there.
  const address = typeof url === "string" ? async (): Promise<string> => url : hidden(url);
  const destination = { key, kinds, url: address };
  return notify.kind === "slack"
    ? slack(destination)
    : webhook(destination, secret === undefined ? undefined : hidden(secret));
}
