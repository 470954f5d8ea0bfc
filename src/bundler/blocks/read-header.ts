/** What a bundle knows of a file before its SQL is split: its checksum and its directives. */
import { readDirectives, type Directives } from "../../scan/directives.ts";
import { createTextHash } from "../files/checksum.ts";
import type { FilePlace } from "../files/read-text.ts";
import { expandFile } from "../reading/expand.ts";
import type { Rules } from "../reading/rules.ts";
import type { Session } from "../reading/session.ts";
import { openSource, type SourceText } from "../reading/source-text.ts";

export interface FileHeader {
  readonly checksum: string;
  readonly directives: Directives;
}

/** A command or a variable may be cut in two by the end of a chunk. */
const OVERLAP = 128;

export const NO_DIRECTIVES: Directives = {
  outOfOrder: false,
  requires: [],
  assertions: [],
  settings: {},
  commitAfter: false,
};

/**
 * Reads a file once. One that is no more and no less than its own text is hashed as it is, without being
 * split; all others are expanded. Both give the same checksum where both are possible.
 *
 * @throws RowgateError `directive-unknown`, and what `Rules.walkFile` throws.
 */
export async function readHeader(place: FilePlace, session: Session): Promise<FileHeader> {
  const source = await openSource(place, session.tree);
  const { rules } = session.tree;
  const reading = hashPlain(source, rules.expansions(session));
  const directives = directivesOf(reading.head, source, { path: place.path, rules });

  if (reading.checksum !== undefined) {
    session.onFile(place.path);
    return { checksum: reading.checksum, directives };
  }

  const expanding = { ...session, hash: createTextHash() };
  const pieces = expandFile(place, expanding);

  while ((await pieces.next()).done !== true) {
    // Only the hash is wanted, and what the file sets.
  }
  return { checksum: expanding.hash.checksum(), directives };
}

interface Origin {
  readonly path: string;
  readonly rules: Rules;
}

/** The directives in the leading comments of `text`. Throws as `readHeader` does. */
export function parseDirectives(text: string, { path, rules }: Origin): Directives {
  return /rowgate:/iu.test(text) ? readDirectives(text, path, rules.comments) : NO_DIRECTIVES;
}

function directivesOf(head: string, source: SourceText, origin: Origin): Directives {
  const directives = source.explain(() => parseDirectives(head, origin));

  return {
    ...directives,
    requires: directives.requires.map(({ id, line, column }) => ({
      id,
      line: source.lineOf(line),
      column,
    })),
    assertions: directives.assertions.map(({ time, query, line, column }) => ({
      time,
      query,
      line: source.lineOf(line),
      column,
    })),
  };
}

/** `checksum` is undefined when the pattern was met: then the plain text does not count. */
function hashPlain(
  source: SourceText,
  pattern: RegExp,
): { readonly head: string; readonly checksum: string | undefined } {
  const hash = createTextHash();
  let head: string | undefined;
  let before = "";

  for (const chunk of source.chunks) {
    head ??= chunk;
    if (pattern.test(before + chunk)) {
      return { head, checksum: undefined };
    }
    hash.update(chunk);
    before = chunk.slice(-OVERLAP);
  }
  return { head: head ?? "", checksum: hash.checksum() };
}
