/** Checksums over the canonical text of blocks: UTF-8, no BOM, LF. */
import { createHash } from "node:crypto";

import type { BlockHeader } from "../domain/block.ts";

/** A hash that takes canonical text in pieces. */
export interface TextHash {
  /** The next part of the text; CRLF becomes LF, also where it is cut in two. */
  update(text: string): void;
  /** `s1:` and the SHA-256 in hex. The hash takes nothing more after it. */
  checksum(): string;
}

export function createTextHash(): TextHash {
  const hash = createHash("sha256");
  let heldReturn = "";

  return {
    update(text) {
      const whole = heldReturn + text;

      heldReturn = whole.endsWith("\r") ? "\r" : "";
      const ready = heldReturn === "" ? whole : whole.slice(0, -1);

      hash.update(ready.includes("\r") ? ready.replaceAll("\r\n", "\n") : ready, "utf8");
    },
    checksum() {
      return `s1:${hash.update(heldReturn, "utf8").digest("hex")}`;
    },
  };
}

/** SHA-256, in hex, over the ids, kinds and checksums of all blocks in order. */
export function bundleChecksum(blocks: readonly BlockHeader[]): string {
  const hash = createHash("sha256");

  for (const block of blocks) {
    hash.update(`${block.id}\t${block.kind}\t${block.checksum}\n`, "utf8");
  }

  return hash.digest("hex");
}
