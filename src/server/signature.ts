/** Whether a webhook comes from whoever knows the secret. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Hook, HookKind } from "./settings.ts";

export interface Delivery {
  /** The value of a header by its name in lower case; undefined when it is not there. */
  readonly header: (name: string) => string | undefined;
  /** As it came. */
  readonly body: Uint8Array;
}

/** How far the clock of a sender may be from ours, either way. */
export const WINDOW_MS = 5 * 60_000;

/**
 * Why a delivery is not taken: one sentence; undefined when it is. `now` is in milliseconds since
 * 1970.
 */
export function rejectionOf(hook: Hook, delivery: Delivery, now: number): string | undefined {
  const { proof, time } = SCHEMES[hook.kind];
  const given = delivery.header(proof);

  if (given === undefined) {
    return `the header ${proof} is missing`;
  }
  if (time !== undefined && !isRecent(delivery.header(time), now)) {
    return `the header ${time} is not within five minutes of now, in seconds since 1970`;
  }
  return isEqual(given, proofOf(hook, delivery)) ? undefined : `the header ${proof} is wrong`;
}

/**
 * What names a delivery, so that it is taken once: the sender's id, and else its signature. Undefined
 * where there is neither.
 */
export function deliveryId({ kind }: Hook, { header }: Delivery): string | undefined {
  const { id, proof } = SCHEMES[kind];
  return header(id) ?? (kind === "gitlab" ? undefined : header(proof));
}

/** Takes as long whatever the texts have in common. */
export function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

interface Scheme {
  /** The header that proves knowledge of the secret, that with the time, and that with the id. */
  readonly proof: string;
  readonly time?: string;
  readonly id: string;
}

const SCHEMES: Readonly<Record<HookKind, Scheme>> = {
  github: { proof: "x-hub-signature-256", id: "x-github-delivery" },
  gitlab: { proof: "x-gitlab-token", id: "x-gitlab-event-uuid" },
  gitea: { proof: "x-gitea-signature", id: "x-gitea-delivery" },
  bitbucket: { proof: "x-hub-signature", id: "x-request-uuid" },
  generic: {
    proof: "x-rowgate-signature",
    time: "x-rowgate-timestamp",
    id: "x-rowgate-delivery",
  },
};

function proofOf({ kind, secret }: Hook, { header, body }: Delivery): string {
  const hmac = createHmac("sha256", secret.reveal());

  if (kind === "gitlab") {
    return secret.reveal();
  }
  if (kind === "generic") {
    hmac.update(`${header("x-rowgate-timestamp") ?? ""}.`);
  }
  const digits = hmac.update(body).digest("hex");
  return kind === "gitea" ? digits : `sha256=${digits}`;
}

function isRecent(seconds: string | undefined, now: number): boolean {
  const isNumber = seconds !== undefined && /^\d{1,12}$/.test(seconds);
  return isNumber && Math.abs(Number(seconds) * 1000 - now) <= WINDOW_MS;
}

/** Texts of any length become equally long. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
