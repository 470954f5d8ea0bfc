/** What becomes of each command of MySQL's and MariaDB's client in a bundle. */

/**
 * `include` reads another file. `delimiter` is obeyed by the scanner. `quit` ends the file. `drop`
 * has no effect on a database. `refuse` cannot be part of a bundle.
 */
export type ClientAction = "include" | "delimiter" | "quit" | "drop" | "refuse";

export interface ClientPolicy {
  readonly action: ClientAction;
  /** Why, for a note or an error: lower case, no full stop, complete without the command's name. */
  readonly reason: string;
}

const OUTPUT = "it only changes what the client shows";
const SHOWS = "it only shows something";
const PROMPT = "it only makes sense at a prompt";
const SHELL = "it runs a program on the machine of whoever runs the client";

const TABLE: readonly (readonly [ClientAction, string, string])[] = [
  ["include", "it reads another file", "source"],
  ["delimiter", "it changes what ends a statement", "delimiter"],
  ["quit", "it ends the file", "exit quit"],
  ["drop", "there is no statement for it to send", "go ego"],
  ["drop", SHOWS, "? help status print"],
  ["drop", OUTPUT, "nopager notee nowarning pager prompt rehash tee warnings"],
  ["drop", "it only tells the client which commands a dump may hold", "sandbox"],
  ["drop", "there is no statement for it to throw away", "clear"],
  ["refuse", "a bundle is for one database, which its target names", "use"],
  ["refuse", "it changes the connection, and a bundle is for one database", "connect"],
  ["refuse", "it would take away what the bundle has set", "resetconnection"],
  ["refuse", SHELL, "system"],
  ["refuse", PROMPT, "edit"],
  [
    "refuse",
    "it writes to a file on the machine of whoever runs the client",
    "ssl_session_data_print",
  ],
  [
    "refuse",
    "it sends something beside a statement, which a bundle cannot hold",
    "query_attributes",
  ],
];

const POLICIES: ReadonlyMap<string, ClientPolicy> = new Map(
  TABLE.flatMap(([action, reason, names]) =>
    names.split(" ").map((name) => [name, { action, reason }] as const),
  ),
);

/** What becomes of a command, by its long name and its arguments. An unknown one is refused. */
export function clientPolicy(name: string, args: string): ClientPolicy {
  if (name === "charset") {
    return charsetPolicy(args);
  }

  return (
    POLICIES.get(name) ?? { action: "refuse", reason: "it is no command that the clients know" }
  );
}

function charsetPolicy(args: string): ClientPolicy {
  return {
    action: /^utf8(?:mb[34])?;?$/i.test(args) ? "drop" : "refuse",
    reason: "a bundle is always UTF-8",
  };
}
