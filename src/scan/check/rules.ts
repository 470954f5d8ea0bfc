/** The rules of the safety check: what each is about, why it matters, and what to do instead. */
import type { DialectName } from "../../domain/bundle.ts";
import type { FindingLevel } from "../../domain/finding.ts";

export interface Rule {
  readonly level: Exclude<FindingLevel, "info">;
  /** The dialects in which it finds anything. */
  readonly dialects: readonly DialectName[];
  /** What happens: one sentence, lower case, without a full stop. */
  readonly why: string;
  /** What to do instead: one sentence, in the imperative. */
  readonly safe: string;
}

const PG: readonly DialectName[] = ["postgres"];
const MY: readonly DialectName[] = ["mysql"];
const BOTH: readonly DialectName[] = ["postgres", "mysql"];

/** By name, which a rule keeps for good: directives and rowgate.yaml name it. */
const TABLE = {
  "drop-table": {
    level: "error",
    dialects: BOTH,
    why: "the rows are gone, and code that still reads the table fails",
    safe: "Stop using the table in one release, and drop it in a later one.",
  },
  "drop-column": {
    level: "error",
    dialects: BOTH,
    why: "the values are gone, and code that still names the column fails",
    safe: "Stop using the column in one release, and drop it in a later one.",
  },
  "drop-schema": {
    level: "error",
    dialects: BOTH,
    why: "everything in the schema or database is gone",
    safe: "Drop what is in it one by one, once nothing uses it.",
  },
  "drop-function": {
    level: "warn",
    dialects: BOTH,
    why: "callers of the routine fail from that moment on, and so do views, triggers and defaults that use it",
    safe: "Replace it with CREATE OR REPLACE, or drop it once nothing calls it.",
  },
  truncate: {
    level: "error",
    dialects: BOTH,
    why: "all rows are gone, and the table is locked against everybody",
    safe: "Delete the rows that you mean, in batches, with a WHERE.",
  },
  rename: {
    level: "error",
    dialects: BOTH,
    why: "code that knows the old name fails from that moment on",
    safe: "Add the new name beside the old one, move the code over, and drop the old one in a later release.",
  },
  "change-type": {
    level: "error",
    dialects: BOTH,
    why: "the whole table may be written again while everybody waits",
    safe: "Add a column of the new type, fill it in batches, and move the code over.",
  },
  "add-not-null": {
    level: "error",
    dialects: BOTH,
    why: "on PostgreSQL it fails when the table has rows; MySQL fills in a value that nobody chose",
    safe: "Give the column a constant DEFAULT, or add it nullable and fill it before it gets NOT NULL.",
  },
  "volatile-default": {
    level: "error",
    dialects: PG,
    why: "the whole table is written again under a lock, a value for each row",
    safe: "Add the column without the default, set the default after that, and fill the old rows in batches.",
  },
  "generated-column": {
    level: "error",
    dialects: BOTH,
    why: "a column that is computed for each row writes the whole table again under a lock",
    safe: "Add a plain column, fill it in batches, and keep it up to date with a trigger or the sequence's default.",
  },
  "index-not-concurrent": {
    level: "error",
    dialects: PG,
    why: "writers of the table wait until the index is built, dropped or built again",
    safe: "Use CONCURRENTLY, in a file of its own.",
  },
  "add-foreign-key": {
    level: "error",
    dialects: BOTH,
    why: "all rows are checked while both tables are locked; MySQL copies the table unless foreign_key_checks is off",
    safe: "On PostgreSQL add it NOT VALID, and VALIDATE CONSTRAINT in a later block; on MySQL do it when the table is quiet.",
  },
  "add-check": {
    level: "error",
    dialects: PG,
    why: "all rows are checked while the table is locked against everybody",
    safe: "Add it NOT VALID, and VALIDATE CONSTRAINT in a later block.",
  },
  "add-unique": {
    level: "error",
    dialects: PG,
    why: "the index is built while the table is locked against everybody",
    safe: "CREATE UNIQUE INDEX CONCURRENTLY first, and add the constraint USING INDEX; EXCLUDE has no such way.",
  },
  "primary-key": {
    level: "error",
    dialects: MY,
    why: "a table is stored by its primary key, so the whole table is written again",
    safe: "Choose the key when the table is made, or change it when the table is quiet.",
  },
  "set-not-null": {
    level: "error",
    dialects: PG,
    why: "all rows are checked while the table is locked against everybody",
    safe: "Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later block, and then SET NOT NULL.",
  },
  "no-where": {
    level: "error",
    dialects: BOTH,
    why: "every row of the table is changed, in one long transaction",
    safe: "Name the rows with a WHERE, or say that you mean all with an allow.",
  },
  privileges: {
    level: "warn",
    dialects: BOTH,
    why: "who may do what changes with a deployment, and roles belong to the whole server",
    safe: "Let the administrator do it, or say why it belongs here with an allow.",
  },
  "security-definer": {
    level: "error",
    dialects: PG,
    why: "whoever calls the function chooses the search_path, and with it the tables that its owner's rights are used on",
    safe: "Add SET search_path = pg_catalog, … to the function.",
  },
  "named-definer": {
    level: "warn",
    dialects: MY,
    why: "the user must be there on every server, and the object runs with that user's rights",
    safe: "Leave DEFINER out, or use CURRENT_USER or SQL SECURITY INVOKER.",
  },
  "server-access": {
    level: "error",
    dialects: BOTH,
    why: "the statement reads or writes files, or runs programs, on the server's machine",
    safe: "Load the data through the client, with COPY FROM STDIN or LOAD DATA LOCAL.",
  },
  "change-role": {
    level: "error",
    dialects: PG,
    why: "what follows runs, and is owned, as somebody else than the deployment's user",
    safe: "Connect as the user that is to own the objects, or use ALTER … OWNER TO.",
  },
  "versions-table": {
    level: "error",
    dialects: BOTH,
    why: "the table says what was applied, and only Rowgate may write it",
    safe: "Use rowgate mark or rowgate adopt.",
  },
  "many-tables": {
    level: "warn",
    dialects: BOTH,
    why: "the locks of all the tables are held until the last one is changed",
    safe: "Spread the changes over several files.",
  },
  "not-repeatable": {
    level: "warn",
    dialects: PG,
    why: "the block runs without a transaction, and when it is broken off a person must find out whether this statement took effect",
    safe: "Add IF NOT EXISTS or IF EXISTS, or move the statement into a file that runs in a transaction.",
  },
  "numbered-routine": {
    level: "warn",
    dialects: BOTH,
    why: "a routine in a numbered file can only be changed by copying it into a new file",
    safe: "Keep it in functions/, procedures/, views/ or triggers/, from where it is applied again when it changes.",
  },
  "rewrite-table": {
    level: "error",
    dialects: BOTH,
    why: "the table is written again while everybody waits",
    safe: "Use REFRESH … CONCURRENTLY, pg_repack, gh-ost or pt-online-schema-change, whichever fits, or do it when the table is quiet.",
  },
  "lock-table": {
    level: "error",
    dialects: BOTH,
    why: "everybody who uses the table waits until the deployment ends",
    safe: "Let the statements take the locks that they need.",
  },
  "disable-trigger": {
    level: "error",
    dialects: PG,
    why: "while triggers are off, foreign keys and audits of all sessions miss what is written",
    safe: "Write the rows so that the triggers may run.",
  },
  "copy-algorithm": {
    level: "error",
    dialects: MY,
    why: "the table is copied, and nobody can write to it until that is done",
    safe: "Use ALGORITHM=INPLACE or INSTANT with LOCK=NONE, or gh-ost or pt-online-schema-change.",
  },
  "session-mode": {
    level: "warn",
    dialects: MY,
    why: "routines keep the sql_mode that they were created with, and the block means something else than its neighbours",
    safe: "Write the block so that it holds in the server's own mode.",
  },
  "engine-without-transactions": {
    level: "warn",
    dialects: MY,
    why: "such tables keep half of a statement that was broken off, and lose rows in a crash",
    safe: "Use ENGINE=InnoDB.",
  },
  "expression-default": {
    level: "warn",
    dialects: MY,
    why: "the default is computed for each row that is there, so the table is copied, and statement-based replicas may differ",
    safe: "Add the column with a constant default, and fill it in batches.",
  },
  "fulltext-index": {
    level: "warn",
    dialects: MY,
    why: "building the first FULLTEXT or SPATIAL index writes the table again and lets nobody write meanwhile",
    safe: "Do it when the table is quiet.",
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof TABLE;

export const RULES: Readonly<Record<RuleName, Rule>> = TABLE;

/** In the order of the documentation. */
export const RULE_NAMES: readonly RuleName[] = Object.keys(TABLE).filter(isRuleName);

export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(TABLE, name);
}
