/**
 * Texts that can stand in a gate. A server that skips a gate takes all of it for one comment, which
 * ends at the first star-slash.
 */
import { mysqlTokens, type MysqlToken, type MysqlTokenKind } from "./mysql-tokens.ts";

export { unwrapVersionComments } from "./mysql-version-comments.ts";

/** The text for a gate, or why there is none, and where. */
export type GatedText =
  | { readonly text: string }
  /** `fault` is lower case, without a full stop. */
  | { readonly fault: string; readonly offset: number };

const STAR_SLASH = "*/";

/**
 * A text that can stand in a gate and means the same in the default lexing: its comments are line
 * comments, and no string holds a star-slash. Every token stays on its line. A text without a
 * star-slash comes back as it is, so twice is as good as once.
 */
export function gateText(text: string): GatedText {
  if (!text.includes(STAR_SLASH)) {
    return { text };
  }

  const output: Output = { parts: [], comments: [] };
  for (const token of mysqlTokens(text)) {
    const part = text.slice(token.start, token.end);
    const fault = faultOf(token, part);
    if (fault !== undefined) {
      return { fault, offset: token.start };
    }
    (WRITERS[token.kind] ?? write)(output, part);
  }
  endLine(output);

  return { text: output.parts.join("").trim() };
}

function faultOf({ kind, closed }: MysqlToken, part: string): string | undefined {
  if (!closed) {
    return "what begins here has no end, but a star-slash behind it";
  }

  return part.includes(STAR_SLASH) || kind === "version" ? FAULTS[kind] : undefined;
}

const FAULTS: Readonly<Partial<Record<MysqlTokenKind, string>>> = {
  hint: "a hint ends with a star-slash",
  version: "a comment for some servers only ends with a star-slash",
  identifier: "a name holds a star-slash",
  "dollar-quoted": "dollar-quoted text holds a star-slash",
};

interface Output {
  readonly parts: string[];
  /** Comments that wait for the end of their line, because the rest of it would be in them. */
  readonly comments: string[];
}

const WRITERS: Readonly<Partial<Record<MysqlTokenKind, (output: Output, part: string) => void>>> = {
  space: writeSpace,
  comment: writeComment,
  string: writeString,
};

/** What would end the gate, or begin a comment where one has been taken out behind it. */
const APART: ReadonlySet<string> = new Set([STAR_SLASH, "--"]);

function write({ parts }: Output, part: string): void {
  parts.push(APART.has(`${parts.at(-1)?.at(-1)}${part}`) ? ` ${part}` : part);
}

function writeString(output: Output, part: string): void {
  output.parts.push(part.replaceAll(STAR_SLASH, String.raw`*\/`));
}

function writeSpace(output: Output, part: string): void {
  const feed = part.indexOf("\n");

  if (feed === -1 || output.comments.length === 0) {
    output.parts.push(part);
  } else {
    output.parts.push(part.slice(0, feed));
    endLine(output);
    output.parts.push(part.slice(feed));
  }
}

function writeComment(output: Output, part: string): void {
  if (!part.startsWith("/*")) {
    output.parts.push(part.replaceAll(STAR_SLASH, "* /"));
    return;
  }

  const lines = part.slice(2, -2).replaceAll(STAR_SLASH, "* /").split("\n");
  const last = lines.pop() ?? "";
  separate(output);
  for (const line of lines) {
    output.comments.push(line.trim());
    endLine(output);
    output.parts.push("\n");
  }
  // At the very beginning even nothing has to keep its line.
  if (last.trim() !== "" || output.parts.length === 0) {
    output.comments.push(last.trim());
  }
}

function endLine(output: Output): void {
  for (const comment of output.comments.splice(0)) {
    separate(output);
    output.parts.push(`-- ${comment}`.trim());
  }
}

/** What stood on both sides of a comment must not become one token. */
function separate({ parts }: Output): void {
  if (/\S$/.test(parts.findLast((part) => part !== "") ?? "")) {
    parts.push(" ");
  }
}
