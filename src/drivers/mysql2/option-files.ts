/** Option files, as the native clients read them. */
import type { Surroundings } from "../surroundings.ts";
import { parameterNamed, type ParameterName, type Parameters } from "./url.ts";

/** The groups that every client reads. */
const GROUPS: ReadonlySet<string> = new Set(["client", "client-server", "rowgate"]);

/**
 * The parameters in the groups of `/etc/my.cnf`, `/etc/mysql/my.cnf` and `~/.my.cnf`; the last one
 * counts. Other options are left alone, and so are files that others may write, as in the clients.
 */
export function readOptionFiles(around: Surroundings): Parameters {
  const paths = ["/etc/my.cnf", "/etc/mysql/my.cnf", `${around.home}/.my.cnf`];
  const safe = paths.filter((path) => ((around.modeOf(path) ?? 0) & 0o002) === 0);

  return Object.assign({}, ...safe.map((path) => parseOptions(around.readFile(path) ?? "")));
}

function parseOptions(text: string): Parameters {
  const options: Partial<Record<ParameterName, string>> = {};
  let group = "";

  for (const line of text.split(/\r?\n/).map((written) => withoutComment(written).trim())) {
    group = /^\[(.*)\]$/.exec(line)?.[1]?.trim() ?? group;
    Object.assign(options, GROUPS.has(group) ? parameterIn(line) : {});
  }

  return options;
}

/** Of `name = value`; empty for options that mean nothing here, and for lines of other forms. */
function parameterIn(line: string): Parameters {
  const [, option = "", value = ""] = /^([^=]*?)\s*=\s*(.+)$/s.exec(line) ?? [];
  const parameter = parameterNamed(option.replace(/^loose[-_]/, ""));

  return parameter === undefined ? {} : { [parameter]: valueOf(value) };
}

/** A `;` begins a comment only at the start of a line, a `#` everywhere but in quotes. */
function withoutComment(line: string): string {
  if (/^\s*[#;!]/.test(line)) {
    return "";
  }

  const [kept = ""] = /^(?:"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|[^#])*/.exec(line) ?? [];

  return kept;
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", r: "\r", s: " " };

function valueOf(text: string): string {
  const [, , inner = text] = /^(["'])(.*)\1$/s.exec(text) ?? [];

  return inner.replace(/\\([btnrs\\"'])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
