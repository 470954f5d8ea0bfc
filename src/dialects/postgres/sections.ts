/**
 * The parts of a script that hold the user's SQL, between marker lines with a digest, so that a
 * script can be read back. The token in a marker comes from a digest of the bundle: no SQL in the
 * bundle can hold it.
 */
import { createHash } from "node:crypto";
import type { Block, StatementPiece } from "../../domain/block.ts";
import { placePrefix } from "../../scan/place-prefix.ts";
import type { Run } from "./parts.ts";
import { dollarTag, literal } from "./quoting.ts";

/** Wraps `text` in the marker lines of a section. */
export function section(token: string, title: string, text: string): string {
  const digest = createHash("sha256").update(text).digest("hex");

  return `--@ ${token} ${title}\n${text}\n--@ ${token} end sha256 ${digest}`;
}

/** The row of a run in the driver's VALUES list: (position, opens, closes, settings, statements). */
export function runRow(run: Run): string {
  const { block, opens, closes } = run;
  const settings = literal(JSON.stringify(opens ? block.settings : {}));
  const statements = run.statements.map((piece) => quotedStatement(piece)).join(",\n");

  return `(${block.position}, ${opens}, ${closes}, ${settings}, ARRAY[\n${statements}${statements === "" ? "" : "\n"}]::text[])`;
}

/** A statement as the driver executes it: with its place before it. */
export function statementText(piece: StatementPiece): string {
  return `${placePrefix(piece)}${piece.text}\n`;
}

/** A statement with its place, as a dollar-quoted string. */
function quotedStatement(piece: StatementPiece): string {
  const text = statementText(piece);
  const tag = dollarTag(text, "rg");

  return `${tag}${text}${tag}`;
}

/** The title of the section that holds a run. */
export function runTitle(block: Block): string {
  return `data ${block.position}`;
}
