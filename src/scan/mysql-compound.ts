/**
 * Where a statement with statements in it ends: CREATE PROCEDURE and its like, and MariaDB's BEGIN
 * NOT ATOMIC. It follows the grammar of stored programs, word by word.
 */
import type { ClientTokenKind } from "./mysql-lexis.ts";

/** What an END closes. `case` is an expression, `until` the condition at the end of a REPEAT. */
type Opener = "begin" | "if" | "choice" | "loop" | "while" | "repeat" | "for" | "case" | "until";

/**
 * - `head`: only what it creates is to be found out.
 * - `routine`, `trigger`, `event`: before its body.
 * - `body`: where its body may begin.
 * - `open`: in the statements of its body.
 * - `plain`: its first delimiter ends it.
 */
type Phase = "head" | "routine" | "trigger" | "event" | "body" | "open" | "plain";

/** The part of a handler that was read: its conditions stand between FOR and its statement. */
type Handler = "none" | "declare" | "handler" | "condition" | "sqlstate" | "not" | "complete";

/** How far a statement has come. */
export interface Compound {
  phase: Phase;
  /** What is open, outermost first. */
  readonly stack: Opener[];
  /** A statement of the body begins here. */
  isStart: boolean;
  /** The last token could be the end of an expression. */
  isOperand: boolean;
  /** The word before, in capitals; empty when it was none. */
  previous: string;
  handler: Handler;
  parentheses: number;
  words: number;
  hasDefiner: boolean;
}

/** What of a token counts: its kind, and a word or a mark in capitals. */
export interface CompoundToken {
  readonly kind: ClientTokenKind;
  readonly word: string;
}

export function newCompound(): Compound {
  return {
    phase: "head",
    stack: [],
    isStart: false,
    isOperand: false,
    previous: "",
    handler: "none",
    parentheses: 0,
    words: 0,
    hasDefiner: false,
  };
}

/** Whether a `;` here stands between the statements of a body. */
export function isInBody({ stack }: Compound): boolean {
  return stack.length > 0;
}

/** Whether `$$` begins a quoted body here: behind the AS of a routine. */
export function takesDollarQuote({ phase, previous }: Compound): boolean {
  return previous === "AS" && (phase === "routine" || phase === "body");
}

/** Takes note of a token that is neither white space nor a comment. */
export function advanceCompound(compound: Compound, token: CompoundToken): void {
  if (compound.phase === "plain") {
    return;
  }

  STEPS[compound.phase](compound, token);
  compound.isOperand = isOperand(compound, token);
  compound.previous = token.kind === "word" ? token.word : "";
}

type Step = (compound: Compound, token: CompoundToken) => void;

const STEPS: Readonly<Record<Exclude<Phase, "plain">, Step>> = {
  head: readHead,
  routine: readParameters,
  trigger: readTriggerHead,
  event: readSchedule,
  body: readBodyStart,
  open: readBody,
};

const HEADS: ReadonlyMap<string, Phase> = new Map<string, Phase>([
  ["PROCEDURE", "routine"],
  ["FUNCTION", "routine"],
  ["TRIGGER", "trigger"],
  ["EVENT", "event"],
]);

const FIRST_WORDS: ReadonlySet<string> = new Set(["CREATE", "ALTER", "BEGIN"]);
const BETWEEN: ReadonlySet<string> = new Set(["OR", "REPLACE", "AGGREGATE", "DEFINER", "NOT"]);
/** Words that cannot be of the definer's name. */
const BEHIND_DEFINER: ReadonlySet<string> = new Set(["SQL", "VIEW", "PACKAGE"]);

function readHead(compound: Compound, { kind, word }: CompoundToken): void {
  compound.words += kind === "word" ? 1 : 0;
  if (compound.words <= 1) {
    compound.phase = staysBeforeHead(compound, { kind, word }) ? "head" : "plain";
  } else if (kind !== "word") {
    compound.phase = "head";
  } else if (compound.previous === "NOT" && word === "ATOMIC") {
    openBlock(compound, "begin");
  } else {
    compound.phase = HEADS.get(word) ?? (staysInHead(compound, word) ? "head" : "plain");
    compound.hasDefiner ||= word === "DEFINER";
  }
}

/** Up to the second word: a version comment may begin before the first and end behind it. */
function staysBeforeHead({ words }: Compound, { kind, word }: CompoundToken): boolean {
  return kind === "word" ? FIRST_WORDS.has(word) : kind === "version" || words === 1;
}

function staysInHead({ hasDefiner }: Compound, word: string): boolean {
  return BETWEEN.has(word) || (hasDefiner && !BEHIND_DEFINER.has(word));
}

/** Up to the parenthesis that closes the parameters; a loadable function has none. */
function readParameters(compound: Compound, { kind }: CompoundToken): void {
  countParentheses(compound, kind);
  if (kind === "close" && compound.parentheses === 0) {
    compound.phase = "body";
  }
}

function readTriggerHead(compound: Compound, { word }: CompoundToken): void {
  if (compound.previous === "EACH" && word === "ROW") {
    compound.phase = "body";
  }
}

function readSchedule(compound: Compound, { kind, word }: CompoundToken): void {
  countParentheses(compound, kind);
  if (word === "DO" && compound.parentheses === 0) {
    compound.phase = "body";
  }
}

function countParentheses(compound: Compound, kind: ClientTokenKind): void {
  if (kind === "open") {
    compound.parentheses += 1;
  } else if (kind === "close") {
    compound.parentheses = Math.max(0, compound.parentheses - 1);
  }
}

