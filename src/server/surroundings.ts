/** What the routes have in common. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { WatchView } from "../domain/watch.ts";
import type { Access } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { ServeSettings, ServerNote } from "./settings.ts";

export interface Surroundings {
  /** Free of secrets. */
  readonly view: WatchView;
  readonly settings: ServeSettings;
  readonly access: Access;
  readonly metrics: Metrics;
  /** For wrong tokens. */
  readonly guesses: RateLimit;
  readonly note: (note: ServerNote) => void;
  /** Takes secrets out of a text. */
  readonly clean: (text: string) => string;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** No body may be larger. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** Why a request is not served, as JSON. */
export function refuse(
  context: Context,
  status: ContentfulStatusCode,
  error: { readonly code: string; readonly message: string },
): Response {
  return context.json({ error }, status);
}
