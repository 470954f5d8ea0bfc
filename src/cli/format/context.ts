/** How Rowgate's own SQL begins the statements of the user's files that it runs. */
const OWN_STATEMENT = 'SQL statement "/* ';
const OWN_PROCEDURE =
  /^PL\/pgSQL function (?:inline_code_block|\S*rowgate\S*) line \d+ at EXECUTE$/;

/**
 * The part of a server's context that tells of the user's own routines, from the inside out;
 * undefined when nothing is left. What Rowgate's own SQL adds to it is left out: it repeats the whole
 * statement, whose place the error has already.
 */
export function userContext(context: string | undefined): string | undefined {
  const end = (context ?? "").lastIndexOf(OWN_STATEMENT);
  const own = end === -1 ? (context ?? "") : (context ?? "").slice(0, end);
  const lines = own.split("\n").filter((line) => line !== "" && !OWN_PROCEDURE.test(line));

  return lines.length === 0 ? undefined : lines.join("\n");
}
