/** `POST /hook/SOURCE`: somebody says that there is something new. What he says of it is not read. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { addressOf } from "./client.ts";
import { createDeliveries, type Deliveries } from "./deliveries.ts";
import type { HookResult } from "./metrics/counters.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import { deliveryId, rejectionOf } from "./signature.ts";
import { BODY_LIMIT_BYTES, refuse, type Surroundings } from "./surroundings.ts";

/** From one address. */
const HOOKS_PER_MINUTE = 30;

const steady = (): number => performance.now();

interface Gatekeeper {
  readonly around: Surroundings;
  readonly limit: RateLimit;
  readonly deliveries: Deliveries;
}

export function hookRoutes(around: Surroundings): Hono {
  const keeper = {
    around,
    limit: createRateLimit({ perMinute: HOOKS_PER_MINUTE, now: steady }),
    deliveries: createDeliveries(steady),
  };

  return new Hono().post(
    "/:source",
    (context, next) => (keeper.limit.take(addressOf(context)) ? next() : tooMany(context, around)),
    bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (context) => tooLarge(context, around) }),
    (context) => take(context, keeper),
  );
}

async function take(context: Context, { around, deliveries }: Gatekeeper): Promise<Response> {
  const { settings, view, metrics } = around;
  const source = sourceOf(context);
  const hook = settings.hooks.get(source);

  if (hook === undefined) {
    metrics.countHook("unknown");
    return refuse(context, 404, { code: "not-found", message: "there is no such webhook" });
  }

  const delivery = {
    header: (name: string) => context.req.header(name),
    body: new Uint8Array(await context.req.arrayBuffer()),
  };
  const why = rejectionOf(hook, delivery, Date.now());
  if (why !== undefined) {
    tell(context, around, { result: "rejected", why });
    return refuse(context, 401, { code: "signature-invalid", message: why });
  }

  const id = deliveryId(hook, delivery);
  const isNew = id === undefined || deliveries.remember(source, id);
  const result = isNew ? "accepted" : "repeated";
  tell(context, around, { result });
  if (isNew) {
    view.wake(source);
  }
  return context.json({ result }, 202);
}

/** Counted and not told: a flood must not fill the log. */
function tooMany(context: Context, { metrics }: Surroundings): Promise<Response> {
  metrics.countHook("limited");
  context.header("retry-after", "60");
  const message = `more than ${HOOKS_PER_MINUTE} webhooks a minute from ${addressOf(context)}`;
  return Promise.resolve(refuse(context, 429, { code: "too-many", message }));
}

function tooLarge(context: Context, around: Surroundings): Response {
  const message = `it is larger than ${BODY_LIMIT_BYTES / 1024} KB`;
  tell(context, around, { result: "rejected", why: message });
  return refuse(context, 413, { code: "too-large", message });
}

interface Outcome {
  readonly result: HookResult;
  readonly why?: string;
}

function tell(context: Context, { metrics, note }: Surroundings, { result, why }: Outcome): void {
  const source = sourceOf(context);
  const data = { source, result, address: addressOf(context), why };
  metrics.countHook(result);
  note(
    why === undefined
      ? { code: "hook.accepted", level: "info", message: `a webhook wakes ${source}`, data }
      : { code: "hook.rejected", level: "warn", message: `a webhook is refused: ${why}`, data },
  );
}

function sourceOf(context: Context): string {
  return context.req.param("source") ?? "";
}
