/** The socket under a connection; it looks at the first bytes before mysql2 does. */
import { Socket } from "node:net";
import { ForeignServerError } from "./errors.ts";
import type { MysqlSettings } from "./settings.ts";

const KEEP_ALIVE_MS = 30_000;

/**
 * A connecting socket that ends with a `ForeignServerError` when the first bytes that arrive are no
 * greeting of MySQL: mysql2 itself would take them for the length of a packet and wait for its rest.
 */
export function guardedSocket({ host, port, socket: path }: MysqlSettings): Socket {
  // A long statement sends nothing for hours; without it a dead server is never noticed.
  const socket = new Socket();
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // Node compares a certificate with this name when mysql2 gives none, as for addresses.
  Object.assign(socket, { _host: host });
  const push = socket.push.bind(socket);

  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    const reason = Buffer.isBuffer(chunk) ? foreignReason(chunk) : undefined;
    socket.push = push;

    if (reason !== undefined) {
      socket.destroy(new ForeignServerError(reason));
      return false;
    }

    return push(chunk, encoding);
  };

  return path === undefined ? socket.connect({ host, port }) : socket.connect({ path });
}

/** A greeting is a packet with the number 0: the version of the protocol, or an error. */
const GREETING = 0x0a;
const ERROR = 0xff;
const X_NOTICE = 0x0b;

/** What the first bytes speak instead of MySQL; undefined when they may be its. */
function foreignReason(bytes: Buffer): string | undefined {
  const text = bytes.toString("latin1", 0, 8);
  const [, , , number, kind] = bytes;

  if (text.startsWith("HTTP/")) {
    return "it speaks HTTP";
  }
  if (text.startsWith("SSH-")) {
    return "it speaks SSH";
  }
  if (number === 0 && kind === X_NOTICE) {
    return "it speaks MySQL's X protocol; the port for SQL is another, mostly 3306";
  }

  const expected = number === 0 && (kind === GREETING || kind === ERROR);
  return bytes.length < 5 || expected ? undefined : "its first bytes make no sense";
}
