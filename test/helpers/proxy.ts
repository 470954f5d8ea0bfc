/** A TCP proxy on the loopback interface that is as slow and as unreliable as a test wants. */
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";
import { IS_ANSWERED, type IsAnswered } from "./answers.ts";

export interface ProxyOptions {
  /** The server's address: a host (127.0.0.1 by default) and port, or the path of its socket. */
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  /** One way: a round trip takes twice as long. */
  readonly delayMs?: number;
  /** Whose protocol tells where an answer ends; PostgreSQL's by default. */
  readonly dialect?: keyof typeof IS_ANSWERED;
}

export type Side = "client" | "server";

export interface Proxy {
  readonly port: number;
  /** The same database, reached through the proxy. */
  url(databaseUrl: string): string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** How often a client spoke after the server had: what a slow link makes it wait for. */
  readonly roundTrips: number;
  /** Cuts made so far. */
  readonly cuts: number;
  /** Ends every open connection now; later ones work. */
  cut(): void;
  /** Cuts when this many more bytes from that side have been passed on. */
  cutAfter(bytes: number, from: Side): void;
  /**
   * Cuts once, when a client sends text that contains `match`: `before` the server gets it, or
   * `after` the server has carried it out, while its answer is on the way. A client may send
   * more in one piece with the text; that shares its fate.
   */
  cutOn(match: string, when: "before" | "after"): void;
  /** Passes nothing on, and keeps every connection open, until `resume`. */
  stall(): void;
  resume(): void;
  /** Swallows from now on what the server says on the connections that are open. */
  mute(): void;
  /** Ends every connection and accepts no more. */
  close(): Promise<void>;
}

/** Starts a proxy on a free port. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new TcpProxy(options);
  await proxy.listen();

  return proxy;
}

/** Looks at a piece on its way; undefined lets it pass and asks again at the next one. */
type Rule = (from: Side, piece: Buffer) => Verdict | undefined;

interface Verdict {
  readonly forward: Buffer;
  readonly cut: boolean;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  lastSpeaker: Side;
  isMuted: boolean;
  /** Sends what waits for its delay at once. */
  readonly flush: Set<() => void>;
}

const NOTHING = Buffer.alloc(0);

class TcpProxy implements Proxy {
  port = 0;
  connections = 0;
  roundTrips = 0;
  cuts = 0;
  readonly #options: ProxyOptions;
  readonly #listener: Server;
  readonly #links = new Set<Link>();
  #rules: readonly Rule[] = [];
  #stalled = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#listener = createServer((client) => this.#accept(client));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#listener.listen(0, "127.0.0.1", resolve));
    const address = this.#listener.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  url(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = "127.0.0.1";
    url.port = String(this.port);

    return url.href;
  }

  cut(): void {
    this.cuts += 1;
    this.#rules = [];

    for (const link of this.#links) {
      end(link);
    }
  }

  cutAfter(bytes: number, from: Side): void {
    this.#rules = [...this.#rules, afterBytes(bytes, from)];
  }

  cutOn(match: string, when: "before" | "after"): void {
    const isAnswered = IS_ANSWERED[this.#options.dialect ?? "postgres"];
    const rule = when === "before" ? beforeText(match) : afterText(match, isAnswered);
    this.#rules = [...this.#rules, rule];
  }

  stall(): void {
    this.#stalled = true;

    for (const { client, server } of this.#links) {
      client.pause();
      server.pause();
    }
  }

  resume(): void {
    this.#stalled = false;

    for (const { client, server } of this.#links) {
      client.resume();
      server.resume();
    }
  }

  mute(): void {
    for (const link of this.#links) {
      link.isMuted = true;
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));

    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }

    await closed;
  }

  #accept(client: Socket): void {
    this.connections += 1;
    const server = connect(upstream(this.#options));
    const link: Link = { client, server, lastSpeaker: "server", isMuted: false, flush: new Set() };
    this.#links.add(link);
    this.#join(link, "client");
    this.#join(link, "server");

    if (this.#stalled) {
      client.pause();
      server.pause();
    }
  }

  #join(link: Link, from: Side): void {
    const to = other(from);
    const source = link[from].setNoDelay();
    source.on("data", (piece: Buffer) => this.#pass(link, from, piece));
    source.on("end", () => this.#later(link, () => link[to].end()));
    // The other side learns of the end from the close that follows an error.
    source.on("error", () => {});
    source.on("close", () => {
      this.#links.delete(link);
      this.#later(link, () => link[to].destroySoon());
    });
  }

  #pass(link: Link, from: Side, piece: Buffer): void {
    if (from === "client" && link.lastSpeaker === "server") {
      this.roundTrips += 1;
    }

    link.lastSpeaker = from;
    if (from === "server" && link.isMuted) {
      return;
    }
    const verdict = this.#judge(from, piece);
    const { forward } = verdict;

    if (forward.length > 0) {
      this.#later(link, () => write(link, from, forward));
    }

    if (verdict.cut) {
      this.cut();
    }
  }

  #judge(from: Side, piece: Buffer): Verdict {
    for (const rule of this.#rules) {
      const verdict = rule(from, piece);

      if (verdict !== undefined) {
        return verdict;
      }
    }

    return { forward: piece, cut: false };
  }

  #later(link: Link, send: () => void): void {
    const { delayMs = 0 } = this.#options;

    if (delayMs === 0) {
      send();
      return;
    }

    const now = (): void => {
      clearTimeout(timer);
      link.flush.delete(now);
      send();
    };
    const timer = setTimeout(now, delayMs);
    link.flush.add(now);
  }
}

function upstream({ host = "127.0.0.1", port, socket }: ProxyOptions): NetConnectOpts {
  return socket === undefined ? { host, port: port ?? 5432 } : { path: socket };
}

function other(side: Side): Side {
  return side === "client" ? "server" : "client";
}

function write(link: Link, from: Side, piece: Buffer): void {
  const source = link[from];
  const target = link[other(from)];

  if (!target.writable || target.write(piece)) {
    return;
  }

  source.pause();
  target.once("drain", () => source.resume());
}

function end(link: Link): void {
  for (const send of link.flush) {
    send();
  }

  link.client.destroySoon();
  link.server.destroySoon();
}

function afterBytes(bytes: number, side: Side): Rule {
  let left = bytes;

  return (from, piece) => {
    if (from !== side) {
      return undefined;
    }

    const forward = piece.subarray(0, left);
    left -= forward.length;

    return left > 0 ? undefined : { forward, cut: true };
  };
}

function beforeText(match: string): Rule {
  const sees = textFinder(match);

  return (from, piece) =>
    from === "client" && sees(piece) ? { forward: NOTHING, cut: true } : undefined;
}

function afterText(match: string, isAnswered: IsAnswered): Rule {
  const sees = textFinder(match);
  let seen = false;

  return (from, piece) => {
    if (from === "client") {
      seen ||= sees(piece);
      return undefined;
    }

    return seen ? { forward: NOTHING, cut: isAnswered(piece) } : undefined;
  };
}

/** Finds text that may be spread over several pieces. */
function textFinder(match: string): (piece: Buffer) => boolean {
  const wanted = Buffer.from(match);
  let tail = NOTHING;

  return (piece) => {
    const text = Buffer.concat([tail, piece]);
    tail = text.subarray(Math.max(0, text.length - wanted.length + 1));

    return text.includes(wanted);
  };
}
