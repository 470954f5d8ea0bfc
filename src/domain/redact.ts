/** Takes secrets out of texts that Rowgate did not write itself. */

const MASK = "***";

/**
 * `scheme://user:password@`, the password as greedy as URLs allow: up to the last `@` of the
 * authority. A URL that was taken for a path has lost a slash.
 */
const IN_AUTHORITY = /([a-z][a-z0-9+.-]*:\/+[^\s:/?#@'"]*:)[^\s/?#'"]*(@)/gi;

/** `password=…`, quoted or bare, in a URL's query or in a key=value connection string. */
const IN_PARAMETER =
  /\b((?:ssl|pg)?(?:password|passwd|pwd)\s*=\s*)('(?:[^'\\]|\\.|'')*'|"[^"]*"|[^\s&#'"]+)/gi;

/**
 * The text with every known secret, and whatever looks like a password in a URL or a connection
 * string, replaced by `***`. The number of lines stays the same when no secret holds a line end. A
 * secret of one to three characters is replaced only where it stands alone, because it occurs in
 * ordinary words too; empty secrets are ignored.
 */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret !== "")
    .toSorted((a, b) => b.length - a.length)
    .reduce(replaceSecret, text);

  return known.replace(IN_AUTHORITY, `$1${MASK}$2`).replace(IN_PARAMETER, `$1${MASK}`);
}

function replaceSecret(text: string, secret: string): string {
  if (!text.includes(secret)) {
    return text;
  }
  if (secret.length > 3) {
    return text.replaceAll(secret, MASK);
  }

  const alone = new RegExp(`(?<![\\p{L}\\p{N}_])${escape(secret)}(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(alone, MASK);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
