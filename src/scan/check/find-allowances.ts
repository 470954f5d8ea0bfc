/** The allowances in the comments of a statement. */
import type { SourcePosition } from "../../domain/source.ts";
import type { CommentLexis } from "../comments.ts";
import { parseDirectives } from "../directives.ts";
import { readAllowance, type Allowance } from "./allow.ts";

export interface PlacedAllowance extends Allowance {
  readonly at: SourcePosition;
}

/** In order; often empty. What is no allowance is the business of others. */
export function findAllowances(
  {
    text,
    at,
    lines,
  }: {
    readonly text: string;
    readonly at: SourcePosition;
    readonly lines?: readonly number[] | undefined;
  },
  lexis: CommentLexis,
): readonly PlacedAllowance[] {
  if (!/rowgate:/iu.test(text)) {
    return [];
  }
  let feeds = 0;
  const found: PlacedAllowance[] = [];

  for (const { kind, start, end } of lexis(text)) {
    const part = text.slice(start, end);
    for (const { word, value, line } of kind === "comment" ? parseDirectives(part, feeds) : []) {
      const read = word === "allow" ? readAllowance(value) : "";
      if (typeof read !== "string") {
        found.push({
          ...read,
          at: { path: at.path, line: lines?.[line] ?? at.line + line, column: 1 },
        });
      }
    }
    feeds += part.split("\n").length - 1;
  }
  return found;
}
