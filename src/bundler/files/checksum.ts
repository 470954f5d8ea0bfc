/** Checksums over the canonical text of blocks: UTF-8, no BOM, LF. */
import { createHash } from "node:crypto";

import type { BlockHeader } from "../../domain/block.ts";

/** A hash that takes canonical text in pieces. */
export interface TextHash {
  /** The next part of the text; CRLF becomes LF, also where it is cut in two. */
  update(text: string): void;
  /** `s1:` and the SHA-256 in hex. The hash takes nothing more after it. */
  checksum(): string;
}

/** Many small texts are hashed together: each call of the hash itself costs a microsecond. */
const BATCH_UNITS = 64 * 1024;

export function createTextHash(): TextHash {
  const hash = createHash("sha256");
  let waiting = "";

  const flush = (text: string): void => {
    hash.update(text.includes("\r") ? text.replaceAll("\r\n", "\n") : text, "utf8");
  };

  return {
    update(text) {
      waiting += text;
      if (waiting.length < BATCH_UNITS) {
        return;
      }

      // Neither a CRLF nor a character of two units may be cut in two.
      const end = /[\r\uD800-\uDBFF]/.test(waiting.slice(-1)) ? -1 : waiting.length;

      flush(waiting.slice(0, end));
      waiting = end === -1 ? waiting.slice(end) : "";
    },
    checksum() {
      flush(waiting);
      return `s1:${hash.digest("hex")}`;
    },
  };
}

/**
 * SHA-256, in hex, over the ids, kinds and checksums of all blocks in order, and those of the verify
 * files, by the id of their block.
 */
export function bundleChecksum(
  blocks: readonly BlockHeader[],
  verified: ReadonlyMap<string, string> = new Map(),
): string {
  const hash = createHash("sha256");

  for (const block of blocks) {
    hash.update(`${block.id}\t${block.kind}\t${block.checksum}\n`, "utf8");
    const verify = verified.get(block.id);
    if (verify !== undefined) {
      hash.update(`${block.id}\tverify\t${verify}\n`, "utf8");
    }
  }

  return hash.digest("hex");
}
