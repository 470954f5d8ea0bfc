/** The limit of a server for one message. */
import { RowgateError } from "../../domain/errors.ts";

/** The command itself, and what mysql2 and servers add to it. */
const EXTRA_BYTES = 64;

const MEGABYTE = 1024 * 1024;

/**
 * Refuses a message that the server would answer by closing the connection.
 *
 * @throws RowgateError `packet-too-large`.
 */
export function checkPacketSize(sql: string, limitBytes: number, address: string): void {
  // A code unit has at most three bytes.
  if (sql.length * 3 + EXTRA_BYTES <= limitBytes) {
    return;
  }

  const needed = Buffer.byteLength(sql) + EXTRA_BYTES;

  if (needed > limitBytes) {
    const megabytes = Math.ceil(needed / MEGABYTE);

    throw new RowgateError("packet-too-large", {
      message: `${address} takes messages of at most ${limitBytes} bytes (max_allowed_packet), and one of ${needed} bytes has to be sent`,
      hint: `Set max_allowed_packet to ${megabytes}M or more on the server: SET GLOBAL max_allowed_packet = ${megabytes * MEGABYTE}.`,
    });
  }
}
