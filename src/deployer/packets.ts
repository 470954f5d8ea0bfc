/** Fewer and larger messages: what costs over a slow link is their number. */
import type { LocalFile } from "../domain/block.ts";
import type { Packet } from "../domain/ports.ts";

/** Joins neighbouring SQL packets into texts of up to `limitBytes`; a larger one stays alone. */
export async function* joinPackets(
  packets: AsyncIterable<Packet>,
  limitBytes: number,
): AsyncGenerator<Packet> {
  let texts: string[] = [];
  let files: LocalFile[] = [];
  let size = 0;

  for await (const packet of packets) {
    const added = packet.kind === "sql" ? Buffer.byteLength(packet.text) + 1 : Infinity;

    if (texts.length > 0 && size + added > limitBytes) {
      yield { kind: "sql", text: texts.join("\n"), files };
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
