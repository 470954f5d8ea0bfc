/** What the header of a script says of a block. */
import type { Block } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import type { ScriptOptions } from "../domain/ports.ts";

/** What the header says of the bundle, before its blocks. */
export function describeBundle(
  { dialect, release, checksum, undo }: Bundle,
  { versions, form, transaction }: ScriptOptions,
  token: string,
): object {
  return {
    format: 1,
    dialect,
    release,
    checksum,
    versions,
    form,
    transaction,
    token,
    ...(undo === undefined ? {} : { undo: { to: undo.to } }),
  };
}

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
    ...(block.undoes === undefined ? {} : { undoes: block.undoes }),
  };
}
