/** Whether statements that are sent one by one have begun a transaction that is still open. */
import { lexerOf, readToken } from "./postgres-lexis.ts";
import { advanceProgress, endsAtSemicolon, newProgress } from "./postgres-statement.ts";

/** Most statements have none of these words, and need not be read. */
const CONTROL_WORD = /\b(?:begin|start|commit|end|rollback|abort|prepare)\b/i;

const BEGINS = /^(?:begin|start transaction)\b/;
/** They finish a transaction that was prepared before, and not the open one. */
const OF_PREPARED = /^(?:commit|rollback) prepared\b/;
const TO_SAVEPOINT = /^rollback (?:work |transaction )?to\b/;
const CHAINS = /^(?:commit|end|rollback|abort) (?:work |transaction )?and chain\b/;
const ENDS = /^(?:commit|end|rollback|abort|prepare transaction)\b/;

/**
 * Whether a transaction of the statements' own is open after `text`, when `isOpen` says whether it
 * was before. `text` is one statement, or several that are sent together. It goes by the words that
 * they begin with: what an error would do is not known.
 */
export function isOpenAfter(text: string, isOpen: boolean): boolean {
  return CONTROL_WORD.test(text) ? headsOf(text).reduce(afterStatement, isOpen) : isOpen;
}

function afterStatement(isOpen: boolean, head: string): boolean {
  if (BEGINS.test(head)) {
    return true;
  }
  if (OF_PREPARED.test(head) || TO_SAVEPOINT.test(head) || CHAINS.test(head)) {
    return isOpen;
  }

  return isOpen && !ENDS.test(head);
}

/** The first words of each statement, in lower case. */
function headsOf(text: string): readonly string[] {
  const lexer = lexerOf(text);
  const heads: string[] = [];
  let progress = newProgress();

  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);

    if (kind === "semicolon" && endsAtSemicolon(progress)) {
      heads.push(progress.head.join(" "));
      progress = newProgress();
    } else if (kind !== "space" && kind !== "comment") {
      advanceProgress(progress, kind, kind === "word" ? text.slice(start, lexer.at) : "");
    }
  }

  return [...heads, progress.head.join(" ")];
}
