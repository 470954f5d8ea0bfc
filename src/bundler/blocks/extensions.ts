import type { Block } from "../../domain/block.ts";

const CREATE_EXTENSION =
  /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([a-z0-9_]+))/gi;

/**
 * Names of the extensions that the blocks may create, each once, in the order of the blocks. It may
 * name more than they do, from comments for one: an embedded database must know them when it starts,
 * and one too many does no harm.
 */
export async function extensionsOf(blocks: readonly Block[]): Promise<readonly string[]> {
  const names = new Set<string>();

  for (const block of blocks) {
    for await (const piece of block.pieces()) {
      for (const [, quoted, bare] of piece.text.matchAll(CREATE_EXTENSION)) {
        names.add(quoted ?? (bare ?? "").toLowerCase());
      }
    }
  }

  return [...names];
}
