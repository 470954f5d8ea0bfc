/** The assertions of a block: from its directives and from its verify file. */
import type { AssertionTime, StatementPiece } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import { leadingLength } from "../../scan/comments.ts";
import { findLateDirective } from "../../scan/directives.ts";
import { startOf } from "../reading/piece-place.ts";
import type { Planner, Rules } from "../reading/rules.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import type { Draft } from "./draft.ts";
import { NO_DIRECTIVES } from "./read-header.ts";

export interface Assertions {
  readonly before: readonly StatementPiece[];
  readonly after: readonly StatementPiece[];
}

/** Whether a block has any, which its headers tell. */
export function hasAssertions({ directives, verify }: Draft): boolean {
  return directives.assertions.length > 0 || verify !== undefined;
}

/**
 * Reads and checks the assertions of a block.
 *
 * @throws RowgateError `verify-invalid` for what is not a query; `syntax-invalid`; what the reading of
 * the verify file throws.
 */
export async function readAssertions(
  draft: Draft,
  { planner, rules }: { readonly planner: Planner; readonly rules: Rules },
): Promise<Assertions> {
  if (!hasAssertions(draft)) {
    return { before: [], after: [] };
  }

  const checker = planner.begin({ path: draft.path, directives: NO_DIRECTIVES, prefix: [] });
  const assertion = (query: WalkedPiece, time: AssertionTime): StatementPiece => {
    const piece = queryOf(query, rules);
    checker.add(piece);
    const { head: _head, ...bare } = piece;

    return rules.assertion(bare, time);
  };
  const written = directiveQueries(draft, rules).map(({ time, query }) => ({
    time,
    piece: assertion(query, time),
  }));
  const filed: StatementPiece[] = [];

  if (draft.verify !== undefined) {
    const reading = draft.verify.open(() => undefined);
    for await (const query of reading.pieces) {
      checkNoDirective(query, rules);
      filed.push(assertion(query, "after"));
    }
    checkFile(draft.verify, reading.checksum(), filed.length);
  }

  const of = (wanted: AssertionTime): readonly StatementPiece[] =>
    written.flatMap(({ time, piece }) => (time === wanted ? piece : []));

  return { before: of("before"), after: [...of("after"), ...filed] };
}

interface DirectiveQuery {
  readonly time: AssertionTime;
  readonly query: WalkedPiece;
}

function directiveQueries({ directives, path }: Draft, rules: Rules): readonly DirectiveQuery[] {
  return directives.assertions.map(({ time, query, line, column }) => {
    const at = { path, line, column };
    const count = rules.countStatements(query);

    if (count !== 1) {
      throw invalid(`a directive holds one query, not ${count}`, at, {
        hint: "Write one directive for each.",
      });
    }
    return { time, query: { kind: "statement", text: query, at, head: [] } };
  });
}

const QUERY = /^(?:select|with|values|table)\b|^\(/i;

function queryOf(piece: WalkedPiece, rules: Rules): WalkedPiece & { readonly kind: "statement" } {
  const start = leadingLength(piece.text, rules.comments);

  if (piece.kind === "copy" || !QUERY.test(piece.text.slice(start))) {
    throw invalid("an assertion has to be a query", startOf(piece, rules.comments), {
      hint: "Write a SELECT that returns true: one row, one column.",
    });
  }

  // The place of an assertion is that of its query, so that it begins with it.
  const skipped = piece.text.slice(0, start).split("\n").length - 1;
  const query = { ...piece, text: piece.text.slice(start), at: startOf(piece, rules.comments) };

  return piece.lines === undefined ? query : { ...query, lines: piece.lines.slice(skipped) };
}

/** It would be a comment like any other. */
function checkNoDirective({ text, at }: WalkedPiece, rules: Rules): void {
  const line = findLateDirective(text, at.line, rules.comments);

  if (line !== undefined) {
    throw new RowgateError("directive-unknown", {
      message: "a rowgate directive in a verify file has no effect",
      hint: "Move it to the top of the file of the block.",
      at: { path: at.path, line, column: 1 },
    });
  }
}

function checkFile(verify: Draft, checksum: string, count: number): void {
  const at = { path: verify.path, line: 1, column: 1 };

  if (checksum !== verify.checksum) {
    throw new RowgateError("file-unreadable", {
      message: `${verify.path} changed while it was being read`,
      hint: "Run the command again.",
      at,
    });
  }
  if (count === 0) {
    throw invalid(`${verify.path} holds no query`, at, {
      hint: "Write a SELECT that returns true, or delete the file.",
    });
  }
}

function invalid(
  message: string,
  at: SourcePosition,
  { hint }: { readonly hint: string },
): RowgateError {
  return new RowgateError("verify-invalid", { message, hint, at });
}
