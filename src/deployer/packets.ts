/** Fewer and larger messages: what costs over a slow link is their number. */
import type { LocalFile } from "../domain/block.ts";
import type { Packet } from "../domain/ports.ts";

/**
 * Joins neighbouring SQL packets into texts of up to `limitBytes`; a larger one stays alone. The first
 * text has up to `firstBytes`, which is `limitBytes` unless given, and each may be twice as long as the
 * one before it.
 */
export async function* joinPackets(
  packets: AsyncIterable<Packet>,
  limitBytes: number,
  firstBytes = limitBytes,
): AsyncGenerator<Packet> {
  let limit = Math.min(firstBytes, limitBytes);
  let texts: string[] = [];
  let files: LocalFile[] = [];
  let size = 0;

  for await (const packet of packets) {
    const added = packet.kind === "sql" ? Buffer.byteLength(packet.text) + 1 : Infinity;

    if (texts.length > 0 && size + added > limit) {
      yield { kind: "sql", text: texts.join("\n"), files };
      limit = Math.min(2 * limit, limitBytes);
      texts = [];
      files = [];
      size = 0;
    }

    if (packet.kind === "sql") {
      texts.push(packet.text);
      files.push(...(packet.files ?? []));
      size += added;
    } else {
      yield packet;
    }
  }

  if (texts.length > 0) {
    yield { kind: "sql", text: texts.join("\n"), files };
  }
}
