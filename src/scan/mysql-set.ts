/** What SET statements do. */
import type { MysqlClass, MysqlRule } from "./mysql-finding.ts";
import { unquoteName, unquoteString } from "./mysql-names.ts";
import { listItems, type MysqlPart } from "./mysql-reader.ts";

/** One assignment. */
interface Setting {
  readonly scope: "user" | "session" | "global";
  /** In small letters; also `names`, `character` and `charset`. */
  readonly name: string;
  /** All behind the name, `=` included. */
  readonly value: readonly MysqlPart[];
}

/** Every form but SET STATEMENT. */
export const setRule: MysqlRule = ({ reader }) => {
  if (reader.sees("PASSWORD") || reader.sees("DEFAULT", "ROLE")) {
    return { effect: "repeatable" };
  }

  const settings = settingsOf(listItems(reader));
  const isGlobal = settings.every(({ scope }) => scope === "global");

  return {
    effect: isGlobal ? "repeatable" : "session",
    setsLexing: settings.some(({ scope, name }) => scope === "session" && LEXING.has(name)),
    sets: settings.filter(({ scope }) => scope === "session").map(({ name }) => name),
    leaveOut: whyLeftOut(settings),
    refused: refusalOf(settings),
  };
};

/** What a procedure undoes at its end. */
const LEXING: ReadonlySet<string> = new Set(
  "sql_mode names character charset character_set_client character_set_connection character_set_database collation_connection collation_database".split(
    " ",
  ),
);

const SCOPES: Readonly<Record<string, "session" | "global">> = {
  SESSION: "session",
  LOCAL: "session",
  GLOBAL: "global",
  PERSIST: "global",
  PERSIST_ONLY: "global",
};

/** The word for a scope holds for the assignments behind it too, up to the next one. */
function settingsOf(items: readonly (readonly MysqlPart[])[]): readonly Setting[] {
  let scope: "session" | "global" = "session";

  return items.map((item) => {
    const [first, ...rest] = item;
    const own = SCOPES[first?.word ?? ""];
    scope = own ?? scope;

    return first?.word === "@" ? variableOf(rest) : setting(scope, own === undefined ? item : rest);
  });
}

/** Behind the first `@`: `name` or `@name` or `@scope.name`. */
function variableOf([second, ...rest]: readonly MysqlPart[]): Setting {
  if (second?.word !== "@") {
    return { scope: "user", name: "", value: rest };
  }
  const scope = rest[1]?.word === "." ? SCOPES[rest[0]?.word ?? ""] : undefined;

  return scope === undefined ? setting("session", rest) : setting(scope, rest.slice(2));
}

function setting(scope: "session" | "global", [first, ...value]: readonly MysqlPart[]): Setting {
  return { scope, name: unquoteName(first?.text ?? "").toLowerCase(), value };
}

const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ["autocommit", "Rowgate commits each step together with its count"],
  ["completion_type", "it would change what Rowgate's own COMMIT does"],
  ["gtid_next", "it would be for Rowgate's own statements"],
  ["gtid_purged", "it is for a new replica"],
  // New dumps of MariaDB set it in a comment that MySQL skips, which no gate can hold.
  ["note_verbosity", "it only tells which notes a server writes"],
  ["sql_log_bin", "replicas need what is deployed"],
]);

function whyLeftOut(settings: readonly Setting[]): string | undefined {
  const left = settings.find((each) => isLeftOut(each));

  return left && `SET ${left.name} is left out: ${LEFT_OUT.get(left.name)}`;
}

/** What holds for all sessions to come is no matter of this one. */
function isLeftOut({ scope, name }: Setting): boolean {
  return LEFT_OUT.has(name) && (scope === "session" || name === "gtid_purged");
}

type Refusal = MysqlClass["refused"];

function refusalOf(settings: readonly Setting[]): Refusal {
  return [refusalOfMix(settings), ...settings.map((each) => refusalOfOne(each))].find(
    (refusal) => refusal !== undefined,
  );
}

/** User variables may go with what is left out: they keep its value for putting it back. */
function refusalOfMix(settings: readonly Setting[]): Refusal {
  const left = settings.find((each) => isLeftOut(each));
  const kept = settings.find((each) => each.scope !== "user" && !isLeftOut(each));

  return left === undefined || kept === undefined
    ? undefined
    : {
        message: `SET ${left.name} is left out of every bundle, but this statement also sets ${kept.name}`,
        hint: `Set ${kept.name} in a statement of its own.`,
      };
}

function refusalOfOne({ name, value }: Setting): Refusal {
  if (name === "sql_mode") {
    return setsNoBackslashEscapes(value) ? NO_BACKSLASH_ESCAPES : undefined;
  }
  const charset = CLIENT_CHARSET.has(name)
    ? value.map(valueOf).find((text) => UNSAFE.has(text))
    : undefined;

  return charset === undefined
    ? undefined
    : {
        message: `in the character set ${charset} of a client a backslash or a quote may be part of a letter`,
        hint: "Write the file in UTF-8, and use utf8mb4.",
      };
}

const NO_BACKSLASH_ESCAPES: Refusal = {
  message: "Rowgate's gates need a sql_mode without NO_BACKSLASH_ESCAPES",
  hint: "Take NO_BACKSLASH_ESCAPES out of the mode, and double the backslashes in strings.",
};

/** A REPLACE takes the mode out of those that are set. */
function setsNoBackslashEscapes(value: readonly MysqlPart[]): boolean {
  return (
    value.some(({ text }) => /no_backslash_escapes/iu.test(text)) &&
    value.every(({ word }) => word !== "REPLACE")
  );
}

const CLIENT_CHARSET: ReadonlySet<string> = new Set(
  "names character charset character_set_client".split(" "),
);

/** Their letters of two bytes may end with a byte that is ASCII alone. */
const UNSAFE: ReadonlySet<string> = new Set("big5 cp932 gb18030 gbk sjis".split(" "));

function valueOf({ kind, text }: MysqlPart): string {
  return (kind === "string" ? unquoteString(text) : unquoteName(text)).toLowerCase();
}
