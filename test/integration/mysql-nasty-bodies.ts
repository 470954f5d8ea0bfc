/** Bodies of routines that are as hard to read as it gets. */
import { array, constantFrom, oneof, record, type Arbitrary } from "fast-check";

/** Pieces of text that end or begin something elsewhere. */
const PIECES = [
  ..."a ' '' \" \"\" ` ; */ /* * / \\\\ \\' \\\" \\* \\n -- # $$ % é /*! */*".split(" "),
  "\n",
  "\n\ndelimiter ;;\n",
  "\n-- ",
  "\n# ",
  "\nDO 0 /*",
  "\nSET sql_mode=@shut; ",
];

/** The body of a function without parameters that returns a text. */
export function nastyBody(): Arbitrary<string> {
  const statement = oneof(assignment(), condition(), comment());

  return array(statement, { minLength: 1, maxLength: 8 }).map(
    (parts) => `BEGIN DECLARE r TEXT DEFAULT '';\n${parts.join("")}RETURN r;\nEND`,
  );
}

function assignment(): Arbitrary<string> {
  return record({
    first: comment(),
    text: oneof(literal("'"), literal('"'), sum()),
    behind: comment(),
  }).map(({ first, text, behind }) => `SET r = ${first}CONCAT(r,${behind}${text}${first});\n`);
}

function sum(): Arbitrary<string> {
  return constantFrom("6*/* m */2", "6/**/*2", "5--1", "5--/**/1", "5-/* - */-1", "6 /*/ x */ / 2");
}

function condition(): Arbitrary<string> {
  return record({ text: literal("'"), said: comment() }).map(
    ({ text, said }) =>
      `IF${said} ${text} <> '' THEN${said} SET r = CONCAT(r, 'y'); END IF${said};\n`,
  );
}

/** A string; what is no whole escape in it is made one. */
function literal(quote: "'" | '"'): Arbitrary<string> {
  return array(constantFrom("😀", ...PIECES), { maxLength: 6 }).map((parts) => {
    const content = parts
      .join("")
      .replaceAll(/\\[^]|(['"])/g, (text, bare?: string) =>
        bare === quote ? quote + quote : text,
      );
    return quote + content + quote;
  });
}

/** Perhaps none. MySQL stores no characters of four bytes in the comments of a routine. */
function comment(): Arbitrary<string> {
  return oneof(
    constantFrom("", " ", "/**/"),
    array(constantFrom(...PIECES), { maxLength: 5 })
      .map((parts) => parts.join(" "))
      .chain((text) =>
        constantFrom(
          `/* ${text.replaceAll(/\*\/|\/\*!/g, "")}*/`,
          `-- ${text.replaceAll(/\s/g, " ")}\n`,
          `# ${text.replaceAll(/\s/g, " ")}\n`,
        ),
      ),
  );
}
