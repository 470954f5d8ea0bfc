/** Settings of the session that end with the block that sets them. */

/** `rowgate_finish` puts these back after every block. */
const USUAL = [
  "default_storage_engine",
  "foreign_key_checks",
  "innodb_lock_wait_timeout",
  "lock_wait_timeout",
  "max_execution_time",
  "max_statement_time",
  "sql_safe_updates",
  "time_zone",
  "unique_checks",
];

/** How the session's text is read: put back behind the packet, because a procedure cannot. */
const LEXING = [
  "character",
  "character_set_client",
  "character_set_connection",
  "character_set_database",
  "character_set_results",
  "charset",
  "collation_connection",
  "collation_database",
  "names",
  "sql_mode",
];

/** For the next statement alone, or not to be read. */
const MOMENTARY = [
  "identity",
  "insert_id",
  "last_insert_id",
  "pseudo_thread_id",
  "rand_seed1",
  "rand_seed2",
  "timestamp",
  "transaction",
];

const OTHERWISE: ReadonlySet<string> = new Set([...USUAL, ...LEXING, ...MOMENTARY]);

/** Those of the variables that a block itself has to put back, each once. */
export function settingsToRestore(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter((name) => !OTHERWISE.has(name) && /^[a-z]\w*$/.test(name));
}

/** The SQL that remembers what they are; empty for none. */
export function saveText(names: readonly string[]): string {
  return names.length === 0
    ? ""
    : `SET ${names.map((name) => `@rg_was_${name} = @@SESSION.${name}`).join(", ")};`;
}

/** The SQL that puts them back; empty for none. */
export function restoreText(names: readonly string[]): string {
  return names.length === 0
    ? ""
    : `SET ${names.map((name) => `SESSION ${name} = @rg_was_${name}`).join(", ")};`;
}

/** Whether one of the variables is the collation of the database, which SET NAMES does not put back. */
export function setsDatabaseCollation(names: readonly string[]): boolean {
  return names.includes("collation_database") || names.includes("character_set_database");
}
