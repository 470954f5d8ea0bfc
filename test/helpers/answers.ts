/** Where a server's answer ends, in the protocols of PostgreSQL and MySQL. */

/** Whether what the server just sent ends its answer to all that the client has sent. */
export type IsAnswered = (piece: Buffer) => boolean;

export const IS_ANSWERED = { postgres: isPostgresAnswered, mysql: isMysqlAnswered } as const;

/** PostgreSQL ends an answer with ReadyForQuery, or with CopyInResponse when it wants data. */
function isPostgresAnswered(piece: Buffer): boolean {
  const last = piece.subarray(-6);
  const isReady = last[0] === 0x5a && last.readUInt32BE(1) === 5;

  return isReady || piece[0] === 0x47;
}

/**
 * MySQL ends it with an OK, EOF or error packet. Of several statements in one message, every
 * result but the last has the flag that more will come.
 */
function isMysqlAnswered(piece: Buffer): boolean {
  const packet = lastPacket(piece);
  const [first = NaN] = packet;

  switch (first) {
    case 0xff:
      return true;
    case 0xfe:
    case 0x00:
      return (statusOf(packet) & MORE_RESULTS) === 0;
    // LOAD DATA LOCAL asks for the file, in a packet of its own.
    case 0xfb:
      return piece.length === HEADER + packet.length;
    default:
      return false;
  }
}

const MORE_RESULTS = 8;

/** Three bytes of length and one that counts. */
const HEADER = 4;

/** Without its header; empty when some of it is still to come. */
function lastPacket(piece: Buffer): Buffer {
  let start = 0;
  let end = 0;

  while (end + HEADER <= piece.length) {
    start = end + HEADER;
    end = start + piece.readUIntLE(end, 3);
  }

  return end === piece.length ? piece.subarray(start) : Buffer.alloc(0);
}

/** In an OK packet two numbers stand before it, in an EOF packet two bytes. */
function statusOf(packet: Buffer): number {
  const isEof = packet[0] === 0xfe && packet.length === 5;
  const second = 1 + sizeOfNumber(packet[1]);
  const at = isEof ? 3 : second + sizeOfNumber(packet[second]);

  // A row may start with the same byte, and may be short.
  return at + 2 > packet.length ? MORE_RESULTS : packet.readUInt16LE(at);
}

/** A number below 251 takes one byte; a byte in front tells the size of others. */
function sizeOfNumber(first = 0): number {
  switch (first) {
    case 0xfc:
      return 3;
    case 0xfd:
      return 4;
    case 0xfe:
      return 9;
    default:
      return 1;
  }
}
