/** `POST /api/SOURCE/ACTION`: what a person asks for. */
import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { RowgateError } from "../domain/errors.ts";
import type { WatchRequest } from "../domain/watch.ts";
import { addressOf, fieldsOf, isFromElsewhere, sessionIn, tidy } from "./client.ts";
import { sourceId } from "./page/ids.ts";
import { isEqual } from "./signature.ts";
import { BODY_LIMIT_BYTES, refuse, type Surroundings } from "./surroundings.ts";

const ACTIONS = ["sync", "pause", "resume", "approve", "reject", "retry"] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Who asks, or why he may not. */
type Asker = { readonly by: string; readonly isPerson: boolean } | { readonly refusal: Response };

export function requestRoutes(around: Surroundings): Hono {
  return new Hono().post(
    "/:source/:action",
    bodyLimit({
      maxSize: BODY_LIMIT_BYTES,
      onError: (context) =>
        refuse(context, 413, { code: "too-large", message: "it is larger than 64 KB" }),
    }),
    async (context) => {
      const fields = await fieldsOf(context).catch(() => undefined);
      if (fields === undefined) {
        return refuse(context, 400, {
          code: "usage-invalid",
          message: "the body is neither a JSON object nor a form",
        });
      }

      const asker = askerOf(context, fields, around);
      return "refusal" in asker ? asker.refusal : ask(context, { fields, asker, around });
    },
  );
}

function askerOf(context: Context, fields: Fields, around: Surroundings): Asker {
  const { access } = around;
  const bearer = /^Bearer +(.+?) *$/i.exec(context.req.header("authorization") ?? "")?.[1];

  if (!access.isOpen) {
    return forbidden(context, "no token is set, so nothing can be changed over HTTP");
  }
  if (bearer !== undefined) {
    return bearerOf(context, { bearer, by: tidy(fields["by"], 100) }, around);
  }

  const session = sessionIn(context, access);
  if (session === undefined) {
    context.header("www-authenticate", 'Bearer realm="rowgate"');
    const message = "sign in, or send the token as `Authorization: Bearer TOKEN`";
    return { refusal: refuse(context, 401, { code: "login-needed", message }) };
  }
  const { csrf } = fields;
  return isFromElsewhere(context) || typeof csrf !== "string" || !isEqual(csrf, session.csrf)
    ? forbidden(context, "the form is not of this page: load it again")
    : { by: session.by, isPerson: true };
}

function bearerOf(
  context: Context,
  { bearer, by }: { readonly bearer: string; readonly by: string | undefined },
  { access, guesses, note }: Surroundings,
): Asker {
  const address = addressOf(context);

  if (!guesses.has(address)) {
    context.header("retry-after", "60");
    const message = `too many wrong tokens from ${address}`;
    return { refusal: refuse(context, 429, { code: "too-many", message }) };
  }
  if (access.isToken(bearer)) {
    return { by: by ?? "http", isPerson: false };
  }
  guesses.take(address);
  note({ code: "login.rejected", level: "warn", message: "the token is wrong", data: { address } });
  return {
    refusal: refuse(context, 401, { code: "login-refused", message: "the token is wrong" }),
  };
}

async function ask(
  context: Context,
  asked: {
    readonly fields: Fields;
    readonly asker: { readonly by: string; readonly isPerson: boolean };
    readonly around: Surroundings;
  },
): Promise<Response> {
  const { fields, asker, around } = asked;
  const source = context.req.param("source") ?? "";
  const action = ACTIONS.find((each) => each === context.req.param("action"));
  const plan = tidy(fields["plan"], 64);

  if (action === undefined || !around.view.sources().some(({ name }) => name === source)) {
    const message =
      action === undefined
        ? `there is no such action; there are ${ACTIONS.join(", ")}`
        : "there is no such source";
    return refuse(context, 404, { code: "not-found", message });
  }
  if (plan !== undefined && !/^[0-9a-f]{6,64}$/.test(plan)) {
    return refuse(context, 400, { code: "usage-invalid", message: "that is no hash of a plan" });
  }

  const reason = tidy(fields["reason"], 500);
  const request = { id: randomUUID(), source, action, by: asker.by, reason, plan };
  const trouble = await handIn(request, around);
  if (trouble !== undefined) {
    return refuse(context, 503, trouble);
  }
  return asker.isPerson && isForm(context)
    ? context.redirect(`/?asked=${request.id}#${sourceId(source)}`, 303)
    : context.json({ id: request.id, source, action }, 202);
}

/** Why it cannot be handed in; undefined when it was. What is a bug is thrown. */
async function handIn(
  request: WatchRequest,
  { view, note, clean }: Surroundings,
): Promise<{ readonly code: string; readonly message: string } | undefined> {
  try {
    await view.request(request);
  } catch (error) {
    if (error instanceof RowgateError) {
      return { code: error.code, message: clean(error.message) };
    }
    throw error;
  }
  const { id, source, action, by } = request;
  note({
    code: "request.made",
    level: "info",
    message: `${by} asks for ${action} of ${source}`,
    data: { id, source, action, by },
  });
  return undefined;
}

function forbidden(context: Context, message: string): Asker {
  return { refusal: refuse(context, 403, { code: "forbidden", message }) };
}

function isForm(context: Context): boolean {
  return !/^application\/json\b/i.test(context.req.header("content-type") ?? "");
}
