/** Asking a PostgreSQL server to stop what a session runs. */
import { once } from "node:events";
import { connect as connectSocket, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { PgSettings } from "./settings.ts";
import type { TlsOptions } from "./tls.ts";

/** What the server told a session about itself when it began. */
export interface SessionKey {
  readonly processId: number;
  readonly secretKey: number;
}

const TIMEOUT_MS = 5000;

/** Protocol 3.0: numbers that no version has. */
const CANCEL_REQUEST = 80_877_102;
const TLS_REQUEST = 80_877_103;

/**
 * Sends a CancelRequest over a connection of its own, as `Ctrl-C` in psql does; no log-in is needed,
 * and poolers pass it on. Resolves when the server has taken it.
 */
export async function sendCancel(
  settings: PgSettings,
  tls: TlsOptions,
  { processId, secretKey }: SessionKey,
): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { host, port } = settings;
  const plain = connectSocket(
    host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
  );

  try {
    await once(plain, "connect", { signal });
    const socket = tls === false ? plain : await encrypted(plain, { settings, tls, signal });
    const closed = once(socket, "close", { signal });
    socket.resume();
    socket.end(message(CANCEL_REQUEST, processId, secretKey));
    await closed;
  } finally {
    plain.destroy();
  }
}

async function encrypted(
  plain: Socket,
  how: { readonly settings: PgSettings; readonly tls: object; readonly signal: AbortSignal },
): Promise<Socket> {
  const { host, directTls } = how.settings;

  if (!directTls) {
    plain.write(message(TLS_REQUEST));
    const [answer]: unknown[] = await once(plain, "data", { signal: how.signal });

    if (String(answer) !== "S") {
      throw new Error("the server takes no TLS for a request to cancel");
    }
  }

  const name = isIP(host) === 0 ? { servername: host } : {};
  const direct = directTls ? { ALPNProtocols: ["postgresql"] } : {};
  const socket = connectTls({ socket: plain, host, ...name, ...direct, ...how.tls });
  await once(socket, "secureConnect", { signal: how.signal });

  return socket;
}

/** Each number in four bytes, after the length of the whole. */
function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  [bytes.length, ...numbers].forEach((number, at) => bytes.writeInt32BE(number | 0, 4 * at));

  return bytes;
}
