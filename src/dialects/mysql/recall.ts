/** From a server's error, and what the session remembers of it, to the place in the user's files. */
import { DatabaseError } from "../../domain/errors.ts";
import type { Place, Recall, RecalledError, Row } from "../../domain/ports.ts";
import { readPlaceLine, type PlacePrefix } from "../../scan/place-prefix.ts";
import { codePoints } from "../../scan/text-place.ts";
import { refusalOf } from "./errors.ts";
import { RELEASE } from "./gtid.ts";
import { placeOfStatement } from "./statement-place.ts";

export const recall: Recall = {
  // What is read after it must not come from the transaction of before, nor begin one that stays open.
  query: (evidence) =>
    `SELECT @rg_step AS step, @rg_at AS place, @rg_message AS message; ROLLBACK; SET SESSION autocommit = 1${evidence === "gtid" ? `; ${RELEASE}` : ""}`,
  complete,
};

function complete(error: DatabaseError, sent: string, row: Row): RecalledError {
  const refusal = refusalOf(error);

  if (refusal !== undefined) {
    const { sqlState, message } = refusal;
    // Who waits for the lock is told who holds it.
    const detail = sqlState === "RG002" ? message : undefined;
    const hint = hintOfRefusal(message);
    // Of these only an assertion is the user's.
    const place = sqlState === "RG017" ? placeOf(textOf(row["place"]), sent) : undefined;
    return { error: withServer(error, { sqlState, message, detail, hint }), place };
  }

  const place = textOf(row["place"]);
  const handled = `[${place}] `;

  // The handler of a chunk puts the place first, and MySQL leaves it 128 characters in all.
  if (place !== "" && error.message.startsWith(handled.slice(0, error.message.length))) {
    return {
      error: withServer(error, { message: textOf(row["message"]) }),
      place: placeOf(place, sent),
    };
  }
  if (error.server.sqlState.startsWith("RG")) {
    return { error: withServer(error, { message: textOf(row["message"]) }), place: undefined };
  }

  const packet = packetAfter(textOf(row["step"]), sent);
  const syntax = syntaxPlace(error, packet);

  return syntax === undefined
    ? {
        error,
        place: namedPlace(error, packet) ?? (place === "" ? undefined : placeOf(place, sent)),
      }
    : { error: withServer(error, { message: plainMessage(error, syntax) }), place: syntax };
}

function hintOfRefusal(message: string): string | undefined {
  const [, schema] = /^the schema (.+) for the table /.exec(message) ?? [];

  return schema === undefined ? undefined : `Run once: CREATE SCHEMA ${schema};`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function withServer(error: DatabaseError, change: Partial<DatabaseError["server"]>): DatabaseError {
  return new DatabaseError({ ...error.server, ...change }, error, error);
}

/** A statement of the user in a text that was sent. */
interface SentStatement {
  readonly prefix: PlacePrefix;
  readonly text: string;
  /** The line of its place, counted from 0 in the text that was sent. */
  readonly line: number;
}

/** What stands before the line of a place is Rowgate's own; a comment of the user looks otherwise. */
const OWN_LINE =
  /^\s*(?:IF @rg_done <|IF FALSE THEN|CALL rowgate_|SET (?:@rg_k|SESSION autocommit) = |DROP )/;

function statementsIn(sent: string): readonly SentStatement[] {
  const lines = sent.split("\n");

  return lines.flatMap((text, line) => {
    const prefix = readPlaceLine(`${text}\n`);

    if (prefix === undefined || !OWN_LINE.test(lines[line - 1] ?? "")) {
      return [];
    }

    const end = lines.indexOf(";", line);
    return [{ prefix, text: lines.slice(line + 1, end).join("\n"), line }];
  });
}

function placeOf(place: string, sent: string): Place | undefined {
  const [, path = "", line = "1", column = "1"] = /^([^]+):(\d+):(\d+)$/.exec(place) ?? [];
  const statement = statementsIn(sent).find(
    ({ prefix, text }) =>
      placeOfStatement({ kind: "statement", text, at: prefix.at, lines: prefix.lines }) === place,
  );

  if (path === "") {
    return undefined;
  }

  return {
    at: { path, line: Number(line), column: Number(column) },
    excerpt: statement === undefined ? undefined : excerptAt(statement, Number(line)),
  };
}

/** The user's line in the text that was sent; what stands before the statement is not known. */
function excerptAt({ prefix, text }: SentStatement, line: number): string | undefined {
  const { at, lines } = prefix;
  const index = lines === undefined ? line - at.line : lines.indexOf(line);
  const found = text.split("\n")[index]?.replace(/\r$/, "");

  return found === undefined ? undefined : " ".repeat(index === 0 ? at.column - 1 : 0) + found;
}

/** The text of the packet behind the last one that went through. */
function packetAfter(step: string, sent: string): string {
  const before = `SET @rg_step = ${step};`;
  const start = step !== "" && sent.includes(before) ? sent.indexOf(before) + before.length : 0;
  const end = sent.indexOf(`SET @rg_step = ${Number(step) + 1};`, start);

  return sent.slice(start, end < 0 ? sent.length : end);
}

/** `near '…' at line 3`, in any language. */
const NEAR = /'([^]*)'([^'\d]*)(\d+)\s*$/;

const CHUNK = "CREATE PROCEDURE rowgate_update()";

/**
 * A syntax error counts the lines of its own statement, which is the chunk procedure or the user's
 * statement, in which the line of its place is the first.
 */
function syntaxPlace(error: DatabaseError, packet: string): Place | undefined {
  const [, near = "", , count = ""] = NEAR.exec(error.message) ?? [];
  const statements = statementsIn(packet);
  const chunk = packet.indexOf(CHUNK);
  const first = chunk < 0 ? statements.at(-1)?.line : linesBefore(packet, chunk);

  if (error.server.errno !== 1064 || count === "" || first === undefined) {
    return undefined;
  }

  const line = first + Number(count) - 1;
  const statement = statements.findLast((each) => each.line < line);
  return statement === undefined
    ? undefined
    : placeAt(statement, line - statement.line - 1, firstLine(near));
}

/** Without what stands behind the statement in its packet, and with the line of the file. */
function plainMessage(error: DatabaseError, { at }: Place): string {
  return error.message.replace(
    NEAR,
    (_, near: string, between: string) => `'${near.split("\n;")[0]}'${between}${at.line}`,
  );
}

/**
 * Other errors of a chunk that was refused as a whole say no line, but quote what is wrong: it is
 * found when only one line has it.
 */
function namedPlace(error: DatabaseError, packet: string): Place | undefined {
  const [, name = ""] = /'([^']+)'/.exec(error.message) ?? [];

  if (name === "" || !packet.includes(CHUNK)) {
    return undefined;
  }

  const places = statementsIn(packet).flatMap((statement) =>
    statement.text
      .split("\n")
      .flatMap((text, index) => (text.includes(name) ? [placeAt(statement, index, name)] : [])),
  );
  return places.length === 1 ? places[0] : undefined;
}

/** The place of a text in a line of a statement, counted from 0; the line's beginning without it. */
function placeAt(statement: SentStatement, index: number, text: string): Place {
  const { at, lines } = statement.prefix;
  const line = lines?.[index] ?? at.line + index;
  const excerpt = excerptAt(statement, line) ?? "";
  const start = text === "" ? -1 : excerpt.indexOf(text);
  const column = start < 0 ? 1 : codePoints(excerpt, 0, start) + 1;

  return { at: { path: at.path, line, column }, excerpt };
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.replace(/\r$/, "") ?? "";
}

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}
