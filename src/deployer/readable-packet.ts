/** Marks the place of what is sent as it stands, so that the dialect can find an error in it. */
import type { BlockHeader, CopyPiece, Piece } from "../domain/block.ts";
import type { Packet } from "../domain/ports.ts";
import { placePrefix } from "../scan/place-prefix.ts";

/** The packet; the statement of a COPY gets the comment that names its place. */
export function readablePacket(packet: Packet): Packet {
  return packet.kind === "sql" ? packet : { ...packet, piece: readableCopy(packet.piece) };
}

/** What to send for one statement of a block without transaction, with that comment before it. */
export function packetOf(piece: Piece, block: BlockHeader): Packet {
  return piece.kind === "statement"
    ? { kind: "sql", text: placePrefix(piece) + piece.text }
    : { kind: "copy", block, piece: readableCopy(piece) };
}

function readableCopy(piece: CopyPiece): CopyPiece {
  return {
    kind: "copy",
    text: placePrefix(piece) + piece.text,
    at: piece.at,
    dataLine: piece.dataLine,
    data: () => piece.data(),
  };
}
