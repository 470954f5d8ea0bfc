/** Every route of the server. */
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { SESSION_MS } from "./access.ts";
import { addressOf, fieldsOf, isFromElsewhere, SESSION_COOKIE, sessionIn, tidy } from "./client.ts";
import { hookRoutes } from "./hooks.ts";
import { isOurName } from "./host.ts";
import { type Asset, favicon, isTone } from "./page/assets.ts";
import { loginPage, page } from "./page/document.ts";
import type { Html } from "./page/html.ts";
import { healthOf, readinessOf, type Verdict } from "./readiness.ts";
import { requestRoutes } from "./requests.ts";
import { isEqual } from "./signature.ts";
import { streamRoutes } from "./stream.ts";
import { BODY_LIMIT_BYTES, refuse, type Surroundings } from "./surroundings.ts";

/** What the page shows of the log; a request of a person is looked for in it. */
const PAGE_EVENTS = 200;

export function createApp(around: Surroundings, assets: ReadonlyMap<string, Asset>): Hono {
  const { settings, note } = around;
  const app = new Hono();

  app.use(protection());
  app.use(async (context, next) =>
    isOurName(context.req.header("host"), settings)
      ? next()
      : refuse(context, 421, {
          code: "host-unknown",
          message: "this server does not go by that name",
        }),
  );
  app.use(async (context, next) => {
    await next();
    // What is shown changes all the time, and may be for one viewer alone.
    if (!context.res.headers.has("cache-control")) {
      context.header("cache-control", "no-store");
    }
  });

  addMachineRoutes(app, around);
  addPageRoutes(app, around);
  addAssets(app, assets);
  app.route("/hook", hookRoutes(around));
  app.route("/api", requestRoutes(around));
  app.route("/events", streamRoutes(around));

  app.notFound((context) =>
    refuse(context, 404, { code: "not-found", message: "there is nothing at this address" }),
  );
  app.onError((error, context) => {
    const { stack, message } = error;
    note({
      code: "bug",
      level: "error",
      message: `a bug in the server: ${message}`,
      data: { stack },
    });
    return refuse(context, 500, { code: "bug", message: "a bug in Rowgate; its log tells more" });
  });
  return app;
}

function protection(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    // Whoever puts TLS in front of it decides about this one.
    strictTransportSecurity: false,
  });
}

function addMachineRoutes(app: Hono, { view, settings, metrics }: Surroundings): void {
  app.get("/healthz", (context) => verdict(context, healthOf(view.loops())));

  app.get("/readyz", (context) => {
    const { holdsUnready = true } = settings;
    const { ok, reasons } = readinessOf(view, { holdsUnready, now: Date.now() });
    return verdict(context, { ok, reasons });
  });

  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { "content-type": metrics.contentType }),
  );

  app.get("/status.json", (context) =>
    context.json({
      version: settings.version,
      at: new Date().toISOString(),
      trouble: view.trouble() ?? null,
      loops: view.loops(),
      sources: view.sources(),
    }),
  );
}

function verdict(context: Context, { ok, reasons }: Verdict): Response {
  return context.json({ ok, role: "leader", reasons }, ok ? 200 : 503);
}

function addPageRoutes(app: Hono, around: Surroundings): void {
  const { view, access } = around;

  app.get("/", (context) => {
    const session = sessionIn(context, access);
    const asked = context.req.query("asked");
    return document(
      context,
      page({
        sources: view.sources(),
        events: view.events(0).slice(-PAGE_EVENTS),
        viewer: { csrf: session?.csrf, by: session?.by, canSignIn: access.isOpen },
        asked: asked !== undefined && /^[0-9a-f-]{36}$/.test(asked) ? asked : undefined,
        trouble: view.trouble()?.message,
        now: Date.now(),
      }),
    );
  });

  app.get("/login", (context) =>
    access.isOpen ? document(context, loginPage({ problem: undefined })) : context.redirect("/"),
  );
  app.post("/login", bodyLimit({ maxSize: BODY_LIMIT_BYTES }), (context) => login(context, around));
  app.post("/logout", bodyLimit({ maxSize: BODY_LIMIT_BYTES }), async (context) => {
    const { csrf } = await fieldsOf(context).catch(() => NO_FIELDS);
    const session = sessionIn(context, access);
    if (session !== undefined && typeof csrf === "string" && isEqual(csrf, session.csrf)) {
      deleteCookie(context, SESSION_COOKIE, { path: "/" });
    }
    return context.redirect("/", 303);
  });
}

const NO_FIELDS: Readonly<Record<string, unknown>> = {};

async function login(context: Context, around: Surroundings): Promise<Response> {
  const { access, guesses, note } = around;
  const address = addressOf(context);
  const { by, token } = await fieldsOf(context).catch(() => NO_FIELDS);

  if (isFromElsewhere(context)) {
    return document(context, loginPage({ problem: "Sign in on this page itself." }), 403);
  }
  if (!guesses.has(address)) {
    context.header("retry-after", "60");
    return document(context, loginPage({ problem: "Too many tries. Wait a minute." }), 429);
  }
  if (typeof token !== "string" || !access.isToken(token.trim())) {
    guesses.take(address);
    note({
      code: "login.rejected",
      level: "warn",
      message: "the token is wrong",
      data: { address },
    });
    return document(context, loginPage({ problem: "The token is wrong." }), 401);
  }

  setCookie(context, SESSION_COOKIE, access.open(tidy(by, 100) ?? "page", Date.now()), {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: context.req.header("x-forwarded-proto") === "https",
    maxAge: SESSION_MS / 1000,
  });
  return context.redirect("/", 303);
}

function document(context: Context, content: Html, status: 200 | 401 | 403 | 429 = 200): Response {
  return context.html(content.toString(), status);
}

function addAssets(app: Hono, assets: ReadonlyMap<string, Asset>): void {
  for (const [path, { type, content }] of assets) {
    const tag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 20)}"`;
    app.get(path, (context) => {
      context.header("cache-control", "no-cache");
      context.header("etag", tag);
      return context.req.header("if-none-match") === tag
        ? context.body(null, 304)
        : context.body(content, 200, { "content-type": type });
    });
  }

  app.get("/favicon.svg", (context) => {
    const tone = new URL(context.req.url).search.slice(1);
    context.header("cache-control", "max-age=86400");
    return context.body(favicon(isTone(tone) ? tone : "idle"), 200, {
      "content-type": "image/svg+xml",
    });
  });
}
