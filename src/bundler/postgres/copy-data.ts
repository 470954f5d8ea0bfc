/** The data of a COPY, read while the file around it is read. */
import { readCopyData, type EventReader } from "./event-reader.ts";
import type { Session } from "../reading/session.ts";
import type { SourceText } from "../reading/source-text.ts";
import type { WalkedCopy } from "../reading/walked.ts";

type CopyStart = Pick<WalkedCopy, "text" | "at" | "head">;

/** A COPY whose data follows in the file; what nobody reads of the data is skipped. */
export async function* walkCopy(
  copy: CopyStart,
  source: SourceText,
  { reader, session }: { readonly reader: EventReader; readonly session: Session },
): AsyncGenerator<WalkedCopy> {
  const first = await reader.peek();
  const line = first !== undefined && "line" in first ? first.line : copy.at.line;
  const data = readCopyData(reader, (text) => session.hash.update(text));

  yield* oneCopy({ ...copy, dataLine: source.lineOf(line) }, data);
}

/** A COPY whose data is the whole of another file. */
export async function* walkFileCopy(
  copy: CopyStart,
  chunks: Generator<string>,
  session: Session,
): AsyncGenerator<WalkedCopy> {
  session.hash.update("\n");
  yield* oneCopy({ ...copy, dataLine: 1 }, heard(wholeLines(chunks), session));
}

async function* oneCopy(
  copy: CopyStart & { readonly dataLine: number },
  data: AsyncGenerator<string>,
): AsyncGenerator<WalkedCopy> {
  let isCurrent = true;

  try {
    yield {
      kind: "copy",
      ...copy,
      isCurrent: () => isCurrent,
      // Not `yield*`: a reader that stops half-way must not end the data for the rest of us.
      async *data() {
        for (let next = await data.next(); next.done !== true; next = await data.next()) {
          yield next.value;
        }
      },
    };
    isCurrent = false;
    while ((await data.next()).done !== true) {
      // Only the hash wants what is left.
    }
  } finally {
    isCurrent = false;
    await data.return(undefined);
  }
}

async function* heard(chunks: Generator<string>, session: Session): AsyncGenerator<string> {
  for (const chunk of chunks) {
    session.hash.update(chunk);
    yield chunk;
  }
}

/** The same text in chunks of whole lines, the last one ended too. */
function* wholeLines(chunks: Iterable<string>): Generator<string> {
  let rest: string[] = [];

  for (const chunk of chunks) {
    const end = chunk.lastIndexOf("\n") + 1;

    if (end === 0) {
      rest.push(chunk);
    } else {
      yield [...rest, chunk.slice(0, end)].join("");
      rest = end === chunk.length ? [] : [chunk.slice(end)];
    }
  }
  if (rest.length > 0) {
    yield `${rest.join("")}\n`;
  }
}
