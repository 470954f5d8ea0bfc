import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { Packet } from "../../../src/domain/ports.ts";
import { joinPackets } from "../../../src/deployer/packets.ts";
import { header } from "../domain/samples.ts";
import { copyPiece } from "./bundles.ts";

const sql = (text: string): Packet => ({ kind: "sql", text });

function copy(text: string): Packet {
  const piece = copyPiece("1.sql", text, []);

  if (piece.kind !== "copy") {
    throw new TypeError("not a copy");
  }
  return { kind: "copy", block: header(1), piece };
}

async function joined(
  packets: readonly Packet[],
  ...limits: readonly [limit: number, first?: number]
): Promise<readonly string[]> {
  async function* all(): AsyncGenerator<Packet> {
    yield* packets;
  }
  const texts: string[] = [];

  for await (const packet of joinPackets(all(), ...limits)) {
    texts.push(packet.kind === "sql" ? packet.text : `copy ${packet.piece.text}`);
  }
  return texts;
}

describe("joinPackets", () => {
  it("sends nothing for nothing", async () => {
    assert.deepEqual(await joined([], 10), []);
  });

  it("joins neighbours by a line feed", async () => {
    assert.deepEqual(await joined([sql("a"), sql("b")], 10), ["a\nb"]);
  });

  it("begins a new message where one would become too large, in bytes", async () => {
    assert.deepEqual(await joined([sql("éé"), sql("éé"), sql("é")], 9), ["éé", "éé\né"]);
  });

  it("leaves a packet alone that is larger than the limit", async () => {
    assert.deepEqual(await joined([sql("a"), sql("bbbbbb"), sql("c")], 4), ["a", "bbbbbb", "c"]);
  });

  it("begins with a shorter message and doubles it up to the limit", async () => {
    const messages = await joined(Array.from("abcdefghijklm", sql), 7, 2);

    assert.deepEqual(
      messages.map((text) => text.replaceAll("\n", "")),
      ["a", "bc", "def", "ghi", "jkl", "m"],
    );
  });

  it("keeps COPY in its place", async () => {
    assert.deepEqual(await joined([sql("a"), copy("x"), sql("b"), sql("c")], 10), [
      "a",
      "copy x",
      "b\nc",
    ]);
  });

  it("loses nothing and keeps the order, whatever the sizes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-zé]{1,6}$/)),
        fc.integer({ min: 1, max: 30 }),
        async (texts, limit) => {
          const messages = await joined(texts.map(sql), limit);

          assert.equal(messages.join("\n"), texts.join("\n"));
          assert.ok(
            messages.every((text) => Buffer.byteLength(text) <= limit || !text.includes("\n")),
          );
        },
      ),
    );
  });
});
