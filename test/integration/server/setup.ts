/** A server around a watcher in memory. */
import { connect } from "node:net";
import { Secret } from "../../../src/domain/secret.ts";
import type { SourceState } from "../../../src/domain/watch.ts";
import { serveWatch, type WatchServer } from "../../../src/server/serve.ts";
import type { ServerNote, ServeSettings } from "../../../src/server/settings.ts";
import { MemoryView } from "../../unit/server/memory-view.ts";

export const TOKEN = "a token of somebody";

export interface TestServer extends WatchServer {
  readonly view: MemoryView;
  readonly notes: readonly ServerNote[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, init?: RequestInit): Promise<Response>;
}

const open = new Set<WatchServer>();

/** For the end of a suite. */
export async function closeServers(): Promise<void> {
  await Promise.all([...open].map((server) => server.close()));
}

/** Runs until it is closed, or `closeServers` is called. */
export async function startWatchServer(
  sources: readonly SourceState[],
  settings: Partial<ServeSettings> = {},
): Promise<TestServer> {
  const view = new MemoryView(sources);
  const notes: ServerNote[] = [];
  const server = await serveWatch(view, {
    listen: { host: "127.0.0.1", port: 0 },
    token: new Secret(TOKEN),
    hooks: new Map(),
    version: "1.2.3",
    onNote: (note) => notes.push(note),
    ...settings,
  });
  open.add(server);

  const fetchFrom = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.address}${path}`, { redirect: "manual", ...init });
  return {
    address: server.address,
    async close() {
      open.delete(server);
      await server.close();
    },
    view,
    notes,
    fetch: fetchFrom,
    post: (path, init) => fetchFrom(path, { method: "POST", ...init }),
  };
}

export interface Login {
  readonly cookie: string;
  readonly csrf: string;
}

/** Signs in as a browser does. */
export async function signIn(server: TestServer, by: string): Promise<Login> {
  const response = await server.post("/login", { body: new URLSearchParams({ by, token: TOKEN }) });
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = await (await server.fetch("/", { headers: { cookie } })).text();
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "" };
}

/** What the server answers to bytes that no client sends. */
export function sendRaw(server: TestServer, bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
      socket.destroy();
    });
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

/** An answer that is a JSON object. */
export async function jsonOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  return (await response.json()) as Readonly<Record<string, unknown>>;
}
