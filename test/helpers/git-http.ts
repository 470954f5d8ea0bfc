/** A host of Git over http: git's own http-backend behind a server that lets in whom the test says. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const TLS = new URL("../integration/drivers/tls/", import.meta.url);

/** A certificate that nobody trusts, for `localhost`. */
export const CERTIFICATE = fileURLToPath(new URL("server.crt", TLS));

/**
 * What is answered instead: a status, nothing at all, a byte a second, or another host's address. With
 * `stallAfter` an answer stops after so many bytes; it is not ended.
 */
export type HttpFault =
  | number
  | "silence"
  | "drip"
  | { readonly redirect: string }
  | { readonly stallAfter: number };

export interface GitHttp {
  /** Of the repository, without a login. */
  readonly url: string;
  /** `name:password` of the only user; undefined lets everybody in. */
  login: string | undefined;
  fault: HttpFault | undefined;
  /** Every login that was offered, in order. */
  readonly offered: readonly string[];
  close(): Promise<void>;
}

export interface GitHttpOptions {
  readonly secure?: boolean | undefined;
}

/** Serves a bare repository on a free port of the loopback interface. */
export async function startGitHttp(path: string, options: GitHttpOptions = {}): Promise<GitHttp> {
  const host = new Host(path, options.secure ?? false);
  await host.listen();

  return host;
}

class Host implements GitHttp {
  login: string | undefined;
  fault: HttpFault | undefined;
  readonly offered: string[] = [];
  readonly #path: string;
  readonly #scheme: string;
  readonly #server: Server;

  constructor(path: string, secure: boolean) {
    this.#path = path;
    this.#scheme = secure ? "https" : "http";
    const listener: RequestListener = (request, response) => this.#answer(request, response);
    this.#server = secure
      ? createSecureServer(
          { cert: readFileSync(CERTIFICATE), key: readFileSync(new URL("server.key", TLS)) },
          listener,
        )
      : createServer(listener);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;

    return `${this.#scheme}://localhost:${port}/${basename(this.#path)}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const login = loginOf(request);
    this.offered.push(...(login === undefined ? [] : [login]));

    if (this.fault !== undefined && !isStall(this.fault)) {
      answerFault(this.fault, request, response);
    } else if (this.login !== undefined && login !== this.login) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
    } else {
      this.#serve(request, response);
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const backend = spawn("git", ["http-backend"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: dirname(this.#path),
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      },
    });
    backend.stdin.on("error", () => undefined);
    request.pipe(backend.stdin);
    const limit =
      isStall(this.fault) && request.method === "POST" ? this.fault.stallAfter : Infinity;
    relay(backend.stdout, response, limit);
  }
}

function isStall(fault: HttpFault | undefined): fault is { readonly stallAfter: number } {
  return typeof fault === "object" && "stallAfter" in fault;
}

function loginOf(request: IncomingMessage): string | undefined {
  const [, code] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];

  return code === undefined ? undefined : Buffer.from(code, "base64").toString();
}

function answerFault(fault: HttpFault, request: IncomingMessage, response: ServerResponse): void {
  if (typeof fault === "number") {
    response.writeHead(fault).end();
  } else if (typeof fault === "object" && "redirect" in fault) {
    response.writeHead(302, { Location: `${fault.redirect}${request.url}` }).end();
  } else if (fault === "drip") {
    response.writeHead(200, { "Content-Type": "application/x-git-upload-pack-advertisement" });
    const timer = setInterval(() => response.write("0"), 1000);
    response.on("close", () => clearInterval(timer));
  }
}

/** The program's own headers, up to an empty line, then the body, but not more of it than the limit. */
function relay(output: NodeJS.ReadableStream, response: ServerResponse, limit: number): void {
  let head = Buffer.alloc(0);
  let left = limit;

  output.on("data", (piece: Buffer) => {
    if (response.headersSent) {
      response.write(piece.subarray(0, left));
      left = Math.max(0, left - piece.length);
      return;
    }
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end !== -1) {
      writeHead(head.toString("latin1", 0, end), response);
      response.write(head.subarray(end + 4));
    }
  });
  output.on("end", () => left > 0 && response.end());
}

function writeHead(text: string, response: ServerResponse): void {
  const headers = new Map(
    text.split("\r\n").map((line): [string, string] => {
      const [name = "", ...value] = line.split(": ");
      return [name, value.join(": ")];
    }),
  );
  const status = Number.parseInt(headers.get("Status") ?? "200", 10);
  headers.delete("Status");
  response.writeHead(status, Object.fromEntries(headers));
}
