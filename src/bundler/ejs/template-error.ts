/** What went wrong in a template, and at which of its lines. */
import { compileFunction } from "node:vm";

import { RowgateError } from "../../domain/errors.ts";

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
  const { line, reason } =
    position === null
      ? faultOf(template, text)
      : {
          line: Number(position.groups?.["line"]),
          reason: text.slice(text.indexOf("\n\n") + 2),
        };

  return new RowgateError("template-failed", {
    message: `${path} cannot be rendered: ${reason.split("\n", 1)[0] ?? ""}`,
    hint: hintFor(error),
    at: { path, line, column: 1 },
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
  readonly reason: string;
}

/**
 * The first tag whose code makes no beginning of a script together with the code before it. Without
 * one the last tag, where something is left open.
 */
function faultOf(template: string, text: string): Fault {
  let code = "";

  for (const { 0: tag, index, groups } of template.matchAll(
    /<%(?!%)[=_#-]?(?<code>[^]*?)[-_]?%>/gu,
  )) {
    const own = tag.startsWith("<%#") ? "" : (groups?.["code"] ?? "");

    code += /^<%[=-]/u.test(tag) ? `;(${own}\n);` : `;${own}\n`;
    const reason = syntaxFault(code);

    if (reason !== undefined) {
      return { line: lineOf(template, index), reason };
    }
  }

  const last = Math.max(0, template.lastIndexOf("<%"));
  const isOpen = text.startsWith("Could not find matching close tag");

  return {
    line: lineOf(template, last),
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

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
