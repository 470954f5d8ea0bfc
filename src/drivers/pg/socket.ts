/** The socket under a connection; it looks at the first answer before pg does. */
import { Socket } from "node:net";
import { ForeignServerError } from "./errors.ts";

/**
 * A socket that ends with a `ForeignServerError` when the first bytes that arrive are not
 * PostgreSQL's. pg itself waits for ever for some servers, and throws outside of any promise for
 * others (a greeting of MySQL that looks like an authentication request).
 *
 * @param answersTls whether the first thing sent is a request for TLS, answered by one letter.
 */
export function guardedSocket(answersTls: boolean): Socket {
  const socket = new Socket();
  const push = socket.push.bind(socket);

  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    const reason = Buffer.isBuffer(chunk) ? foreignReason(chunk, answersTls) : undefined;
    socket.push = push;

    if (reason !== undefined) {
      socket.destroy(new ForeignServerError(reason));
      return false;
    }

    return push(chunk, encoding);
  };

  return socket;
}

/** What the first bytes of an answer speak instead of PostgreSQL; undefined when they may be its. */
function foreignReason(bytes: Buffer, answersTls: boolean): string | undefined {
  if (isMysql(bytes)) {
    return "it greets like MySQL or MariaDB";
  }

  const text = bytes.toString("latin1", 0, 8);

  if (text.startsWith("HTTP/")) {
    return "it speaks HTTP";
  }
  if (text.startsWith("SSH-")) {
    return "it speaks SSH";
  }

  const [first = ""] = text;
  const expected = answersTls ? bytes.length === 1 && /[SN]/.test(first) : /[RNv]/.test(first);
  return expected || first === "E" ? undefined : "its first bytes make no sense";
}

/** Length in three bytes, sequence 0, then protocol 10 or an error packet. */
function isMysql(bytes: Buffer): boolean {
  return (
    bytes.length > 4 &&
    bytes.readUIntBE(1, 3) === 0 &&
    (bytes[4] === 0x0a || bytes[4] === 0xff) &&
    bytes[0] !== 0
  );
}
