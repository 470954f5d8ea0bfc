/** What a request says of who sent it. */
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Access, Session } from "./access.ts";

export const SESSION_COOKIE = "rowgate_session";

/** The address at the other end; that of a reverse proxy where there is one. */
export function addressOf(context: Context): string {
  return getConnInfo(context).remote.address ?? "unknown";
}

/** Undefined when nobody is signed in. */
export function sessionIn(context: Context, access: Access): Session | undefined {
  return access.sessionOf(getCookie(context, SESSION_COOKIE), Date.now());
}

/** Browsers say whether a page of another site made them send the request; others say nothing. */
export function isFromElsewhere(context: Context): boolean {
  const site = context.req.header("sec-fetch-site");
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** A text that a person gave, on one line and no longer than `limit`; undefined when it is empty. */
export function tidy(value: unknown, limit: number): string | undefined {
  const text = typeof value === "string" ? value.replaceAll(/[\s\p{C}]+/gu, " ").trim() : "";
  return text === "" ? undefined : Array.from(text).slice(0, limit).join("");
}

/**
 * The fields of a form or of a JSON object.
 *
 * @throws SyntaxError when it is neither.
 */
export async function fieldsOf(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const type = context.req.header("content-type") ?? "";

  if (/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) {
    return context.req.parseBody();
  }
  const text = await context.req.text();
  const content: unknown = text.trim() === "" ? {} : JSON.parse(text);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new SyntaxError("the body is not a JSON object");
  }
  return { ...content };
}
