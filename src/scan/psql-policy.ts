/** What becomes of each psql command when a source is made into a bundle. */

/**
 * `include` reads a file by the rules of `\i`, `include-relative` by those of `\ir`. `terminate`
 * ends the statement before it as a `;` would. `drop` has no effect on a database. `refuse` cannot
 * be part of a bundle.
 */
export type CommandAction =
  | "include"
  | "include-relative"
  | "set"
  | "unset"
  | "conditional"
  | "copy"
  | "terminate"
  | "quit"
  | "drop"
  | "refuse";

export interface CommandPolicy {
  readonly action: CommandAction;
  /** Why, for a note or an error: lower case, no full stop, complete without the command's name. */
  readonly reason: string;
}

const OUTPUT = "it only changes what psql shows";
const SHOWS = "it only shows something";
const OTHER_DATABASE = "it changes the connection, and a bundle is for one database";
const SHELL = "it runs a program on the machine of whoever runs psql";
const LIVE =
  "it makes SQL or variables of query results, which are not known when a bundle is built";
const FILE = "it writes to a file on the machine of whoever runs psql";
const ENVIRONMENT = "it depends on the environment of whoever runs psql";
const INTERACTIVE = "it only makes sense at a prompt";
const FOLDER = "it changes the folder that paths are relative to";
const PROTOCOL = "it drives psql's extended query protocol";
const LARGE_OBJECT = "it reads or writes a large object through a client's file";

const TABLE: readonly (readonly [CommandAction, string, string])[] = [
  ["include", "it reads another file", "i include"],
  ["include-relative", "it reads another file", "ir include_relative"],
  ["set", "it sets a psql variable", "set"],
  ["unset", "it removes a psql variable", "unset"],
  ["conditional", "it reads a part of the file only on a condition", "if elif else endif"],
  ["copy", "it copies data through the client", "copy"],
  ["terminate", "it ends a statement", "g gx"],
  ["quit", "it ends the file", "q quit"],
  [
    "drop",
    SHOWS,
    "echo qecho warn conninfo errverbose copyright ? h help l l+ list list+ z zS z+ zS+",
  ],
  ["drop", SHOWS, "dn dn+ encoding_list sf sf+ sv sv+ lo_list lo_list+ s"],
  ["drop", OUTPUT, "a C f H html pset t tuples_only T timing x expanded"],
  ["drop", "it only tells psql which commands a dump may hold", "restrict unrestrict"],
  ["refuse", OTHER_DATABASE, "c connect"],
  ["refuse", SHELL, "!"],
  ["refuse", LIVE, "gexec gset gdesc crosstabview watch"],
  ["refuse", FILE, "o out w write"],
  ["refuse", ENVIRONMENT, "getenv setenv"],
  ["refuse", INTERACTIVE, "prompt e edit ef ev p print r reset password"],
  ["refuse", FOLDER, "cd"],
  ["refuse", PROTOCOL, "bind bind_named parse close close_prepared"],
  ["refuse", PROTOCOL, "startpipeline sendpipeline syncpipeline endpipeline"],
  ["refuse", PROTOCOL, "flush flushrequest getresults"],
  ["refuse", LARGE_OBJECT, "lo_import lo_export lo_unlink"],
];

const POLICIES: ReadonlyMap<string, CommandPolicy> = new Map(
  TABLE.flatMap(([action, reason, names]) =>
    names.split(" ").map((name) => [name, { action, reason }] as const),
  ),
);

/** `\d` and its family, with the letters that may stand behind each. */
const DESCRIBES =
  /^d(?:[abcCdDglLnoOpTuxXy]|A[cfop]?|config|dp|e[stuw]|f[antpw]*|F[dpt]?|P[itn]*|rds|rg|R[ps]|[tvmsEi]*)[Sx+]*$/;

/** Variables that steer psql itself: setting one has no effect on what a bundle does. */
const CONTROL_VARIABLES: ReadonlySet<string> = new Set([
  "AUTOCOMMIT",
  "COMP_KEYWORD_CASE",
  "ECHO",
  "ECHO_HIDDEN",
  "FETCH_COUNT",
  "HIDE_TABLEAM",
  "HIDE_TOAST_COMPRESSION",
  "HISTCONTROL",
  "HISTFILE",
  "HISTSIZE",
  "IGNOREEOF",
  "ON_ERROR_ROLLBACK",
  "ON_ERROR_STOP",
  "PROMPT1",
  "PROMPT2",
  "PROMPT3",
  "QUIET",
  "SHOW_ALL_RESULTS",
  "SHOW_CONTEXT",
  "SINGLELINE",
  "SINGLESTEP",
  "VERBOSITY",
  "WATCH_INTERVAL",
]);

/**
 * What becomes of a psql command, by its name without the backslash and its arguments as typed. An
 * unknown command is refused, and so is one that depends on arguments which are not given.
 */
export function commandPolicy(name: string, args?: string): CommandPolicy {
  if (name === "encoding") {
    return encodingPolicy(args);
  }
  if (name === "g" || name === "gx") {
    return terminatePolicy(args ?? "");
  }

  return (
    POLICIES.get(name) ??
    (DESCRIBES.test(name)
      ? { action: "drop", reason: SHOWS }
      : { action: "refuse", reason: "it is no psql command that Rowgate knows" })
  );
}

/** Whether setting the variable only changes how psql itself behaves. */
export function isControlVariable(name: string): boolean {
  return CONTROL_VARIABLES.has(name);
}

function encodingPolicy(args: string | undefined): CommandPolicy {
  return args !== undefined && /^'?(?:utf-?8|unicode)?'?;?$/i.test(args.trim())
    ? { action: "drop", reason: "a bundle is always UTF-8" }
    : { action: "refuse", reason: "a bundle is always UTF-8" };
}

function terminatePolicy(args: string): CommandPolicy {
  return args.trim() === ""
    ? { action: "terminate", reason: "it ends a statement" }
    : {
        action: "refuse",
        reason: "it sends the result to a file or a program, or changes how it is shown",
      };
}
