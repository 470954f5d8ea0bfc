/** Folders, as Git keeps them. */
import { RowgateError } from "../../domain/errors.ts";

export interface TreeEntry {
  readonly kind: "tree" | "file" | "link" | "submodule" | "unknown";
  /** Undefined when it is not UTF-8. */
  readonly name: string | undefined;
  readonly id: string;
}

const KINDS: ReadonlyMap<string, TreeEntry["kind"]> = new Map([
  ["40000", "tree"],
  ["100644", "file"],
  ["100755", "file"],
  // Written by old programs.
  ["100664", "file"],
  ["120000", "link"],
  ["160000", "submodule"],
]);

/**
 * The entries of a tree object, whose ids have so many bytes.
 *
 * @throws RowgateError `export-refused`, when it is malformed, which git itself does not look for.
 */
export function parseTree(content: Buffer, idBytes: number): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];

  for (let start = 0; start < content.length;) {
    const space = content.indexOf(" ", start);
    const end = content.indexOf("\0", start);

    if (space === -1 || end < space || end + idBytes >= content.length) {
      throw new RowgateError("export-refused", {
        message: "the repository holds a malformed folder",
        hint: "Run git fsck on the repository.",
      });
    }

    entries.push({
      kind: KINDS.get(content.toString("latin1", start, space)) ?? "unknown",
      name: decode(content.subarray(space + 1, end)),
      id: content.toString("hex", end + 1, end + 1 + idBytes),
    });
    start = end + 1 + idBytes;
  }

  return entries;
}

function decode(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");

  return Buffer.from(text).equals(bytes) ? text : undefined;
}
