/** The page, the metrics and the webhooks of a watcher. */
import { secretLookup } from "../config/secret-place.ts";
import type { SecretPlace, WatchConfig } from "../config/watch-config.ts";
import { Secret } from "../domain/secret.ts";
import type { WatchView } from "../domain/watch.ts";
import type { WatchServer } from "../server/serve.ts";
import type { Hook } from "../server/settings.ts";
import { said } from "./said.ts";
import type { WatchOptions } from "./watch-options.ts";

/** What the page and the webhooks need; undefined where nobody is to be served. */
export async function serve(
  view: WatchView,
  { listen, token, sources }: WatchConfig,
  { config, env, hide, log, version }: WatchOptions,
): Promise<WatchServer | undefined> {
  if (listen === undefined) {
    return undefined;
  }

  const secretOf = async (place: SecretPlace): Promise<Secret> => {
    const text = await secretLookup(place, config, env)();
    hide([text]);
    return new Secret(text);
  };
  const hooks = new Map<string, Hook>();
  for (const [name, { hook }] of sources) {
    if (hook !== undefined) {
      hooks.set(name, { kind: hook.kind, secret: await secretOf(hook.secret) });
    }
  }

  const { serveWatch } = await import("../server/serve.ts");
  const server = await serveWatch(view, {
    listen,
    token: token === undefined ? undefined : await secretOf(token),
    hooks,
    version,
    onNote: ({ code, level, message, data }) => log(said({ code, level, message, data })),
  });
  log(said({ code: "http.listening", level: "info", message: `listening at ${server.address}` }));
  return server;
}