const OPENERS: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ["BEGIN", "begin"],
  ["IF", "if"],
  ["CASE", "choice"],
  ["LOOP", "loop"],
  ["WHILE", "while"],
  ["REPEAT", "repeat"],
  ["FOR", "for"],
]);

/** The first words of statements that have no statements in them. */
const SIMPLE: ReadonlySet<string> = new Set(
  "ALTER ANALYZE CALL CREATE DELETE DO DROP EXECUTE FLUSH GRANT INSERT KILL OPTIMIZE RENAME REPLACE RESIGNAL RETURN REVOKE SELECT SET SIGNAL TABLE TRUNCATE UPDATE VALUES WITH".split(
    " ",
  ),
);

/** Behind these, SET is no statement: they are types and character sets. */
const BEFORE_SET: ReadonlySet<string> = new Set(["CHARACTER", "CHAR", "RETURNS"]);

function readBodyStart(compound: Compound, { kind, word }: CompoundToken): void {
  countParentheses(compound, kind);
  if (compound.parentheses > 0 || kind !== "word") {
    return;
  }

  const opener = OPENERS.get(word);

  if (opener !== undefined) {
    openBlock(compound, opener);
  } else if (SIMPLE.has(word) && !(word === "SET" && BEFORE_SET.has(compound.previous))) {
    compound.phase = "plain";
  }
}

function readBody(compound: Compound, token: CompoundToken): void {
  const top = compound.stack.at(-1);

  if (top === "case" || top === "until") {
    readExpression(compound, token);
    return;
  }
  readHandler(compound, token);

  if (token.kind === "word") {
    readWordOfBody(compound, token.word);
  } else {
    // Behind a word at the start, a colon makes a label of it.
    const isLabel = token.kind === "colon" && compound.handler === "none";
    compound.isStart = isEnd(token) || (isLabel && compound.isOperand);
  }
}

function isEnd({ kind }: CompoundToken): boolean {
  return kind === "semicolon" || kind === "delimiter";
}

/** END may be the name of a column, but not where an expression can end. */
function readExpression(compound: Compound, { word }: CompoundToken): void {
  if (word === "END" && compound.isOperand) {
    compound.stack.pop();
  } else if (word === "CASE") {
    compound.stack.push("case");
  }
}

function readWordOfBody(compound: Compound, word: string): void {
  const { stack, isStart, previous } = compound;

  compound.isStart = false;
  if (isStart) {
    readFirstOfStatement(compound, word);
  } else if (word === "CASE" && previous !== "END") {
    stack.push("case");
  } else {
    compound.isStart = beginsStatements(stack.at(-1), word);
  }
}

function readFirstOfStatement(compound: Compound, word: string): void {
  const { stack } = compound;
  const opener = OPENERS.get(word);

  if (opener !== undefined) {
    openBlock(compound, opener);
  } else if (word === "END") {
    closeBlock(compound);
  } else if (word === "UNTIL" && stack.at(-1) === "repeat") {
    stack[stack.length - 1] = "until";
  } else if (word === "ELSE") {
    compound.isStart = true;
  }
}

/** Whether statements follow the word within the construct that is open. */
function beginsStatements(top: Opener | undefined, word: string): boolean {
  if (top === "if" || top === "choice") {
    return word === "THEN";
  }

  return (top === "while" || top === "for") && word === "DO";
}

function openBlock(compound: Compound, opener: Opener): void {
  compound.phase = "open";
  compound.stack.push(opener);
  compound.isStart = opener === "begin" || opener === "loop" || opener === "repeat";
}

function closeBlock(compound: Compound): void {
  compound.stack.pop();
  compound.phase = compound.stack.length === 0 ? "plain" : "open";
}

/** A statement follows the conditions of DECLARE … HANDLER FOR without anything between. */
function readHandler(compound: Compound, token: CompoundToken): void {
  if (isEnd(token)) {
    compound.handler = "none";
  } else if (compound.handler === "none") {
    compound.handler = compound.isStart && token.word === "DECLARE" ? "declare" : "none";
  } else if (compound.handler === "complete" && token.word !== ",") {
    compound.handler = "none";
    compound.isStart = true;
  } else {
    compound.handler = NEXT_IN_HANDLER[compound.handler](token.word);
  }
}

const NEXT_IN_HANDLER: Readonly<Record<Handler, (word: string) => Handler>> = {
  none: () => "none",
  declare: (word) => (word === "HANDLER" ? "handler" : "declare"),
  handler: () => "condition",
  condition: (word) => CONDITIONS.get(word) ?? "complete",
  sqlstate: (word) => (word === "VALUE" ? "sqlstate" : "complete"),
  not: () => "complete",
  complete: () => "condition",
};

const CONDITIONS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["SQLSTATE", "sqlstate"],
  ["NOT", "not"],
]);

/** Words that an operand or a name must follow. */
const OPERATORS: ReadonlySet<string> = new Set(
  "WHEN THEN ELSE CASE AND OR NOT XOR BETWEEN LIKE RLIKE REGEXP IN IS DIV MOD BINARY DISTINCT INTERVAL UNTIL SELECT FROM WHERE BY HAVING ON AS USING JOIN LIMIT".split(
    " ",
  ),
);

function isOperand({ phase }: Compound, { kind, word }: CompoundToken): boolean {
  if (phase !== "open") {
    return false;
  }
  if (kind === "word") {
    return !OPERATORS.has(word);
  }

  return kind === "quoted" || kind === "close";
}
