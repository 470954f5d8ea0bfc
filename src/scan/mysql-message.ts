/** What the server makes of a message of several statements. */
import { isInBody } from "./mysql-compound.ts";
import { clientLexerOf, readClientToken, type ClientState } from "./mysql-lexis.ts";
import { newProgress, takeComment, takeToken, type Progress } from "./mysql-statement.ts";

/** One statement of a message. */
export interface MessagePart {
  readonly text: string;
  /** Where it begins in the message, in UTF-16 units. */
  readonly offset: number;
  /** Its first words, at most eight, in lower case. */
  readonly head: readonly string[];
}

/** What a statement begins with, but for those that only a body can hold. */
const STATEMENTS: ReadonlySet<string> = new Set(
  "alter analyze begin binlog call change check checksum commit create deallocate delete desc describe do drop execute explain flush grant handler help import insert install kill load lock optimize prepare purge release rename repair replace reset revoke rollback savepoint select set show shutdown signal start stop table truncate uninstall unlock update use values with xa".split(
    " ",
  ),
);

/**
 * The statements of a message, which a client sends as one when `;` is not its delimiter, and which
 * the server takes apart at each `;` outside of bodies. The message as a whole where a part is none
 * that could stand alone: then its grammar is another. Empty for no statement at all.
 */
export function splitMessage(text: string, state: ClientState): readonly MessagePart[] {
  const parts = partsOf(text, { ...state, delimiter: ";" });
  const [first] = parts;
  const areStatements = parts.every(
    ({ head, text: part }) => STATEMENTS.has(head[0] ?? "") || part.startsWith("("),
  );

  return first === undefined || areStatements
    ? parts
    : [{ text: text.slice(first.offset), offset: first.offset, head: first.head }];
}

function partsOf(text: string, state: ClientState): readonly MessagePart[] {
  const lexer = clientLexerOf(text, state);
  const parts: MessagePart[] = [];
  let progress = newProgress();

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readClientToken(lexer);

    if (kind === "delimiter" && !isInBody(progress.compound)) {
      parts.push(...finished(progress, text));
      progress = newProgress();
    } else if (kind === "comment" || kind === "client-comment") {
      takeComment(progress, start);
    } else if (kind !== "space") {
      takeToken(progress, lexer, { kind, start });
    }
  }

  return [...parts, ...finished(progress, text)];
}

/** None for white space and comments. */
function finished(
  { first, firstToken, lastEnd, head }: Progress,
  text: string,
): readonly MessagePart[] {
  return firstToken === -1 ? [] : [{ text: text.slice(first, lastEnd), offset: first, head }];
}
