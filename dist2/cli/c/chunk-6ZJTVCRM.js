// src/domain/redact.ts
var MASK = "***";
var IN_AUTHORITY = /([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@'"]*:)[^\s/?#'"]*(@)/gi;
var IN_PARAMETER = /\b((?:ssl|pg)?(?:password|passwd|pwd)\s*=\s*)('(?:[^'\\]|\\.|'')*'|"[^"]*"|[^\s&#'"]+)/gi;
function redactSecrets(text, secrets) {
  const known = secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length).reduce(replaceSecret, text);
  return known.replace(IN_AUTHORITY, `$1${MASK}$2`).replace(IN_PARAMETER, `$1${MASK}`);
}
function replaceSecret(text, secret) {
  if (!text.includes(secret)) {
    return text;
  }
  if (secret.length > 3) {
    return text.replaceAll(secret, MASK);
  }
  const alone = new RegExp(`(?<![\\p{L}\\p{N}_])${escape(secret)}(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(alone, MASK);
}
function escape(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

export {
  redactSecrets
};
