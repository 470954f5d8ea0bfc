/** `\copy`: the COPY statement that it stands for, and its data. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import type { CommandEvent } from "../../scan/postgres.ts";
import { readText } from "../files/read-text.ts";
import { walkCopy, walkFileCopy } from "./copy-data.ts";
import type { EventReader } from "./event-reader.ts";
import type { FileState } from "./file-state.ts";
import { resolveInclude } from "../reading/include.ts";
import type { WalkedCopy } from "../reading/walked.ts";

interface CopyCommand {
  readonly event: CommandEvent;
  readonly at: SourcePosition;
}

interface CopyArguments {
  /** The COPY statement, reading from STDIN. */
  readonly text: string;
  /** The file with the data; undefined when the data follows the command. */
  readonly file: string | undefined;
}

/** Names, quoted names, and lists in parentheses, then the origin, then the options. */
const FROM =
  /^(?<target>(?:"(?:[^"]|"")*"|\((?:"(?:[^"]|"")*"|[^()"])*\)|[^\s"()]|\s(?!(?:from|to)\s))+)\s+from\s+(?<origin>'(?:[^']|'')*'|\S+)(?<options>[^]*)$/iu;

/**
 * The COPY of a `\copy`, read from the lines that follow it or from a file of the tree.
 *
 * @throws RowgateError `copy-unsupported` when it does not read from one of these;
 * `include-missing`, `include-outside`, `file-unreadable` and `file-encoding` for its file.
 */
export async function* walkCopyCommand(
  { event, at }: CopyCommand,
  state: FileState,
  reader: EventReader,
): AsyncGenerator<WalkedCopy> {
  const { text, file } = parseCopy(event.args, at);
  const copy = { text, at, head: ["copy"] };
  const { session, source } = state;

  if (file === undefined) {
    yield* walkCopy(copy, source, { reader, session });
    return;
  }

  const place = resolveInclude(session.tree.root, { path: file, from: "root", at });

  session.onFile(place.path);
  yield* walkFileCopy(copy, readText(place), session);
}

/** @throws RowgateError `copy-unsupported` */
function parseCopy(args: string, at: SourcePosition): CopyArguments {
  const parts = FROM.exec(args.replace(/;\s*$/u, ""))?.groups;
  const origin = parts?.["origin"] ?? "";
  const word = origin.toLowerCase();

  if (parts === undefined || ["program", "pstdin", "stdout"].includes(word)) {
    throw new RowgateError("copy-unsupported", {
      message: "\\copy can only read from stdin or from a file of the source in a bundle",
      hint: "Write \\copy TABLE from stdin with the data behind it, or remove the command.",
      at,
    });
  }
  return {
    text: `COPY ${parts["target"] ?? ""} FROM STDIN${parts["options"] ?? ""};`,
    file: word === "stdin" ? undefined : unquoted(origin),
  };
}

function unquoted(origin: string): string {
  return origin.startsWith("'") ? origin.slice(1, -1).replaceAll("''", "'") : origin;
}
