/** How people are told: by HTTP, to a chat, or by a program of theirs. */
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import type { NoticeKind } from "./notices.ts";
import type { Message } from "./outbox.ts";

/** Where some kinds of events go. */
export interface Channel {
  /** The same after a restart; of letters and digits. */
  readonly key: string;
  readonly kinds: readonly NoticeKind[];
  /** Rejects when it was not taken. */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** Secrets are looked up each time that a message is sent. */
export type Lookup = () => Promise<string>;

export interface Destination {
  readonly key: string;
  readonly kinds: readonly NoticeKind[];
  readonly url: Lookup;
}

const TIME_LIMIT_MS = 10_000;

/** The event as JSON, signed as webhooks to Rowgate are: HMAC-SHA256 over the time, a dot and the body. */
export function webhook({ key, kinds, url }: Destination, secret: Lookup | undefined): Channel {
  return {
    key,
    kinds,
    send: async (message, signal) => {
      const body = JSON.stringify(documentOf(message));
      const time = String(Math.floor(Date.now() / 1000));
      const proof = await signature(secret, `${time}.${body}`);
      await post(await url(), body, {
        signal,
        headers: {
          "x-rowgate-event": message.kind,
          "x-rowgate-delivery": message.id,
          "x-rowgate-timestamp": time,
          ...proof,
        },
      });
    },
  };
}

/** One line of text, as Slack and those that are like it take it. */
export function slack({ key, kinds, url }: Destination): Channel {
  return {
    key,
    kinds,
    send: async (message, signal) =>
      post(await url(), JSON.stringify({ text: textOf(message) }), { signal, headers: {} }),
  };
}

/** A program, with the event as JSON on its standard input and in `ROWGATE_…` variables. */
export function program(
  { key, kinds }: Pick<Channel, "key" | "kinds">,
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Channel {
  return {
    key,
    kinds,
    send: async (message, signal) => {
      const { event, kind, id } = message;
      await run(command, {
        input: JSON.stringify(documentOf(message)),
        env: {
          ...env,
          ROWGATE_EVENT: kind,
          ROWGATE_DELIVERY: id,
          ROWGATE_SOURCE: event.source,
          ROWGATE_MESSAGE: event.message,
          ROWGATE_REVISION: fieldOf(message, "revision"),
          ROWGATE_ENVIRONMENT: fieldOf(message, "environment"),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]),
      });
    },
  };
}

function documentOf({ id, kind, event }: Message): object {
  const { at, source, code, message, data } = event;
  return { id, event: kind, at, source, code, message, data };
}

function textOf({ kind, event }: Message): string {
  const command = event.data["command"];
  const end = typeof command === "string" ? `\nto end it: ${command}` : "";
  const where =
    typeof event.data["environment"] === "string" ? ` ${event.data["environment"]}` : "";
  return `[${kind}] ${event.source}${where}: ${event.message}${end}`;
}

function fieldOf({ event }: Message, name: string): string {
  const value = event.data[name];
  return typeof value === "string" ? value : "";
}

async function signature(
  secret: Lookup | undefined,
  text: string,
): Promise<Readonly<Record<string, string>>> {
  if (secret === undefined) {
    return {};
  }
  const hmac = createHmac("sha256", await secret());
  return { "x-rowgate-signature": `sha256=${hmac.update(text).digest("hex")}` };
}

async function post(
  url: string,
  body: string,
  { signal, headers }: { readonly signal: AbortSignal; readonly headers: Record<string, string> },
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "user-agent": "rowgate", ...headers },
    // A message is for the address that was configured, and for no other.
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]),
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw new Error(`the server answered ${response.status}`);
  }
}

async function run(
  [name = "", ...args]: readonly string[],
  options: {
    readonly input: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const child = spawn(name, args, {
    env: { ...options.env },
    stdio: ["pipe", "ignore", "ignore"],
    signal: options.signal,
    killSignal: "SIGKILL",
  });
  // A program that does not read its input is no failure.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);

  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`the program ended with ${code ?? "a signal"}`));
      }
    });
  });
}
