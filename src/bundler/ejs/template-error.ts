/** What went wrong in a template, and at which of its lines. */
import { compileFunction } from "node:vm";

import { RowgateError } from "../../domain/errors.ts";
import { codePoints } from "../../scan/text-place.ts";

/**
 * The error for what EJS or the template's own code threw. EJS puts `path:line` and an excerpt
 * before the message of what is thrown while a template runs; for code that is no JavaScript it
 * names no line.
 */
export function templateError(path: string, template: string, error: unknown): RowgateError {
  const text = error instanceof Error ? error.message : String(error);
  const position = text.startsWith(`${path}:`)
    ? /^:(?<line>\d+)\n/u.exec(text.slice(path.length))
    : null;
  const { line, column, reason } =
    position === null
      ? faultOf(template, text)
      : thrownAt(template, Number(position.groups?.["line"]), text.slice(text.indexOf("\n\n") + 2));

  return new RowgateError("template-failed", {
    message: `${path} cannot be rendered: ${reason.split("\n", 1)[0] ?? ""}`,
    hint: hintFor(error),
    at: { path, line, column },
    cause: error,
  });
}

function hintFor(error: unknown): string {
  return error instanceof ReferenceError || error instanceof TypeError
    ? "Give the variable a value with --var NAME=VALUE, or under variables in rowgate.yaml."
    : "Correct the template; between <% and %> it is JavaScript.";
}

interface Fault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

const TAG = /<%(?!%)[=_#-]?(?<code>[^]*?)[-_]?%>/gu;

/**
 * A fault of a line that EJS names. It is that of the only tag that begins there, or of the first
 * that holds the name without value; else the whole line's.
 */
function thrownAt(template: string, line: number, reason: string): Fault {
  const tags = [...template.matchAll(TAG)].filter(({ index }) => lineOf(template, index) === line);
  const name = /^(\S+) is not defined/u.exec(reason)?.[1];
  const tag =
    tags.length === 1 ? tags[0] : tags.find(([code]) => name !== undefined && code.includes(name));

  return { line, column: tag === undefined ? 1 : columnOf(template, tag.index), reason };
}

/**
 * The first tag whose code makes no beginning of a script together with the code before it. Without
 * one the last tag, where something is left open.
 */
function faultOf(template: string, text: string): Fault {
  let code = "";

  for (const { 0: tag, index, groups } of template.matchAll(TAG)) {
    const own = tag.startsWith("<%#") ? "" : (groups?.["code"] ?? "");

    code += /^<%[=-]/u.test(tag) ? `;(${own}\n);` : `;${own}\n`;
    const reason = syntaxFault(code);

    if (reason !== undefined) {
      return { ...placeOf(template, index), reason };
    }
  }

  const last = Math.max(0, template.lastIndexOf("<%"));
  const isOpen = text.startsWith("Could not find matching close tag");

  return {
    ...placeOf(template, last),
    reason: isOpen ? text : "something that its JavaScript opens is never closed",
  };
}

/** Undefined for code that may go on: V8 refuses it for its end alone. */
function syntaxFault(code: string): string | undefined {
  try {
    compileFunction(code);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);

    return message === "Unexpected end of input" ? undefined : message;
  }
}

function placeOf(text: string, offset: number): Pick<Fault, "line" | "column"> {
  return { line: lineOf(text, offset), column: columnOf(text, offset) };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function columnOf(text: string, offset: number): number {
  return codePoints(text, text.slice(0, offset).lastIndexOf("\n") + 1, offset) + 1;
}
