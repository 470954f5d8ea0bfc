/** What the header of a script says of a block. */
import type { Block } from "../domain/block.ts";

/** What a reader wants first, and only what is not as usual. */
export function describeBlock(block: Block): object {
  const { position, id, kind, name, checksum, statements, sizeBytes } = block;

  return {
    position,
    id,
    kind,
    name,
    checksum,
    statements,
    sizeBytes,
    ...(block.transaction === "shared" ? {} : { transaction: block.transaction }),
    ...(block.commitAfter ? { commitAfter: true } : {}),
    ...(block.outOfOrder ? { outOfOrder: true } : {}),
    ...(block.hasAssertions === true ? { hasAssertions: true } : {}),
    ...(block.hasCopy ? { hasCopy: true } : {}),
    ...(Object.keys(block.settings).length > 0 ? { settings: block.settings } : {}),
    ...(block.leaks.length > 0 ? { leaks: block.leaks } : {}),
  };
}
