/** The file of a `LOAD DATA LOCAL`: a part of the source, like the file of a `\copy`. */
import type { LocalFile } from "../../domain/block.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { readSameBytes, sha256Of } from "../files/read-bytes.ts";
import { resolveInclude } from "../reading/include.ts";
import type { Session } from "../reading/session.ts";

/**
 * Finds the file that a statement names, and adds its bytes to the checksum of what is read.
 *
 * @throws RowgateError `include-missing`, `include-outside`, `file-unreadable`.
 */
export function readLocalFile(
  { name, at }: { readonly name: string; readonly at: SourcePosition },
  session: Session,
): LocalFile {
  const { root } = session.tree;
  const place = resolveInclude(root, { path: name, from: "root", at });
  const sha256 = sha256Of(place);

  session.onFile(place.path);
  session.hash.update(`\n${sha256}\n`);

  return { name, path: place.path, sha256, open: () => readSameBytes(place, sha256) };
}
