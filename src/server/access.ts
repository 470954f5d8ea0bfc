/** Who may change something: whoever shows the token, or signed in with it. */
import { createHmac, randomBytes } from "node:crypto";
import type { Secret } from "../domain/secret.ts";
import { isEqual } from "./signature.ts";

/** Somebody who signed in. */
export interface Session {
  /** The name that was given, for the record. */
  readonly by: string;
  /** What each form has to bring along: another site cannot know it. */
  readonly csrf: string;
}

export interface Access {
  /** Whether there is a token at all; without one nobody may change anything. */
  readonly isOpen: boolean;
  isToken(text: string): boolean;
  /** The value of the cookie for somebody who showed the token. `now` is in milliseconds since 1970. */
  open(by: string, now: number): string;
  /** Undefined when the cookie is none of ours, too old, or of another token. */
  sessionOf(cookie: string | undefined, now: number): Session | undefined;
}

export const SESSION_MS = 12 * 3_600_000;

/** Sessions are kept by the browsers alone, sealed with a key that comes from the token. */
export function createAccess(token: Secret | undefined): Access {
  const secret = token?.reveal() ?? "";
  const isOpen = secret !== "";
  const seal = (purpose: string, text: string): string =>
    createHmac("sha256", secret).update(`rowgate ${purpose}\n${text}`).digest("base64url");

  return {
    isOpen,
    isToken: (text) => isOpen && isEqual(text, secret),

    open(by, now) {
      const content = { by, until: now + SESSION_MS, nonce: randomBytes(9).toString("base64url") };
      const text = Buffer.from(JSON.stringify(content)).toString("base64url");
      return `${text}.${seal("session", text)}`;
    },

    sessionOf(cookie, now) {
      const [text = "", mac = ""] = cookie?.split(".") ?? [];
      if (!isOpen || !isEqual(mac, seal("session", text))) {
        return undefined;
      }
      const { by, until } = contentOf(text);
      return now < until ? { by, csrf: seal("csrf", text) } : undefined;
    },
  };
}

/** Only of what was sealed here. */
function contentOf(text: string): { readonly by: string; readonly until: number } {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
}
