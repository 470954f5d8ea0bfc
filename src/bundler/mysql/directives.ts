/** Directives in comments that no statement keeps: between a statement and its end, and behind all. */
import { mysqlComments } from "../../scan/comments.ts";
import { findLateDirective } from "../../scan/directives.ts";
import type { ClientEvent } from "../../scan/mysql.ts";
import { lateDirective } from "../reading/late-directive.ts";
import type { FileState } from "./file-state.ts";

const MENTION = /rowgate:/iu;

/** @throws RowgateError `directive-unknown` for a directive behind the first statement. */
export function checkDirectives(state: FileState, event: ClientEvent): void {
  const before = event.kind === "tail" ? event.text : event.gap;

  if (state.hasStatement && MENTION.test(before)) {
    const line = event.kind === "tail" ? event.line : event.line - feedsIn(before);

    checkText(state, before, line);
  }
  if (event.kind === "statement" && MENTION.test(event.end)) {
    checkText(state, event.end, event.line + feedsIn(event.text));
  }
}

function checkText({ place, source }: FileState, text: string, line: number): void {
  const late = findLateDirective(text, line, mysqlComments);

  if (late !== undefined) {
    throw lateDirective(place.path, source.lineOf(late));
  }
}

function feedsIn(text: string): number {
  return text.split("\n").length - 1;
}
