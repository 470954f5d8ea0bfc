import {
  hasTokens,
  isSpace,
  lexerOf,
  readToken
} from "./chunk-2WEZHRRR.js";
import {
  errorCode,
  systemReason
} from "./chunk-FV4YOVFI.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/bundler/read-tree.ts
import { realpathSync as realpathSync4, statSync as statSync2 } from "node:fs";
import { basename, dirname as dirname3, join as join5 } from "node:path";

// src/bundler/checksum.ts
import { createHash } from "node:crypto";
var BATCH_UNITS = 64 * 1024;
function createTextHash() {
  const hash = createHash("sha256");
  let waiting = "";
  const flush = (text) => {
    hash.update(text.includes("\r") ? text.replaceAll("\r\n", "\n") : text, "utf8");
  };
  return {
    update(text) {
      waiting += text;
      if (waiting.length < BATCH_UNITS) {
        return;
      }
      const end = /[\r\uD800-\uDBFF]/.test(waiting.slice(-1)) ? -1 : waiting.length;
      flush(waiting.slice(0, end));
      waiting = end === -1 ? waiting.slice(end) : "";
    },
    checksum() {
      flush(waiting);
      return `s1:${hash.digest("hex")}`;
    }
  };
}
function bundleChecksum(blocks) {
  const hash = createHash("sha256");
  for (const block of blocks) {
    hash.update(`${block.id}	${block.kind}	${block.checksum}
`, "utf8");
  }
  return hash.digest("hex");
}

// src/scan/nearest-name.ts
function nearestName(word, names) {
  const limit = Math.max(2, Math.floor(word.length / 2));
  const ranked = names.map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) })).toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== void 0 && best.distance <= limit ? best.name : void 0;
}
function editDistance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

// src/scan/text-place.ts
function placeOf(text, line, column) {
  return { at: 0, line, column, lineFeed: nextLineFeed(text, 0) };
}
function movePlace(place, text, to) {
  while (place.lineFeed < to) {
    place.line += 1;
    place.column = 1;
    place.at = place.lineFeed + 1;
    place.lineFeed = nextLineFeed(text, place.at);
  }
  place.column += codePoints(text, place.at, to);
  place.at = to;
}
function codePoints(text, from, to) {
  let count = to - from;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 56320 && code <= 57343) {
      count -= 1;
    }
  }
  return count;
}
function nextLineFeed(text, from) {
  const found = text.indexOf("\n", from);
  return found === -1 ? Infinity : found;
}

// src/scan/directives.ts
var KNOWN = /* @__PURE__ */ new Map([
  ["no-transaction", flag({ transaction: "none" })],
  ["transaction", flag({ transaction: "shared" })],
  ["on-change", flag({ kind: "on-change" })],
  ["once", flag({ kind: "once" })],
  ["always", flag({ kind: "always" })],
  ["out-of-order", flag({ outOfOrder: true })],
  ["requires", readIds],
  ["lock-timeout", duration("lock_timeout")],
  ["statement-timeout", duration("statement_timeout")],
  ["commit-after", flag({ commitAfter: true })]
]);
var DIRECTIVE_WORDS = [...KNOWN.keys()];
var MENTION = /rowgate:/i;
var DIRECTIVE = /^([ \t]*(?:--+|\/\*+|\*+)?[ \t]*)rowgate:([^\n]*)/gim;
function parseDirectives(comments, startLine) {
  if (!MENTION.test(comments)) {
    return [];
  }
  const place = placeOf(comments, startLine, 1);
  return [...comments.matchAll(DIRECTIVE)].map((match) => {
    const [, prefix = "", rest = ""] = match;
    movePlace(place, comments, match.index + prefix.length);
    const [word = "", ...value] = withoutCommentEnd(rest).split(/\s+/);
    return { word, value: value.join(" "), line: place.line, column: place.column };
  });
}
function readDirectives(text, path) {
  const all = [];
  for (const directive of parseDirectives(leadingComments(text), 1)) {
    const read2 = readDirective(directive, path);
    if (all.some((before) => contradicts(before, read2))) {
      throw fault({ directive, path }, `directive "${directive.word}" contradicts one before it`, [
        "Keep one of the two."
      ]);
    }
    all.push(read2);
  }
  const merged = Object.assign({}, ...all);
  const settings = Object.assign({}, ...all.map((read2) => read2.settings));
  return {
    outOfOrder: false,
    commitAfter: false,
    ...merged,
    requires: all.flatMap(({ requires = [] }) => requires),
    settings
  };
}
function findLateDirective(statementText, line) {
  if (!MENTION.test(statementText)) {
    return void 0;
  }
  const lexer = lexerOf(statementText);
  const place = placeOf(statementText, line, 1);
  let found;
  while (lexer.at < statementText.length) {
    const start = lexer.at;
    if (readToken(lexer) === "comment") {
      movePlace(place, statementText, start);
      const comment = statementText.slice(start, lexer.at);
      found = parseDirectives(comment, place.line).at(-1)?.line ?? found;
    }
  }
  return found;
}
function leadingComments(text) {
  const lexer = lexerOf(text);
  let leading = "";
  lexer.at = text.startsWith("\uFEFF") ? 1 : 0;
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind === "backslash") {
      const lineFeed = text.indexOf("\n", start);
      lexer.at = lineFeed === -1 ? text.length : lineFeed;
    } else if (kind === "space" || kind === "comment") {
      leading += text.slice(start, lexer.at);
    } else {
      break;
    }
  }
  return leading;
}
function withoutCommentEnd(text) {
  const end = text.indexOf("*/");
  return (end === -1 ? text : text.slice(0, end)).trim();
}
function readDirective(directive, path) {
  const reading = KNOWN.get(directive.word);
  if (reading === void 0) {
    const nearest = nearestName(directive.word, DIRECTIVE_WORDS);
    throw fault({ directive, path }, `there is no directive "${directive.word}"`, [
      nearest === void 0 ? `Use one of ${DIRECTIVE_WORDS.join(", ")}.` : `Write "-- rowgate: ${nearest}".`
    ]);
  }
  const read2 = reading(directive.value);
  if (typeof read2 === "string") {
    throw fault({ directive, path }, `directive "${directive.word}" ${read2}`, []);
  }
  return read2;
}
function contradicts(one, other) {
  return (one.kind ?? other.kind) !== (other.kind ?? one.kind) || (one.transaction ?? other.transaction) !== (other.transaction ?? one.transaction);
}
function fault({ directive, path }, message, hints) {
  return new RowgateError("directive-unknown", {
    message,
    hint: hints[0] ?? "See the page about directives in docs/ for the form of each.",
    at: { path, line: directive.line, column: directive.column }
  });
}
function flag(directives) {
  return (value) => value === "" ? directives : `takes no value, but has "${value}"`;
}
function readIds(value) {
  const ids = value.split(",").map((id) => id.trim());
  return ids.every((id) => id !== "") ? { requires: ids } : `needs the ids of blocks, separated by commas, not "${value}"`;
}
function duration(setting) {
  return (value) => /^(?:0|\d{1,9}(?:ms|s|min|h|d))$/.test(value) ? { settings: { [setting]: value } } : `needs a length of time such as 500ms, 2s, 10min, 1h or 0, not "${value}"`;
}

// src/scan/parse-tree.ts
function typedNode(node) {
  const [entry] = Object.entries(fieldsOf(node));
  return entry === void 0 ? void 0 : { type: entry[0], fields: fieldsOf(entry[1]) };
}
function fieldsOf(value) {
  return isNode(value) ? value : {};
}
function isNode(value) {
  return typeof value === "object" && value !== null;
}
function listOf(value) {
  return Array.isArray(value) ? value : [];
}
function fieldsOfType(node, type) {
  const inner = fieldsOf(node)[type];
  return inner === void 0 ? void 0 : fieldsOf(inner);
}
function textOf(node) {
  const constant = fieldsOf(fieldsOfType(node, "A_Const")?.["sval"]);
  const text = fieldsOfType(node, "String")?.["sval"] ?? constant["sval"];
  return typeof text === "string" ? text : void 0;
}
function optionText(arg) {
  const typed = typedNode(arg);
  if (typed === void 0) {
    return "";
  }
  const constant = typed.type === "A_Const" ? typedNode(typed.fields) : void 0;
  const value = Object.values(constant?.fields ?? typed.fields)[0];
  if (typeof value === "string") {
    return value.toLowerCase();
  }
  return value === true || typeof value === "number" ? String(value) : "0";
}
function optionsOf(list) {
  return new Map(
    listOf(list).flatMap((node) => {
      const option = fieldsOfType(node, "DefElem");
      const name = option?.["defname"];
      return typeof name === "string" ? [[name.toLowerCase(), optionText(option?.["arg"])]] : [];
    })
  );
}

// src/scan/plpgsql-check.ts
var CERTAIN = /^(?:syntax error at |unterminated |mismatched parentheses|missing "|unexpected end of function|end label )/;
function checkBodies(text, parsers) {
  const tree = parsers.parse(text);
  const nodes = tree === void 0 || "message" in tree ? [] : listOf(tree.stmts).map((one) => typedNode(fieldsOf(one)["stmt"]));
  const bodies = nodes.filter((node) => node !== void 0 && hasBody(node));
  if (bodies.length !== 1 || nodes.length !== 1) {
    return void 0;
  }
  const message = complaint(text, parsers);
  return message === void 0 || !CERTAIN.test(message) ? void 0 : { message, offset: placeOfError(text, message, parsers) };
}
function hasBody({ type, fields }) {
  if (type === "DoStmt") {
    const language = optionsOf(fields["args"]).get("language");
    return language === void 0 || language === "plpgsql";
  }
  return type === "CreateFunctionStmt" && listOf(fields["options"]).some((node) => {
    const option = fieldsOfType(node, "DefElem");
    return option?.["defname"] === "language" && textOf(option["arg"])?.toLowerCase() === "plpgsql";
  });
}
function complaint(text, { parseBody }) {
  try {
    parseBody(text);
    return void 0;
  } catch (error) {
    return error instanceof Error ? error.message : void 0;
  }
}
function placeOfError(text, message, parsers) {
  const body = dollarBody(text);
  if (body === void 0) {
    return firstToken(text);
  }
  const ends = tokenEnds(text, body);
  const last = firstFailing(ends, (end) => complaint(cutAt(text, body, end), parsers) === message);
  const at = errorToken(text, message, { ends, last, start: body.start });
  return codePoints(text, 0, at);
}
function cutAt(text, body, end) {
  return `${text.slice(0, end)} '${text.slice(body.end)}`;
}
function dollarBody(text) {
  const lexer = lexerOf(text);
  let best;
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    const tag = kind === "other" ? /^\$[^$]*\$/.exec(text.slice(start, start + 130))?.[0] : void 0;
    if (tag !== void 0) {
      const body = { start: start + tag.length, end: lexer.at - tag.length };
      best = best === void 0 || body.end - body.start > best.end - best.start ? body : best;
    }
  }
  return best;
}
function tokenEnds(text, body) {
  const inner = text.slice(0, body.end);
  const lexer = { ...lexerOf(inner), at: body.start };
  const tokens = [];
  while (lexer.at < inner.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      tokens.push({ start, end: lexer.at });
    }
  }
  return tokens;
}
function firstFailing(tokens, fails) {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fails(tokens[middle]?.end ?? 0)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
function errorToken(text, message, { ends, last, start }) {
  const named = /^syntax error at or near "([^]*)"$/.exec(message)?.[1];
  const stopped = ends[last]?.start ?? start;
  if (named === void 0) {
    return stopped;
  }
  const found = ends.slice(0, last + 1).findLast((token) => text.slice(token.start, token.end).startsWith(named));
  return found?.start ?? stopped;
}
function firstToken(text) {
  const lexer = lexerOf(text);
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      return codePoints(text, 0, start);
    }
  }
  return 0;
}

// src/scan/no-transaction.ts
var RULES = /* @__PURE__ */ new Map([
  ["IndexStmt", (fields) => when(fields["concurrent"] === true, "CREATE INDEX CONCURRENTLY")],
  ["DropStmt", (fields) => when(fields["concurrent"] === true, "DROP INDEX CONCURRENTLY")],
  ["ReindexStmt", reindex],
  ["AlterTableStmt", detach],
  ["VacuumStmt", (fields) => when(fields["is_vacuumcmd"] === true, "VACUUM")],
  ["ClusterStmt", (fields) => when(fields["relation"] === void 0, "CLUSTER of all tables")],
  ["AlterSystemStmt", always("ALTER SYSTEM")],
  ["CreatedbStmt", always("CREATE DATABASE")],
  ["DropdbStmt", always("DROP DATABASE")],
  ["AlterDatabaseStmt", moveDatabase],
  ["CreateTableSpaceStmt", always("CREATE TABLESPACE")],
  ["DropTableSpaceStmt", always("DROP TABLESPACE")],
  ["DiscardStmt", (fields) => when(fields["target"] === "DISCARD_ALL", "DISCARD ALL")],
  ["CreateSubscriptionStmt", createSubscription],
  ["DropSubscriptionStmt", always("DROP SUBSCRIPTION")],
  ["AlterSubscriptionStmt", alterSubscription]
]);
function whyNoTransaction({ type, fields }) {
  return RULES.get(type)?.(fields);
}
function always(name) {
  return () => name;
}
function when(holds, name) {
  return holds ? name : void 0;
}
var WHOLE = {
  REINDEX_OBJECT_SCHEMA: "REINDEX SCHEMA",
  REINDEX_OBJECT_DATABASE: "REINDEX DATABASE",
  REINDEX_OBJECT_SYSTEM: "REINDEX SYSTEM"
};
function reindex(fields) {
  const whole = WHOLE[String(fields["kind"])];
  return whole ?? when(isOn(optionsOf(fields["params"]).get("concurrently")), "REINDEX CONCURRENTLY");
}
function detach(fields) {
  const found = listOf(fields["cmds"]).some((node) => {
    const partition = fieldsOfType(fieldsOfType(node, "AlterTableCmd")?.["def"], "PartitionCmd");
    return fieldsOf(partition)["concurrent"] === true;
  });
  return when(found, "DETACH PARTITION CONCURRENTLY");
}
function moveDatabase(fields) {
  return when(optionsOf(fields["options"]).has("tablespace"), "ALTER DATABASE SET TABLESPACE");
}
function createSubscription(fields) {
  const options = optionsOf(fields["options"]);
  const connects = isOn(options.get("connect") ?? "true");
  const slot = isOn(options.get("create_slot") ?? "true");
  return when(connects && slot, "CREATE SUBSCRIPTION with a replication slot");
}
var REFRESHING = /* @__PURE__ */ new Set([
  "ALTER_SUBSCRIPTION_SET_PUBLICATION",
  "ALTER_SUBSCRIPTION_ADD_PUBLICATION",
  "ALTER_SUBSCRIPTION_DROP_PUBLICATION"
]);
function alterSubscription(fields) {
  const options = optionsOf(fields["options"]);
  const kind = fields["kind"];
  if (kind === "ALTER_SUBSCRIPTION_REFRESH") {
    return "ALTER SUBSCRIPTION REFRESH PUBLICATION";
  }
  if (kind === "ALTER_SUBSCRIPTION_OPTIONS") {
    const alters = options.has("failover") || options.has("two_phase");
    return when(alters, "ALTER SUBSCRIPTION SET with a slot's option");
  }
  return when(
    REFRESHING.has(kind) && isOn(options.get("refresh") ?? "true"),
    "ALTER SUBSCRIPTION that refreshes its publications"
  );
}
function isOn(value) {
  return value !== void 0 && !["false", "off", "0"].includes(value);
}

// src/scan/statement-class.ts
var PLAIN_CLASS = {
  control: void 0,
  noTransaction: void 0,
  addsEnumValue: false,
  selectInto: false,
  setting: false,
  settings: [],
  copy: void 0,
  setTransaction: false,
  count: 1
};
function classOf(tree) {
  const all = listOf(tree.stmts).map((statement) => typedNode(fieldsOf(statement)["stmt"])).filter((node) => node !== void 0);
  const settings = all.map((node) => settingsOf(node));
  return {
    control: first(all, controlOf),
    noTransaction: first(all, whyNoTransaction),
    addsEnumValue: all.some((node) => addsEnumValue(node)),
    selectInto: all.slice(-1).some((node) => isSelectInto(node)),
    setting: settings.length > 0 && settings.every((names) => names !== void 0),
    settings: [...new Set(settings.flatMap((names) => names ?? []))],
    copy: first(all, copyOf),
    setTransaction: all.some((node) => isSetTransaction(node)),
    count: all.length
  };
}
function first(nodes, find) {
  return nodes.map((node) => find(node)).find((found) => found !== void 0);
}
function controlOf({ type, fields }) {
  if (type !== "TransactionStmt") {
    return void 0;
  }
  switch (fields["kind"]) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      return "begin";
    case "TRANS_STMT_COMMIT":
      return fields["chain"] === true ? "other" : "commit";
    default:
      return "other";
  }
}
function addsEnumValue({ type, fields }) {
  return type === "AlterEnumStmt" && fields["newVal"] !== void 0 && !("oldVal" in fields);
}
function isSelectInto({ type, fields }) {
  if (type !== "SelectStmt") {
    return false;
  }
  return fields["intoClause"] !== void 0 || fields["larg"] !== void 0 && isSelectInto({ type: "SelectStmt", fields: fieldsOf(fields["larg"]) });
}
function copyOf({ type, fields }) {
  if (type !== "CopyStmt" || fields["filename"] !== void 0) {
    return void 0;
  }
  return fields["is_from"] === true ? "from-stdin" : "to-stdout";
}
function isSetTransaction({ type, fields }) {
  return type === "VariableSetStmt" && String(fields["name"]).startsWith("TRANSACTION");
}
function settingsOf(node) {
  if (node.type === "VariableSetStmt") {
    return variableSettings(node);
  }
  return node.type === "SelectStmt" ? configSettings(node) : void 0;
}
function variableSettings(node) {
  const { fields } = node;
  if (isSetTransaction(node)) {
    return void 0;
  }
  if (fields["kind"] === "VAR_RESET_ALL") {
    return ["all"];
  }
  if (fields["is_local"] === true) {
    return [];
  }
  return fields["name"] === "SESSION CHARACTERISTICS" ? listOf(fields["args"]).map(
    (arg) => `default_${String(fieldsOfType(arg, "DefElem")?.["defname"])}`
  ) : [String(fields["name"]).toLowerCase()];
}
function configSettings({ fields }) {
  const targets = listOf(fields["targetList"]);
  const others = ["fromClause", "whereClause", "withClause", "larg", "intoClause"];
  if (targets.length === 0 || others.some((name) => fields[name] !== void 0)) {
    return void 0;
  }
  const names = targets.map((target) => configSetting(target));
  return names.every((name) => name !== void 0) ? names.flat() : void 0;
}
function configSetting(target) {
  const call = fieldsOfType(fieldsOfType(target, "ResTarget")?.["val"], "FuncCall");
  const names = listOf(call?.["funcname"]).map((part) => textOf(part));
  const [setting, , local] = listOf(call?.["args"]);
  const name = textOf(setting)?.toLowerCase();
  if (names.at(-1) !== "set_config" || name === void 0) {
    return void 0;
  }
  return isTrue(local) ? [] : [name];
}
function isTrue(node) {
  return fieldsOf(fieldsOfType(node, "A_Const")?.["boolval"])["boolval"] === true;
}

// src/scan/postgres-parser.ts
var MAX_PARSED_BYTES = 1024 * 1024;
var loaded;
function loadPostgresParser() {
  loaded ??= load();
  return loaded;
}
async function load() {
  const { loadModule, parsePlPgSQLSync, parseSync, hasSqlDetails } = await import("libpg-query");
  await loadModule();
  const parse = (text) => {
    try {
      return parseSync(text);
    } catch (error) {
      return hasSqlDetails(error) ? { message: error.message, offset: error.sqlDetails?.cursorPosition ?? -1 } : void 0;
    }
  };
  return {
    classify(text) {
      if (isTooLarge(text) || text === "") {
        return text === "" ? { ...PLAIN_CLASS, count: 0 } : PLAIN_CLASS;
      }
      const tree = parse(text);
      if (tree === void 0) {
        return PLAIN_CLASS;
      }
      return "message" in tree ? tree : classOf(tree);
    },
    checkBodies(text) {
      return isTooLarge(text) || !/plpgsql|\bdo\b/i.test(text) ? void 0 : checkBodies(text, { parse, parseBody: parsePlPgSQLSync });
    }
  };
}
function isTooLarge(text) {
  return text.length > MAX_PARSED_BYTES || Buffer.byteLength(text) > MAX_PARSED_BYTES;
}

// src/bundler/piece-place.ts
function positionAt({ text, at, lines }, offset) {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const feeds = before.split("\n").length - 1;
  const column = codePoints(before, start, before.length);
  return {
    path: at.path,
    line: lines?.[feeds] ?? at.line + feeds,
    column: column + (feeds === 0 ? at.column : 1)
  };
}
function leadingLength(text) {
  const lexer = lexerOf(text);
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      return start;
    }
  }
  return text.length;
}
function unitsOf(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 65535 ? 2 : 1;
  }
  return units;
}

// src/bundler/session-statement.ts
var CONTROL = [
  ["begin", /^(?:begin|start transaction)\b/u],
  [
    "other",
    /^(?:(?:commit|rollback) prepared|rollback|abort|savepoint|release|prepare transaction)\b/u
  ],
  ["commit", /^(?:commit|end)\b/u]
];
function transactionControl(head) {
  const words = head.slice(0, 2).join(" ");
  return CONTROL.find(([, pattern]) => pattern.test(words))?.[0];
}
function isSessionSetting({
  head,
  text
}) {
  const words = head.slice(0, 3).join(" ");
  if (/^(?:set|reset)\b/u.test(words)) {
    return !/^set (?:constraints|transaction)\b/u.test(words);
  }
  return /^select (?:pg_catalog )?set_config\b/u.test(words) && !/\bfrom\b/iu.test(text);
}

// src/bundler/classify.ts
var PARSED_DATA_LIMIT = 4 * 1024 * 1024;
var DATA_COMMANDS = /* @__PURE__ */ new Set(["insert", "update", "delete", "values"]);
var BODY_COMMANDS = /* @__PURE__ */ new Set(["create", "do"]);
function createClassifier(parser, checksSyntax) {
  let dataUnits = 0;
  const isSkipped = (command, text) => {
    if (!DATA_COMMANDS.has(command)) {
      return false;
    }
    dataUnits += text.length;
    return dataUnits > PARSED_DATA_LIMIT;
  };
  return {
    classify(piece) {
      const command = piece.head[0] ?? "";
      if (isSkipped(command, piece.text)) {
        return PLAIN_CLASS;
      }
      const found = parser.classify(piece.text);
      if (!("message" in found)) {
        if (checksSyntax && BODY_COMMANDS.has(command)) {
          checkBody(parser, piece);
        }
        return found;
      }
      if (checksSyntax) {
        throw syntaxError(piece, found);
      }
      return { ...PLAIN_CLASS, control: transactionControl(piece.head) };
    }
  };
}
function checkBody(parser, piece) {
  const finding = parser.checkBodies(piece.text);
  if (finding !== void 0) {
    throw syntaxError(piece, finding);
  }
}
function syntaxError(piece, finding) {
  const offset = finding.offset < 0 ? leadingLength(piece.text) : unitsOf(piece.text, finding.offset);
  return new RowgateError("syntax-invalid", {
    message: finding.message,
    hint: "Correct the statement, or switch the check off with --no-syntax-check if your server accepts it.",
    at: positionAt(piece, offset)
  });
}

// src/bundler/piece-store.ts
var BLOCK_LIMIT_BYTES = 4 * 1024 * 1024;
function createPieceStore(budgetBytes) {
  const limit = Math.min(budgetBytes, BLOCK_LIMIT_BYTES);
  let kept = [];
  let size = 0;
  const keep = (piece) => {
    if (size <= limit) {
      kept.push(piece);
    } else {
      kept = [];
    }
  };
  return {
    async add(piece) {
      const { head: _head, ...bare } = piece;
      size += Buffer.byteLength(piece.text);
      if (bare.kind === "statement") {
        keep(bare);
        return;
      }
      const chunks = [];
      for await (const chunk of bare.data()) {
        size += Buffer.byteLength(chunk);
        if (size <= limit) {
          chunks.push(chunk);
        } else {
          chunks.length = 0;
        }
      }
      keep(keptCopy(bare, chunks));
    },
    sizeBytes: () => size,
    keptBytes: () => size <= limit ? size : 0,
    pieces: () => size <= limit ? kept : void 0
  };
}
function keptCopy({ kind, text, at, dataLine }, chunks) {
  return {
    kind,
    text,
    at,
    dataLine,
    async *data() {
      yield* chunks;
    }
  };
}

// src/bundler/survey.ts
function createSurvey() {
  const controls = [];
  const selectInto = [];
  const settings = /* @__PURE__ */ new Set();
  let last = -1;
  let firsts = {};
  return {
    add(piece, found) {
      last += 1;
      if (found.control !== void 0) {
        controls.push({ index: last, control: found.control, at: piece.at, text: piece.text });
      }
      if (found.selectInto) {
        selectInto.push(last);
      }
      for (const name of found.settings) {
        settings.add(name);
      }
      firsts = { ...firstsOf({ piece, found, index: last }), ...firsts };
    },
    finish: () => ({
      firstBody: firsts.firstBody,
      last,
      noTransaction: firsts.noTransaction,
      addsEnumValue: firsts.addsEnumValue ?? false,
      hasCopy: firsts.hasCopy ?? false,
      setTransaction: firsts.setTransaction,
      controls,
      selectInto,
      settings: [...settings]
    })
  };
}
function firstsOf({ piece: { kind, at }, found, index }) {
  const isBody = found.control === void 0 && !found.setting;
  return {
    ...isBody ? { firstBody: index } : {},
    ...found.noTransaction === void 0 ? {} : { noTransaction: { reason: found.noTransaction, at } },
    ...found.addsEnumValue ? { addsEnumValue: true } : {},
    ...kind === "copy" ? { hasCopy: true } : {},
    ...found.setTransaction ? { setTransaction: at } : {}
  };
}

// src/bundler/transaction.ts
var CHOICES = "Remove it, split the file there, or write -- rowgate: no-transaction at the top of the file to run its statements one by one.";
function planTransaction(survey, directives) {
  const commitAfter = directives.commitAfter || survey.addsEnumValue;
  if (directives.transaction === "none") {
    return { transaction: "none", commitAfter, edits: /* @__PURE__ */ new Map(), notes: [] };
  }
  const dropped = ownTransaction(survey);
  const blocker = directives.transaction === "shared" ? void 0 : survey.noTransaction;
  const transaction = blocker === void 0 ? "shared" : "none";
  const edits = new Map(dropped.map(({ index }) => [index, "drop"]));
  if (transaction === "shared") {
    for (const index of survey.selectInto) {
      edits.set(index, "select");
    }
  }
  return {
    transaction,
    commitAfter,
    edits,
    notes: [
      ...dropped.slice(0, 1).map(droppedNote),
      ...blocker === void 0 ? [] : [blockerNote(blocker)]
    ]
  };
}
function ownTransaction(survey) {
  if (survey.setTransaction !== void 0) {
    throw controlError("SET TRANSACTION", survey.setTransaction);
  }
  const culprit = misplacedControl(survey.controls, {
    first: survey.firstBody ?? Infinity,
    last: survey.last
  });
  if (culprit !== void 0) {
    throw controlError(commandOf(culprit.text), culprit.at);
  }
  return survey.controls;
}
function misplacedControl(controls, place) {
  const [begin, commit] = controls;
  if (begin === void 0 || begin.control !== "begin" || begin.index >= place.first) {
    return begin;
  }
  const ends = controls.length === 2 && commit?.control === "commit" && commit.index === place.last;
  return ends ? void 0 : commit ?? begin;
}
function controlError(command, at) {
  return new RowgateError("transaction-control", {
    message: `${command} cannot stand here: a bundle's transaction runs around the whole file, and only one BEGIN first and one COMMIT last can be left out`,
    hint: CHOICES,
    at
  });
}
function droppedNote({ at, text }) {
  return {
    at,
    message: `the file's own ${commandOf(text)} and COMMIT are left out: it runs in the transaction of the bundle`
  };
}
function blockerNote({ reason, at }) {
  return {
    at,
    message: `${reason} cannot run in a transaction, so the statements of this file run one by one`
  };
}
function commandOf(text) {
  return text.replace(/^(?:\s+|--[^\n]*\n?|\/\*[\s\S]*?\*\/)+/u, "").replace(/;[\s\S]*$/u, "").trim().replaceAll(/\s+/gu, " ").slice(0, 60);
}

// src/bundler/compile.ts
var KEPT_BYTES = 64 * 1024 * 1024;
var USUAL_SETTINGS = /* @__PURE__ */ new Set([
  "search_path",
  "role",
  "check_function_bodies",
  "session_replication_role",
  "row_security",
  "default_tablespace",
  "client_min_messages",
  "lock_timeout",
  "statement_timeout",
  "standard_conforming_strings"
]);
async function compileDrafts(requests, checksSyntax) {
  if (requests.length === 0) {
    return [];
  }
  const parser = await loadPostgresParser();
  const blocks = [];
  let left = KEPT_BYTES;
  for (const request of requests) {
    const store = createPieceStore(left);
    blocks.push(await compileDraft(request, { parser, checksSyntax, store }));
    left -= store.keptBytes();
  }
  return blocks;
}
async function compileDraft({ draft, header }, { parser, checksSyntax, store }) {
  const notes = [];
  const survey = await surveyDraft(draft, {
    classifier: createClassifier(parser, checksSyntax),
    store,
    onNote: (note) => addNote(notes, note)
  });
  const plan = planTransaction(survey, draft.directives);
  const prefixSettings = draft.prefix.map((piece) => parser.classify(piece.text));
  const leaks = [
    ...survey.settings,
    ...prefixSettings.flatMap((found) => "message" in found ? [] : found.settings)
  ];
  return {
    ...header,
    transaction: plan.transaction,
    commitAfter: plan.commitAfter,
    settings: draft.directives.settings,
    leaks: [...new Set(leaks)].filter((name) => !USUAL_SETTINGS.has(name)),
    hasCopy: survey.hasCopy,
    sizeBytes: store.sizeBytes() + sizeOf(draft.prefix),
    statements: draft.prefix.length + survey.last + 1 - countDropped(plan),
    notes: [...notes, ...plan.notes],
    pieces: () => piecesOf({ draft, store, edits: plan.edits })
  };
}
function addNote(notes, note) {
  const isNew = !notes.some(
    ({ at, message }) => at.path === note.at.path && message === note.message
  );
  if (isNew) {
    notes.push(note);
  }
}
async function surveyDraft(draft, { classifier, store, onNote }) {
  const reading = draft.open(onNote);
  const survey = createSurvey();
  let isFirst = true;
  for await (const piece of reading.pieces) {
    checkLateDirective(piece, isFirst && piece.at.path === draft.path);
    const found = classifier.classify(piece);
    if (found.copy === "to-stdout") {
      throw copyError(piece);
    }
    survey.add(piece, found);
    await store.add(piece);
    isFirst = false;
  }
  checkUnchanged(draft, reading.checksum());
  return survey.finish();
}
function countDropped({ edits }) {
  return [...edits.values()].filter((edit) => edit === "drop").length;
}
function sizeOf(pieces) {
  return pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}
function checkLateDirective(piece, isFirst) {
  if (!/rowgate:/iu.test(piece.text)) {
    return;
  }
  const start = isFirst ? leadingLength(piece.text) : 0;
  const late = findLateDirective(piece.text.slice(start), 0);
  if (late !== void 0) {
    const { path, line } = positionAt(piece, start);
    const skipped = piece.text.slice(0, start).split("\n").length - 1;
    throw new RowgateError("directive-unknown", {
      message: "a rowgate directive behind the first statement has no effect",
      hint: "Move it to the comments at the top of the file.",
      at: { path, line: piece.lines?.[skipped + late] ?? line + late, column: 1 }
    });
  }
}
function copyError(piece) {
  return new RowgateError("copy-unsupported", {
    message: "COPY TO STDOUT writes to the client, and a bundle has nowhere to put it",
    hint: "Remove the statement.",
    at: piece.at
  });
}
function checkUnchanged(draft, checksum) {
  if (checksum !== draft.checksum) {
    throw new RowgateError("file-unreadable", {
      message: `${draft.path}, or a file that it includes, changed while it was being read`,
      hint: "Run the command again.",
      at: { path: draft.path, line: 1, column: 1 }
    });
  }
}
async function* piecesOf({ draft, store, edits }) {
  yield* draft.prefix;
  const kept = store.pieces();
  let index = 0;
  for await (const piece of kept ?? readAgain(draft)) {
    const edit = edits.get(index);
    if (edit !== "drop") {
      yield edit === "select" ? withEmptySelect(piece) : piece;
    }
    index += 1;
  }
}
function withEmptySelect(piece) {
  return { ...piece, text: `${piece.text}
SELECT;` };
}
async function* readAgain(draft) {
  const reading = draft.open(() => void 0);
  let index = 0;
  for await (const piece of reading.pieces) {
    yield publicPiece(piece, draft, index);
    index += 1;
  }
  checkUnchanged(draft, reading.checksum());
}
function publicPiece(piece, draft, index) {
  const { head: _head, ...bare } = piece;
  if (bare.kind === "statement") {
    return bare;
  }
  let isFresh = true;
  return {
    ...bare,
    async *data() {
      if (isFresh && bare.isCurrent()) {
        isFresh = false;
        yield* bare.data();
      } else {
        yield* dataOf(draft, index);
      }
    }
  };
}
async function* dataOf(draft, wanted) {
  let index = 0;
  for await (const piece of draft.open(() => void 0).pieces) {
    if (index === wanted && piece.kind === "copy") {
      yield* piece.data();
      return;
    }
    index += 1;
  }
}

// src/bundler/discover.ts
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";

// src/bundler/order.ts
var STAGES = ["before", "numbered", "routines", "after"];
var ROUTINE_FOLDERS = /* @__PURE__ */ new Set(["functions", "procedures", "views", "triggers", "routines"]);
var ASIDE_FOLDERS = /* @__PURE__ */ new Set(["undo", "verify", "seeds"]);
var DIALECT_SUFFIXES = {
  pg: "postgres",
  postgres: "postgres",
  mysql: "mysql",
  mariadb: "mysql"
};
function parseSqlName(path) {
  const match = /^(?<stem>.*[^/])\.sql(?:\.ejs)?$/u.exec(path);
  const whole = match?.groups?.["stem"];
  if (whole === void 0) {
    return void 0;
  }
  const suffix = /^(?<stem>.*[^/])\.(?<dialect>pg|postgres|mysql|mariadb)$/u.exec(whole)?.groups;
  return {
    stem: suffix?.["stem"] ?? whole,
    dialect: DIALECT_SUFFIXES[suffix?.["dialect"] ?? ""]
  };
}
function nameFile(path, stem) {
  const folders = path.split("/").slice(0, -1);
  const hook = folders[0];
  if (hook === "before" || hook === "after") {
    return { path, id: stem, kind: "always", number: [], stage: hook };
  }
  if (folders.some((folder) => ASIDE_FOLDERS.has(folder))) {
    return "aside";
  }
  const number = leadingNumber(path);
  if (number.length > 0) {
    return { path, id: number.join("."), kind: "once", number, stage: "numbered" };
  }
  return isRoutine(path) ? { path, id: stem, kind: "on-change", number: [], stage: "routines" } : "unnumbered";
}
function isRoutine(path) {
  const folders = path.split("/").slice(0, -1);
  return leadingNumber(path).length === 0 && folders.some((folder) => ROUTINE_FOLDERS.has(folder));
}
function leadingNumber(path) {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const date = /^(?:(?:19|20)\d\d(?=[-_]\d)|(?:19|20)\d\d[01]\d[0-3]\d)(?:[-_]\d+(?![0-9A-Za-z]))+/u.exec(
    base
  );
  const number = date ?? /^\d+(?:\.\d+)*/u.exec(base);
  return (number?.[0].split(/[-_.]/u) ?? []).map(withoutZeros);
}
function normalizeId(id) {
  return /^\d+(?:\.\d+)*$/u.test(id) ? id.split(".").map(withoutZeros).join(".") : id;
}
function withoutZeros(digits) {
  return digits.replace(/^0+(?=\d)/u, "");
}
function compareFiles(left, right) {
  return STAGES.indexOf(left.stage) - STAGES.indexOf(right.stage) || compareNumbers(left.number, right.number) || compareText(left.path, right.path);
}
function compareNumbers(left, right) {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const one = left[index] ?? "";
    const other = right[index] ?? "";
    const order = one.length - other.length || compareText(one, other);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}
function compareText(left, right) {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
function checkIds(files) {
  const owners = /* @__PURE__ */ new Map();
  for (const { id, path } of files) {
    const owner = owners.get(id);
    if (owner !== void 0) {
      throw new RowgateError("id-duplicate", {
        message: `${owner} and ${path} both have the id ${id}`,
        hint: "Give one of them another number or name, or list the files in a main.sql.",
        at: { path, line: 1, column: 1 }
      });
    }
    owners.set(id, path);
  }
}
function checkCase(paths) {
  const owners = /* @__PURE__ */ new Map();
  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const owner = owners.get(folded);
    if (owner !== void 0) {
      throw new RowgateError("id-duplicate", {
        message: `${owner} and ${path} differ only in case, and are one file on Windows and macOS`,
        hint: "Rename one of them.",
        at: { path, line: 1, column: 1 }
      });
    }
    owners.set(folded, path);
  }
}

// src/bundler/discover.ts
async function discoverFiles(root, dialect) {
  const { glob } = await import("glob");
  const entries = await glob("**/*", {
    cwd: root,
    withFileTypes: true,
    ignore: "**/node_modules/**"
  });
  const files = [];
  const notes = [];
  for (const entry of entries) {
    const path = entry.relativePosix();
    if (entry.isDirectory()) {
      checkDirectory(root, path);
    } else if (isFile(root, entry, notes)) {
      const name = parseSqlName(path);
      if (name !== void 0 && (name.dialect ?? dialect) === dialect) {
        files.push({ path, stem: name.stem });
      }
    }
  }
  return {
    files: files.toSorted((left, right) => compareText(left.path, right.path)),
    notes: notes.toSorted((left, right) => compareText(left.at.path, right.at.path))
  };
}
function isInside(root, file) {
  const path = relative(root, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
function checkDirectory(root, path) {
  try {
    accessSync(join(root, path), constants.R_OK | constants.X_OK);
  } catch (error) {
    throw unreadable(path, error);
  }
}
function isFile(root, entry, notes) {
  if (!entry.isSymbolicLink()) {
    return entry.isFile();
  }
  const path = entry.relativePosix();
  const target = follow(root, path);
  if (target === void 0 || !(target.stats.isDirectory() || parseSqlName(path) !== void 0)) {
    return false;
  }
  if (!isInside(root, target.file)) {
    throw new RowgateError("include-outside", {
      message: `${path} is a symbolic link to a place outside the source`,
      hint: "Replace the link by the file itself, or name a directory that holds both as the source.",
      at: { path, line: 1, column: 1 }
    });
  }
  if (target.stats.isDirectory()) {
    notes.push({
      at: { path, line: 1, column: 1 },
      message: `${path} is a symbolic link to a directory of the source and is not followed`
    });
  }
  return target.stats.isFile();
}
function follow(root, path) {
  try {
    const file = realpathSync(join(root, path));
    return { file, stats: statSync(file) };
  } catch (error) {
    if (parseSqlName(path) === void 0) {
      return void 0;
    }
    throw unreadable(path, error);
  }
}
function unreadable(path, cause) {
  return new RowgateError("file-unreadable", {
    message: `${path} cannot be read: ${systemReason(cause)}`,
    hint: "Give the user who runs this the right to read it.",
    at: { path, line: 1, column: 1 },
    cause
  });
}

// src/scan/postgres-statement.ts
var HEAD_WORDS = 8;
var ROUTINE = /^c(?:or)?[fp]/;
var RECORDED = /* @__PURE__ */ new Set(["create", "function", "procedure", "or", "replace"]);
function newProgress() {
  return {
    interrupted: false,
    head: [],
    parentheses: 0,
    begins: 0,
    words: 0,
    initials: "",
    routine: false,
    copy: "none",
    copies: 0
  };
}
function copyOf2(progress, interrupted) {
  return { ...progress, head: [...progress.head], interrupted };
}
function advanceProgress(progress, kind, word) {
  if (kind === "word") {
    takeWord(progress, word);
    return;
  }
  if (kind === "open") {
    progress.parentheses += 1;
  } else if (kind === "close") {
    progress.parentheses = Math.max(0, progress.parentheses - 1);
  } else if (kind === "escape") {
    takeEscape(progress, word);
  }
  if (progress.copy === "from") {
    progress.copy = "copy";
  }
}
function endsAtSemicolon(progress) {
  return progress.parentheses === 0 && progress.begins === 0;
}
function needsWord(progress) {
  return progress.head.length < HEAD_WORDS || progress.words < 4 || progress.copy !== "none" || progress.routine;
}
function takeEscape(progress, text) {
  if (text === "\\;") {
    progress.words = 0;
    progress.copy = "none";
  }
}
function takeWord(progress, text) {
  const word = text.toLowerCase();
  if (progress.head.length < HEAD_WORDS) {
    progress.head.push(word);
  }
  takeInitial(progress, word);
  if (progress.parentheses === 0) {
    takeCopyWord(progress, word);
    takeBodyWord(progress, word);
  }
  progress.words += 1;
}
function takeInitial(progress, word) {
  if (progress.words === 0) {
    progress.initials = "";
  }
  if (progress.words < 4) {
    progress.initials += RECORDED.has(word) ? word.charAt(0) : ".";
    progress.routine = ROUTINE.test(progress.initials);
  }
}
function takeCopyWord(progress, word) {
  if (progress.words === 0) {
    progress.copy = word === "copy" ? "copy" : "none";
  } else if (progress.copy === "from" && (word === "stdin" || word === "stdout")) {
    progress.copies += 1;
    progress.copy = "none";
  } else if (progress.copy !== "none") {
    progress.copy = word === "from" ? "from" : "copy";
  }
}
function takeBodyWord(progress, word) {
  if (!progress.routine) {
    return;
  }
  if (word === "begin" || word === "case" && progress.begins > 0) {
    progress.begins += 1;
  } else if (word === "end" && progress.begins > 0) {
    progress.begins -= 1;
  }
}

// src/scan/scan-state.ts
var BYTE_ORDER_MARK = "\uFEFF";
function newScan() {
  return {
    text: "",
    at: 0,
    place: placeOf("", 1, 1),
    final: false,
    progress: newProgress(),
    copies: 0,
    copyGap: void 0,
    mark: -1
  };
}
function feed(scan, text) {
  const { line, column } = scan.place;
  scan.text = scan.text.slice(scan.at) + text;
  scan.at = 0;
  scan.place = placeOf(scan.text, line, column);
  if (scan.mark === -1 && scan.text !== "") {
    scan.mark = scan.text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    scan.place.column -= scan.mark;
  }
}
function moveTo(scan, to) {
  movePlace(scan.place, scan.text, to);
  scan.at = to;
  scan.mark = Math.min(scan.mark, 0);
  return { line: scan.place.line, column: scan.place.column };
}

// src/scan/postgres-copy.ts
function nextCopyEvent(scan) {
  if (scan.copyGap === void 0) {
    const lineFeed = scan.text.indexOf("\n", scan.at);
    if (lineFeed === -1 && !scan.final) {
      return void 0;
    }
    const end2 = lineFeed === -1 ? scan.text.length : lineFeed + 1;
    const rest = scan.text.slice(scan.at, end2);
    if (hasTokens(rest)) {
      return misplaced(scan, rest);
    }
    scan.copyGap = rest;
    moveTo(scan, end2);
  }
  const end = endOfCopyData(scan);
  if (end > scan.at) {
    return { kind: "copy-data", ...takeCopyText(scan, end) };
  }
  return copyEnd(scan);
}
function misplaced(scan, rest) {
  const start = scan.at + firstOf(rest);
  const end = scan.at + lastOf(rest);
  const gap = scan.text.slice(scan.at, start);
  const place = moveTo(scan, start);
  moveTo(scan, end);
  return {
    kind: "statement",
    gap,
    text: scan.text.slice(start, end),
    ...place,
    head: [],
    terminated: false,
    copiesFromStdin: false,
    unterminated: "copy line",
    openedAt: place
  };
}
function firstOf(text) {
  let at = 0;
  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}
function lastOf(text) {
  let at = text.length;
  while (isSpace(text.charCodeAt(at - 1))) {
    at -= 1;
  }
  return at;
}
function endOfCopyData(scan) {
  const { text, at } = scan;
  const end = scan.final ? text.length : text.lastIndexOf("\n") + 1;
  for (let dot = text.indexOf("\\.", at); dot !== -1 && dot < end; ) {
    const starts = dot === at || text[dot - 1] === "\n";
    if (starts && endOfMarker(text, dot) !== -1) {
      return dot;
    }
    dot = text.indexOf("\\.", dot + 2);
  }
  return Math.max(end, at);
}
function endOfMarker(text, from) {
  const end = text[from + 2] === "\r" ? from + 3 : from + 2;
  if (end === text.length) {
    return end;
  }
  return text[end] === "\n" ? end + 1 : -1;
}
function copyEnd(scan) {
  const { text, at, final } = scan;
  const marker = text.startsWith("\\.", at) ? endOfMarker(text, at) : -1;
  const whole = marker !== -1 && (final || text[marker - 1] === "\n");
  if (!whole && !final) {
    return void 0;
  }
  const event = { kind: "copy-end", ...takeCopyText(scan, whole ? marker : at) };
  scan.copies -= 1;
  scan.copyGap = scan.copies > 0 ? "" : void 0;
  return event;
}
function takeCopyText(scan, end) {
  const gap = scan.copyGap ?? "";
  const text = scan.text.slice(scan.at, end);
  const { line } = scan.place;
  scan.copyGap = "";
  moveTo(scan, end);
  return { gap, text, line };
}

// src/scan/psql-command.ts
var WHOLE_LINE = /* @__PURE__ */ new Set([
  "!",
  "copy",
  "ef",
  "ev",
  "h",
  "help",
  "sf",
  "sf+",
  "sv",
  "sv+"
]);
var PIPING = /* @__PURE__ */ new Set(["g", "gx", "o", "out", "w", "write"]);
function readCommand(text, start, lineEnd) {
  const stop = text[lineEnd - 1] === "\r" && lineEnd - 1 > start ? lineEnd - 1 : lineEnd;
  const nameEnd = endOfName(text, start + 1, stop);
  const name = text.slice(start + 1, nameEnd);
  const rest = text.slice(nameEnd, stop);
  const whole = name === "" || WHOLE_LINE.has(name) || PIPING.has(name) && rest.trimStart().startsWith("|");
  const argsEnd = whole ? stop : endOfArguments(text, nameEnd, stop);
  const ended = !whole && text.startsWith("\\\\", argsEnd) && argsEnd + 2 <= stop;
  return {
    name,
    args: text.slice(nameEnd, argsEnd).trim(),
    end: ended ? argsEnd + 2 : argsEnd
  };
}
function copiesFromStdin(args) {
  const lexer = lexerOf(args);
  const progress = newProgress();
  advanceProgress(progress, "word", "copy");
  while (lexer.at < args.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      advanceProgress(progress, kind, args.slice(start, lexer.at));
    }
  }
  return progress.copies > 0;
}
function endOfName(text, from, stop) {
  let end = from;
  while (end < stop && !isSpace(text.charCodeAt(end)) && text[end] !== "\\") {
    end += 1;
  }
  return end;
}
function endOfArguments(text, from, stop) {
  let at = from;
  while (at < stop && text[at] !== "\\") {
    const character = text[at] ?? "";
    at = "'\"`".includes(character) ? endOfQuotes(text, at, stop) : at + 1;
  }
  return at;
}
function endOfQuotes(text, start, stop) {
  const quote2 = text[start];
  let at = start + 1;
  while (at < stop && text[at] !== quote2) {
    at += quote2 === "'" && text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at + 1, stop);
}

// src/scan/postgres-events.ts
var ENDS_STATEMENT = /* @__PURE__ */ new Set([
  "crosstabview",
  "g",
  "gdesc",
  "gexec",
  "gset",
  "gx",
  "parse",
  "r",
  "reset",
  "sendpipeline",
  "watch"
]);
function* drain(scan) {
  for (let event = nextEvent(scan); event !== void 0; event = nextEvent(scan)) {
    yield event;
  }
}
function nextEvent(scan) {
  if (scan.copies > 0) {
    return nextCopyEvent(scan);
  }
  const run = newRun(scan);
  while (run.lexer.at < scan.text.length) {
    const found = readOn(run);
    if (found !== "more") {
      return found === "end" ? endStatement(run) : nextAtBackslash(run);
    }
  }
  return scan.final ? lastEvent(run) : void 0;
}
function newRun(scan) {
  const lexer = lexerOf(scan.text);
  lexer.at = scan.at + Math.max(0, scan.mark);
  return {
    scan,
    lexer,
    progress: copyOf2(scan.progress, scan.progress.interrupted),
    first: -1,
    firstToken: -1,
    lastEnd: -1,
    parenthesis: -1,
    last: -1
  };
}
function readOn(run) {
  const { lexer } = run;
  const start = lexer.at;
  const kind = readToken(lexer);
  if (kind === "space") {
    return "more";
  }
  run.last = start;
  if (kind === "backslash") {
    return "backslash";
  }
  run.first = run.first === -1 ? start : run.first;
  return kind !== "comment" && takeToken(run, kind, start) ? "end" : "more";
}
function takeToken(run, kind, start) {
  const { lexer, progress } = run;
  run.firstToken = run.firstToken === -1 ? start : run.firstToken;
  run.lastEnd = lexer.at;
  if (kind === "semicolon" && endsAtSemicolon(progress)) {
    return true;
  }
  if (kind === "open" && progress.parentheses === 0) {
    run.parenthesis = start;
  }
  if (kind === "word" && !needsWord(progress)) {
    progress.words += 1;
  } else {
    const read2 = kind === "word" || kind === "escape";
    advanceProgress(progress, kind, read2 ? lexer.text.slice(start, lexer.at) : "");
  }
  return false;
}
function endStatement(run) {
  const { scan, progress } = run;
  const event = statementEvent(run, run.lexer.at, { terminated: true });
  scan.progress = newProgress();
  scan.copies = progress.copies;
  return event;
}
function nextAtBackslash(run) {
  const { scan } = run;
  const start = run.last;
  if (start + 1 === scan.text.length && !scan.final) {
    return void 0;
  }
  if (run.firstToken !== -1) {
    const event = statementEvent(run, run.lastEnd, { terminated: false });
    scan.progress = copyOf2(run.progress, true);
    return event;
  }
  const lineFeed = scan.text.indexOf("\n", start);
  if (lineFeed === -1 && !scan.final) {
    return void 0;
  }
  return commandEvent(run, lineFeed === -1 ? scan.text.length : lineFeed);
}
function commandEvent(run, lineEnd) {
  const { scan } = run;
  const start = run.last;
  const { name, args, end } = readCommand(scan.text, start, lineEnd);
  const inStatement = scan.progress.interrupted && !ENDS_STATEMENT.has(name);
  const gap = scan.text.slice(scan.at, start);
  const { line, column } = moveTo(scan, start);
  if (ENDS_STATEMENT.has(name)) {
    scan.progress = newProgress();
  }
  scan.copies = name === "copy" && copiesFromStdin(args) ? 1 : 0;
  moveTo(scan, end);
  return {
    kind: "command",
    gap,
    text: scan.text.slice(start, end),
    name,
    args,
    line,
    column,
    inStatement
  };
}
function lastEvent(run) {
  const { scan, lexer, progress } = run;
  if (lexer.open !== void 0) {
    return statementEvent(run, scan.text.length, {
      terminated: false,
      unterminated: lexer.open,
      opened: run.last
    });
  }
  if (run.firstToken === -1) {
    return tailEvent(scan);
  }
  const open2 = progress.parentheses > 0 && run.parenthesis !== -1 ? { unterminated: "parenthesis", opened: run.parenthesis } : {};
  return statementEvent(run, run.lastEnd, { terminated: false, ...open2 });
}
function tailEvent(scan) {
  const text = scan.text.slice(scan.at);
  moveTo(scan, scan.text.length);
  return text === "" ? void 0 : { kind: "tail", text };
}
function statementEvent(run, end, state) {
  const { scan, progress } = run;
  const gap = scan.text.slice(scan.at, run.first);
  const { line, column } = moveTo(scan, run.first);
  const event = {
    kind: "statement",
    gap,
    text: scan.text.slice(run.first, end),
    line,
    column,
    head: progress.head,
    terminated: state.terminated,
    copiesFromStdin: state.terminated && progress.copies > 0
  };
  const openedAt = state.opened === void 0 ? void 0 : moveTo(scan, state.opened);
  moveTo(scan, end);
  return state.unterminated === void 0 || openedAt === void 0 ? event : { ...event, unterminated: state.unterminated, openedAt };
}

// src/scan/postgres.ts
async function* scanPostgres(chunks) {
  const scan = newScan();
  let waiting = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size >= scan.text.length - scan.at) {
      feed(scan, waiting.join(""));
      waiting = [];
      size = 0;
      for (const event of drain(scan)) {
        yield event;
      }
    }
  }
  feed(scan, waiting.join(""));
  scan.final = true;
  yield* drain(scan);
}

// src/bundler/event-reader.ts
function createEventReader(events) {
  let ahead;
  const next = async () => {
    const result = await events.next();
    return result.done === true ? void 0 : result.value;
  };
  return {
    async peek() {
      ahead ??= { event: await next() };
      return ahead.event;
    },
    async take() {
      const event = ahead === void 0 ? await next() : ahead.event;
      ahead = void 0;
      return event;
    },
    async close() {
      await events.return(void 0);
    }
  };
}
async function* readCopyData(reader, onText) {
  for (; ; ) {
    const event = await reader.peek();
    if (event === void 0 || !isCopyEvent(event)) {
      return;
    }
    await reader.take();
    onText(event.gap + event.text);
    if (event.kind === "copy-end") {
      return;
    }
    yield event.text;
  }
}
function isCopyEvent(event) {
  return event.kind === "copy-data" || event.kind === "copy-end";
}

// src/bundler/copy-data.ts
async function* walkCopy(copy, source, { reader, session }) {
  const first2 = await reader.peek();
  const line = first2 !== void 0 && "line" in first2 ? first2.line : copy.at.line;
  const data = readCopyData(reader, (text) => session.hash.update(text));
  yield* oneCopy({ ...copy, dataLine: source.lineOf(line) }, data);
}
async function* walkFileCopy(copy, chunks, session) {
  session.hash.update("\n");
  yield* oneCopy({ ...copy, dataLine: 1 }, heard(wholeLines(chunks), session));
}
async function* oneCopy(copy, data) {
  let isCurrent = true;
  try {
    yield {
      kind: "copy",
      ...copy,
      isCurrent: () => isCurrent,
      // Not `yield*`: a reader that stops half-way must not end the data for the rest of us.
      async *data() {
        for (let next = await data.next(); next.done !== true; next = await data.next()) {
          yield next.value;
        }
      }
    };
    isCurrent = false;
    while ((await data.next()).done !== true) {
    }
  } finally {
    isCurrent = false;
    await data.return(void 0);
  }
}
async function* heard(chunks, session) {
  for (const chunk of chunks) {
    session.hash.update(chunk);
    yield chunk;
  }
}
function* wholeLines(chunks) {
  let rest = [];
  for (const chunk of chunks) {
    const end = chunk.lastIndexOf("\n") + 1;
    if (end === 0) {
      rest.push(chunk);
    } else {
      yield [...rest, chunk.slice(0, end)].join("");
      rest = end === chunk.length ? [] : [chunk.slice(end)];
    }
  }
  if (rest.length > 0) {
    yield `${rest.join("")}
`;
  }
}

// src/scan/psql-policy.ts
var OUTPUT = "it only changes what psql shows";
var SHOWS = "it only shows something";
var OTHER_DATABASE = "it changes the connection, and a bundle is for one database";
var SHELL = "it runs a program on the machine of whoever runs psql";
var LIVE = "it makes SQL or variables of query results, which are not known when a bundle is built";
var FILE = "it writes to a file on the machine of whoever runs psql";
var ENVIRONMENT = "it depends on the environment of whoever runs psql";
var INTERACTIVE = "it only makes sense at a prompt";
var FOLDER = "it changes the folder that paths are relative to";
var PROTOCOL = "it drives psql's extended query protocol";
var LARGE_OBJECT = "it reads or writes a large object through a client's file";
var TABLE = [
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
    "echo qecho warn conninfo errverbose copyright ? h help l l+ list list+ z zS z+ zS+"
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
  ["refuse", LARGE_OBJECT, "lo_import lo_export lo_unlink"]
];
var POLICIES = new Map(
  TABLE.flatMap(
    ([action, reason, names]) => names.split(" ").map((name) => [name, { action, reason }])
  )
);
var DESCRIBES = /^d(?:[abcCdDglLnoOpTuxXy]|A[cfop]?|config|dp|e[stuw]|f[antpw]*|F[dpt]?|P[itn]*|rds|rg|R[ps]|[tvmsEi]*)[Sx+]*$/;
function commandPolicy(name, args) {
  if (name === "encoding") {
    return encodingPolicy(args);
  }
  if (name === "g" || name === "gx") {
    return terminatePolicy(args ?? "");
  }
  return POLICIES.get(name) ?? (DESCRIBES.test(name) ? { action: "drop", reason: SHOWS } : { action: "refuse", reason: "it is no psql command that Rowgate knows" });
}
function encodingPolicy(args) {
  return args !== void 0 && /^'?(?:utf-?8|unicode)?'?;?$/i.test(args.trim()) ? { action: "drop", reason: "a bundle is always UTF-8" } : { action: "refuse", reason: "a bundle is always UTF-8" };
}
function terminatePolicy(args) {
  return args.trim() === "" ? { action: "terminate", reason: "it ends a statement" } : {
    action: "refuse",
    reason: "it sends the result to a file or a program, or changes how it is shown"
  };
}

// src/scan/psql.ts
function substituteVariables(text, variables) {
  const used = /* @__PURE__ */ new Set();
  const replaced = text.includes(":") ? substitute(text, variables, used) : text;
  return { text: replaced, used: [...used] };
}
function sentText(statement) {
  return statement.includes("\\") ? mapTokens(statement, (kind, token) => kind === "escape" ? token.slice(1) : token) : statement;
}
function parseArguments(args, variables, options = {}) {
  const found = [];
  let at = skipSpace(args, 0);
  while (at < args.length && args[at] !== "\\") {
    const { value, end, unquoted: unquoted2 } = readArgument(args, at, { variables, options });
    const tail = options.dropSemicolons === true ? trailingSemicolons(value, unquoted2) : 0;
    found.push(value.slice(0, value.length - tail));
    at = skipSpace(args, end);
  }
  return found;
}
function substitute(text, variables, used) {
  return mapTokens(text, (kind, token) => {
    if (kind !== "variable") {
      return token;
    }
    const { name, form } = variableOf(token);
    const value = variables.get(name);
    if (form === "test") {
      return value === void 0 ? "FALSE" : "TRUE";
    }
    if (value === void 0) {
      return token;
    }
    used.add(name);
    return form === "plain" ? substitute(value, without(variables, name), used) : quote(value, form);
  });
}
function mapTokens(text, map) {
  const lexer = lexerOf(text);
  const parts = [];
  while (lexer.at < text.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    parts.push(map(kind, text.slice(start, lexer.at)));
  }
  return parts.join("");
}
var FORMS = {
  "'": "literal",
  '"': "identifier",
  "{": "test"
};
function variableOf(token) {
  const form = FORMS[token.charAt(1)] ?? "plain";
  const start = form === "plain" ? 1 : form === "test" ? 3 : 2;
  return { name: token.slice(start, form === "plain" ? void 0 : -1), form };
}
function without(variables, name) {
  const rest = new Map(variables);
  rest.delete(name);
  return rest;
}
function quote(value, form) {
  if (form === "identifier") {
    return `"${value.replaceAll('"', '""')}"`;
  }
  const literal2 = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${literal2.replaceAll("\\", "\\\\")}` : literal2;
}
function readArgument(args, start, context) {
  let at = start;
  let value = "";
  let unquoted2 = 0;
  while (at < args.length && args[at] !== "\\" && !isSpace(args.charCodeAt(at))) {
    const part = readPart(args, at, context);
    value += part.value;
    unquoted2 = part.unquoted === 0 ? 0 : unquoted2 + part.unquoted;
    at = part.end;
  }
  return { value, end: at, unquoted: unquoted2 };
}
function readPart(args, at, context) {
  switch (args.charAt(at)) {
    case "'":
      return readSingleQuoted(args, at, context.options.at);
    case '"':
      return readDoubleQuoted(args, at, context.options.at);
    case "`":
      throw shellCommand(args, context.options.at);
    case ":":
      return readVariable(args, at, context.variables);
    default:
      return { value: args.charAt(at), end: at + 1, unquoted: 1 };
  }
}
var ESCAPES = {
  n: "\n",
  t: "	",
  b: "\b",
  r: "\r",
  f: "\f"
};
var QUOTED = /''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([^]))|([^'])/y;
function readSingleQuoted(args, start, at) {
  let value = "";
  QUOTED.lastIndex = start + 1;
  for (let end = start + 1; ; end = QUOTED.lastIndex) {
    const found = QUOTED.exec(args);
    if (found === null) {
      if (args[end] !== "'") {
        throw openQuote(args, at);
      }
      return { value, end: end + 1, unquoted: 0 };
    }
    value += unescape(found);
  }
}
function unescape([, octal, hex, escaped, plain]) {
  if (octal !== void 0) {
    return String.fromCharCode(Number.parseInt(octal, 8) & 255);
  }
  if (hex !== void 0) {
    return String.fromCharCode(Number.parseInt(hex, 16));
  }
  return escaped === void 0 ? plain ?? "'" : ESCAPES[escaped] ?? escaped;
}
function readDoubleQuoted(args, start, at) {
  const close = args.indexOf('"', start + 1);
  if (close === -1) {
    throw openQuote(args, at);
  }
  return { value: args.slice(start, close + 1), end: close + 1, unquoted: 0 };
}
function readVariable(args, start, variables) {
  const token = /^:(?:'[\w\u0080-\uffff]+'|"[\w\u0080-\uffff]+"|\{\?[\w\u0080-\uffff]+\}|[\w\u0080-\uffff]+)/.exec(
    args.slice(start)
  )?.[0];
  if (token === void 0) {
    return { value: ":", end: start + 1, unquoted: 1 };
  }
  const { name, form } = variableOf(token);
  const value = variables.get(name);
  return { value: expand(token, form, value), end: start + token.length, unquoted: 0 };
}
function expand(token, form, value) {
  if (form === "test") {
    return value === void 0 ? "FALSE" : "TRUE";
  }
  if (value === void 0) {
    return token;
  }
  return form === "plain" ? value : quote(value, form);
}
function trailingSemicolons(value, unquoted2) {
  let count = 0;
  while (count < unquoted2 && value[value.length - 1 - count] === ";") {
    count += 1;
  }
  return count;
}
function skipSpace(text, from) {
  let at = from;
  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}
function openQuote(args, at) {
  return new RowgateError("psql-command", {
    message: `a quote is not closed in the arguments of a psql command: ${args}`,
    hint: "Close the quote on the same line; psql commands end with their line.",
    at
  });
}
function shellCommand(args, at) {
  return new RowgateError("psql-command", {
    message: `psql would run a shell command for the backquotes in: ${args}`,
    hint: "Write the value itself, or pass it with --var.",
    at
  });
}

// src/bundler/conditions.ts
function isActive(conditions) {
  return conditions.every((condition) => condition.branch === "taken");
}
function needsValue(conditions, name) {
  if (name === "if") {
    return isActive(conditions);
  }
  return name === "elif" && conditions.at(-1)?.branch === "open";
}
function applyCondition(conditions, { name, value, line }) {
  if (name === "if") {
    const branch = value ? "taken" : "open";
    return [
      ...conditions,
      { branch: isActive(conditions) ? branch : "skipped", line, afterElse: false }
    ];
  }
  const current = conditions.at(-1);
  const outer = conditions.slice(0, -1);
  if (current === void 0) {
    return { fault: `\\${name} stands without \\if` };
  }
  if (name === "endif") {
    return outer;
  }
  if (current.afterElse) {
    return { fault: `\\${name} stands after \\else` };
  }
  return [
    ...outer,
    {
      ...current,
      branch: nextBranch(current.branch, name === "else" || value),
      afterElse: name === "else"
    }
  ];
}
function parseBoolean(text) {
  const word = text.toLowerCase();
  if (/^(?:1|on|t(?:r(?:ue?)?)?|y(?:es?)?)$/u.test(word)) {
    return true;
  }
  return /^(?:0|off?|f(?:a(?:l(?:se?)?)?)?|no?)$/u.test(word) ? false : void 0;
}
function nextBranch(branch, holds) {
  if (branch === "taken" || branch === "done") {
    return "done";
  }
  return branch === "open" && holds ? "taken" : branch;
}

// src/bundler/include.ts
import { realpathSync as realpathSync2 } from "node:fs";
import { dirname, isAbsolute as isAbsolute2, join as join2, relative as relative2, resolve, sep as sep2 } from "node:path";
function resolveInclude(root, request) {
  const found = startsOf(root, request).map((start) => realFile(resolve(start, request.path))).filter((file) => file !== void 0);
  const inside = found.find((file) => isInside(root, file));
  if (inside !== void 0) {
    return { file: inside, path: relative2(root, inside).replaceAll(sep2, "/") };
  }
  if (found.length > 0) {
    throw new RowgateError("include-outside", {
      message: `${request.path} lies outside the source`,
      hint: "Move the file into the source, or name a directory that holds both as the source.",
      at: request.at
    });
  }
  throw missing(root, request);
}
function missing(root, request) {
  const where = request.from === "file" ? `beside ${request.at.path}` : "in the root of the source or a directory above it";
  const start = request.from === "file" ? join2(root, dirname(request.at.path)) : root;
  return isInside(root, resolve(start, request.path)) || request.from === "root" ? new RowgateError("include-missing", {
    message: `${request.path} does not exist ${where}`,
    hint: "Correct the path, or write \\ir for a path relative to the file.",
    at: request.at
  }) : new RowgateError("include-outside", {
    message: `${request.path} leads out of the source`,
    hint: "Move the file into the source, or name a directory that holds both as the source.",
    at: request.at
  });
}
function startsOf(root, request) {
  if (isAbsolute2(request.path)) {
    return [root];
  }
  if (request.from === "file") {
    return [join2(root, dirname(request.at.path))];
  }
  const starts = [root];
  for (let start = root; dirname(start) !== start; start = dirname(start)) {
    starts.push(dirname(start));
  }
  return starts;
}
function realFile(file) {
  try {
    return realpathSync2(file);
  } catch {
    return void 0;
  }
}

// src/bundler/source-text.ts
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
var CHUNK_BYTES = 1024 * 1024;
var LINE_FEED = 10;
var shared = Buffer.allocUnsafeSlow(CHUNK_BYTES);
function* readText(place) {
  const descriptor = open(place);
  try {
    yield* decode(place, descriptor);
  } finally {
    closeSync(descriptor);
  }
}
function readWholeText(place) {
  return [...readText(place)].join("");
}
function* decode(place, descriptor) {
  let carry = Buffer.alloc(0);
  let offset = 0;
  for (; ; ) {
    carry.copy(shared);
    const count = read(place, descriptor, carry.length);
    const bytes = shared.subarray(0, carry.length + count);
    const end = count === 0 ? bytes.length : completeLength(bytes);
    const ready = bytes.subarray(0, end);
    checkEncoding(place, ready, offset);
    const text = ready.toString("utf8");
    carry = Buffer.from(bytes.subarray(end));
    if (text !== "") {
      yield offset === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
    }
    offset += end;
    if (count === 0) {
      return;
    }
  }
}
function open(place) {
  try {
    return openSync(place.file, "r");
  } catch (error) {
    throw unreadable2(place, error);
  }
}
function read(place, descriptor, from) {
  try {
    return readSync(descriptor, shared, from, CHUNK_BYTES - from, null);
  } catch (error) {
    throw unreadable2(place, error);
  }
}
function unreadable2(place, cause) {
  return new RowgateError("file-unreadable", {
    message: `${place.path} cannot be read: ${systemReason(cause)}`,
    hint: "Give the user who runs this the right to read the file.",
    at: { path: place.path, line: 1, column: 1 },
    cause
  });
}
function completeLength(bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 192) {
      return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
    }
    if (byte < 128) {
      break;
    }
  }
  return bytes.length;
}
function sequenceLength(lead) {
  if (lead >= 240) {
    return 4;
  }
  return lead >= 224 ? 3 : 2;
}
function checkEncoding(place, bytes, offset) {
  if (offset === 0) {
    checkWideEncoding(place, bytes);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    throw encodingError(place, "holds a NUL byte, which no SQL text can hold", {
      line: lineAt(place, offset + nul),
      hint: "Remove the NUL byte."
    });
  }
  if (!isUtf8(bytes)) {
    throw encodingError(place, "is not valid UTF-8", {
      line: lineAt(place, offset + firstInvalidLine(bytes)),
      hint: "Convert the file to UTF-8, with iconv -f LATIN1 -t UTF-8 if it is Latin-1."
    });
  }
}
function checkWideEncoding(place, bytes) {
  const encoding = wideEncoding(bytes);
  if (encoding !== void 0) {
    throw encodingError(place, `is ${encoding}, not UTF-8`, {
      line: 1,
      hint: `Convert the file with iconv -f ${encoding} -t UTF-8.`
    });
  }
}
function wideEncoding(bytes) {
  const [first2, second, third, fourth] = bytes;
  if (first2 === 255 && second === 254 || isWide(second, fourth, first2)) {
    return "UTF-16LE";
  }
  if (first2 === 254 && second === 255 || isWide(first2, third, second)) {
    return "UTF-16BE";
  }
  return void 0;
}
function isWide(zero, otherZero, byte) {
  return zero === 0 && otherZero === 0 && byte !== void 0 && byte !== 0;
}
function encodingError(place, fault2, { line, hint }) {
  return new RowgateError("file-encoding", {
    message: `${place.path} ${fault2}`,
    hint,
    at: { path: place.path, line, column: 1 }
  });
}
function firstInvalidLine(bytes) {
  let start = 0;
  while (start < bytes.length) {
    const feed2 = bytes.indexOf(LINE_FEED, start);
    const end = feed2 < 0 ? bytes.length : feed2 + 1;
    if (!isUtf8(bytes.subarray(start, end))) {
      return start;
    }
    start = end;
  }
  return 0;
}
function lineAt(place, offset) {
  const descriptor = open(place);
  const bytes = Buffer.alloc(CHUNK_BYTES);
  let line = 1;
  let done = 0;
  try {
    while (done < offset) {
      const count = readSync(descriptor, bytes, 0, Math.min(CHUNK_BYTES, offset - done), done);
      if (count === 0) {
        break;
      }
      line += countFeeds(bytes.subarray(0, count));
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return line;
}
function countFeeds(bytes) {
  let feeds = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    feeds += 1;
  }
  return feeds;
}

// src/bundler/copy-command.ts
var FROM = /^(?<target>(?:"(?:[^"]|"")*"|\((?:"(?:[^"]|"")*"|[^()"])*\)|[^\s"()]|\s(?!(?:from|to)\s))+)\s+from\s+(?<origin>'(?:[^']|'')*'|\S+)(?<options>[^]*)$/iu;
async function* walkCopyCommand({ event, at }, state, reader) {
  const { text, file } = parseCopy(event.args, at);
  const copy = { text, at, head: ["copy"] };
  const { session, source } = state;
  if (file === void 0) {
    yield* walkCopy(copy, source, { reader, session });
    return;
  }
  const place = resolveInclude(session.tree.root, { path: file, from: "root", at });
  session.onFile(place.path);
  yield* walkFileCopy(copy, readText(place), session);
}
function parseCopy(args, at) {
  const parts = FROM.exec(args.replace(/;\s*$/u, ""))?.groups;
  const origin = parts?.["origin"] ?? "";
  const word = origin.toLowerCase();
  if (parts === void 0 || ["program", "pstdin", "stdout"].includes(word)) {
    throw new RowgateError("copy-unsupported", {
      message: "\\copy can only read from stdin or from a file of the source in a bundle",
      hint: "Write \\copy TABLE from stdin with the data behind it, or remove the command.",
      at
    });
  }
  return {
    text: `COPY ${parts["target"] ?? ""} FROM STDIN${parts["options"] ?? ""};`,
    file: word === "stdin" ? void 0 : unquoted(origin)
  };
}
function unquoted(origin) {
  return origin.startsWith("'") ? origin.slice(1, -1).replaceAll("''", "'") : origin;
}

// src/bundler/statement-text.ts
function withVariables(text, variables) {
  return variables.size > 0 || text.includes(":{?") ? substituteVariables(text, variables).text : text;
}
function isEmptyStatement({ head, text }) {
  if (head.length > 0) {
    return false;
  }
  const lexer = lexerOf(text);
  while (lexer.at < text.length) {
    if (!["space", "comment", "semicolon"].includes(readToken(lexer))) {
      return false;
    }
  }
  return true;
}
var FAULTS = {
  quote: "a quote is never closed",
  "dollar quote": "a dollar quote is never closed",
  comment: "a comment is never closed",
  identifier: "a quoted identifier is never closed",
  parenthesis: "a parenthesis is never closed",
  "copy line": "behind the COPY stands more on its line, but its data begins on the next"
};
function checkComplete(event, path, source) {
  if (event.unterminated !== void 0) {
    const opened = event.openedAt ?? event;
    throw new RowgateError("syntax-invalid", {
      message: FAULTS[event.unterminated],
      hint: event.unterminated === "copy line" ? "Move it behind the data, to a line of its own." : "Close it; a statement cannot go on in the next file.",
      at: { path, line: source.lineOf(opened.line), column: opened.column }
    });
  }
}

// src/bundler/run-command.ts
var CONDITIONALS = /* @__PURE__ */ new Set(["if", "elif", "else", "endif"]);
var INCLUDES = {
  include: "root",
  "include-relative": "file"
};
async function* runCommand(state, event, reader) {
  const at = {
    path: state.place.path,
    line: state.source.lineOf(event.line),
    column: event.column
  };
  const active = isActive(state.conditions);
  const policy = commandPolicy(event.name, event.args);
  const include2 = INCLUDES[policy.action];
  state.session.hash.update(event.gap);
  if (!active || include2 === void 0) {
    state.session.hash.update(withVariables(event.text, state.session.variables));
  }
  if (!active && !CONDITIONALS.has(event.name)) {
    return;
  }
  if (event.inStatement) {
    throw refusal({ event, at }, "it stands in the middle of a statement");
  }
  if (include2 !== void 0) {
    yield includeItem(state, { event, at }, include2);
  } else if (policy.action === "copy") {
    yield* walkCopyCommand({ event, at }, state, reader);
  } else if (policy.action === "refuse") {
    throw refusal({ event, at }, policy.reason);
  } else {
    QUIET[policy.action]?.(state, { event, at }, policy);
  }
}
function unclosedCondition({ conditions, place, source, hasQuit }) {
  const open2 = conditions.at(-1);
  if (open2 !== void 0 && !hasQuit) {
    throw new RowgateError("psql-command", {
      message: "\\if is never closed by \\endif in this file",
      hint: "Add \\endif; a condition cannot go on in another file.",
      at: { path: place.path, line: source.lineOf(open2.line), column: 1 }
    });
  }
}
var QUIET = {
  set: setVariable,
  unset: setVariable,
  conditional: runCondition,
  quit: (state) => {
    state.hasQuit = true;
  },
  drop: ({ session }, { event, at }, { reason }) => {
    session.onNote({ at, message: `\\${event.name} is left out: ${reason}` });
  }
};
function setVariable({ session }, { event, at }) {
  const [name, ...values] = parseArguments(event.args, session.variables, { at });
  if (name === void 0) {
    return;
  }
  if (event.name === "set") {
    session.variables.set(name, values.join(""));
  } else {
    session.variables.delete(name);
  }
}
function runCondition(state, command) {
  const { event, at } = command;
  const value = needsValue(state.conditions, event.name) ? conditionValue(state, command) : false;
  const next = applyCondition(state.conditions, { name: event.name, value, line: event.line });
  if ("fault" in next) {
    throw new RowgateError("psql-command", {
      message: next.fault,
      hint: "Balance \\if, \\elif, \\else and \\endif within the file.",
      at
    });
  }
  state.conditions = next;
}
function conditionValue({ session }, { event, at }) {
  const text = parseArguments(event.args, session.variables, { at }).join(" ");
  const value = parseBoolean(text);
  if (value === void 0) {
    throw new RowgateError("psql-command", {
      message: `\\${event.name} ${event.args} is neither true nor false when the bundle is built`,
      hint: "Give the variable a value with --var NAME=VALUE, or under variables in rowgate.yaml.",
      at
    });
  }
  return value;
}
function includeItem({ session }, { event, at }, from) {
  const [path] = parseArguments(event.args, session.variables, { at, dropSemicolons: true });
  if (path === void 0 || path === "") {
    throw refusal({ event, at }, "it names no file");
  }
  return { kind: "include", place: resolveInclude(session.tree.root, { path, from, at }), at };
}
function refusal({ event, at }, reason) {
  return new RowgateError("psql-command", {
    message: `\\${event.name} cannot be part of a bundle: ${reason}`,
    hint: "Remove the command, or write what it does as SQL.",
    at
  });
}

// src/bundler/move-error.ts
function moveError(error, place) {
  return new RowgateError(error.code, {
    message: error.message,
    hint: error.hint,
    at: error.at,
    excerpt: error.excerpt,
    server: error.server,
    cause: error.cause,
    ...place
  });
}

// src/bundler/template.ts
import { dirname as dirname2, join as join3 } from "node:path";
import { realpathSync as realpathSync3 } from "node:fs";

// src/bundler/sql-quotes.ts
function identifier(name) {
  return `"${checked(name, "ident").replaceAll('"', '""')}"`;
}
function literal(value) {
  if (value === null) {
    return "NULL";
  }
  if (typeof value === "number" && Number.isFinite(value) || typeof value === "boolean") {
    return String(value);
  }
  const quoted = `'${checked(value, "literal").replaceAll("'", "''")}'`;
  return quoted.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
function scalarText(value) {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : void 0;
}
function checked(value, helper) {
  const text = scalarText(value);
  if (text === void 0) {
    throw new TypeError(`${helper}() was given ${value === void 0 ? "undefined" : "no text"}`);
  }
  return text;
}

// src/bundler/template-error.ts
import { compileFunction } from "node:vm";
function templateError(path, template, error) {
  const text = error instanceof Error ? error.message : String(error);
  const position = text.startsWith(`${path}:`) ? /^:(?<line>\d+)\n/u.exec(text.slice(path.length)) : null;
  const { line, reason } = position === null ? faultOf(template, text) : {
    line: Number(position.groups?.["line"]),
    reason: text.slice(text.indexOf("\n\n") + 2)
  };
  return new RowgateError("template-failed", {
    message: `${path} cannot be rendered: ${reason.split("\n", 1)[0] ?? ""}`,
    hint: hintFor(error),
    at: { path, line, column: 1 },
    cause: error
  });
}
function hintFor(error) {
  return error instanceof ReferenceError || error instanceof TypeError ? "Give the variable a value with --var NAME=VALUE, or under variables in rowgate.yaml." : "Correct the template; between <% and %> it is JavaScript.";
}
function faultOf(template, text) {
  let code = "";
  for (const { 0: tag, index, groups } of template.matchAll(
    /<%(?!%)[=_#-]?(?<code>[^]*?)[-_]?%>/gu
  )) {
    const own = tag.startsWith("<%#") ? "" : groups?.["code"] ?? "";
    code += /^<%[=-]/u.test(tag) ? `;(${own}
);` : `;${own}
`;
    const reason = syntaxFault(code);
    if (reason !== void 0) {
      return { line: lineOf(template, index), reason };
    }
  }
  const last = Math.max(0, template.lastIndexOf("<%"));
  const isOpen = text.startsWith("Could not find matching close tag");
  return {
    line: lineOf(template, last),
    reason: isOpen ? text : "something that its JavaScript opens is never closed"
  };
}
function syntaxFault(code) {
  try {
    compileFunction(code);
    return void 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message === "Unexpected end of input" ? void 0 : message;
  }
}
function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}

// src/bundler/template-lines.ts
var TAGS = /<%%|%%>|<%=|<%-|<%_|<%#|<%|%>|-%>|_%>/gu;
var CODE_OPENERS = /* @__PURE__ */ new Set(["<%=", "<%-", "<%_", "<%#", "<%"]);
function prepareTemplate(template, mark) {
  const parts = [];
  let inCode = false;
  let start = 0;
  let line = 1;
  const addText = (text) => {
    const marked = mark !== void 0 && !inCode;
    parts.push(marked ? text.replaceAll("\n", () => `
${lineMark(mark, ++line)}`) : text);
    line += marked ? 0 : text.split("\n").length - 1;
  };
  parts.push(mark === void 0 ? "" : lineMark(mark, 1));
  for (const { 0: tag, index } of template.matchAll(TAGS)) {
    addText(template.slice(start, index));
    parts.push(tag === "<%-" ? "<%=" : tag);
    start = index + tag.length;
    inCode = CODE_OPENERS.has(tag);
  }
  addText(template.slice(start));
  return parts.join("");
}
function freeMark(...texts) {
  for (let code = 57344; code <= 63743; code += 1) {
    const mark = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(mark))) {
      return mark;
    }
  }
  return "\uFDD0";
}
function readMarks(marked, mark) {
  const pattern = new RegExp(`${mark}(\\d+)${mark}`, "gu");
  let current = 1;
  const lines = [];
  const text = marked.split("\n").map((line) => {
    const leading = leadingMark(line, mark);
    lines.push(leading ?? current);
    current = Number([...line.matchAll(pattern)].at(-1)?.[1] ?? current);
    return line.replaceAll(pattern, "");
  }).join("\n");
  return { text, lines };
}
function leadingMark(line, mark) {
  const marks = new RegExp(`^(?:\\s*${mark}(\\d+)${mark})+`, "u").exec(line);
  return marks === null ? void 0 : Number(marks[1]);
}
function lineMark(mark, line) {
  return `${mark}${line}${mark}`;
}

// src/bundler/template.ts
async function renderTemplate(place, scope) {
  const { default: ejs } = await import("ejs");
  const template = readWholeText(place);
  const mark = freeMark(template, JSON.stringify(scope.values));
  const rendering = { scope, compile: ejs.compile, open: [], failed: {} };
  const marked = render(
    place,
    { template: prepareTemplate(template, mark), values: {} },
    rendering
  );
  return readMarks(marked, mark);
}
function render(place, { template, values }, outer) {
  const rendering = { ...outer, open: [...outer.open, place.path] };
  const locals = {
    ...rendering.scope.values,
    ...values,
    ident: identifier,
    literal,
    include: (path, more = {}) => include({ place, path }, { ...values, ...more }, rendering)
  };
  try {
    return rendering.compile(template, { filename: place.path, escape: printable })(locals);
  } catch (error) {
    const found = templateError(place.path, template, error);
    const known = rendering.failed.error ?? found;
    const failure = known.at === void 0 ? moveError(known, { at: found.at }) : known;
    rendering.failed.error = failure;
    throw moveError(failure, {});
  }
}
function printable(value) {
  if (value === void 0 || value === null) {
    throw new TypeError(`the value is ${String(value)}`);
  }
  if (Array.isArray(value)) {
    return value.map(printable).join(",");
  }
  return scalarText(value) ?? JSON.stringify(value);
}
function include({ place, path }, values, rendering) {
  try {
    const target = resolveTemplate({ place, path }, rendering);
    return render(
      target,
      { template: prepareTemplate(readWholeText(target), void 0), values },
      rendering
    );
  } catch (error) {
    if (error instanceof RowgateError) {
      rendering.failed.error ??= moveError(error, {});
    }
    throw error;
  }
}
function resolveTemplate({ place, path }, { scope, open: open2 }) {
  const wanted = join3(dirname2(place.path), path).replaceAll("\\", "/");
  const file = realPath(join3(scope.root, wanted));
  if (file instanceof Error) {
    throw new RowgateError("include-missing", {
      message: `${place.path} includes the template ${path}, but ${wanted} cannot be read: ${systemReason(file)}`,
      hint: "Write the path relative to the template that includes it."
    });
  }
  if (!isInside(scope.root, file)) {
    throw new RowgateError("include-outside", {
      message: `${place.path} includes the template ${path}, which lies outside the source`,
      hint: "Move the template into the source."
    });
  }
  if (open2.includes(wanted)) {
    throw new RowgateError("include-cycle", {
      message: `templates include each other: ${[...open2, wanted].join(" -> ")}`,
      hint: "Remove one of these includes."
    });
  }
  return { file, path: wanted };
}
function realPath(file) {
  try {
    return realpathSync3(file);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

// src/bundler/source.ts
async function openSource(place, tree) {
  if (!place.path.endsWith(".ejs")) {
    return plainSource(readText(place));
  }
  const { text, lines } = await renderTemplate(place, tree);
  return templateSource(text, lines);
}
function plainSource(chunks) {
  return {
    chunks,
    lineOf: (line) => line,
    linesOf: () => void 0,
    explain: (read2) => read2()
  };
}
function templateSource(text, lines) {
  const lineOf3 = (line) => lines[line - 1] ?? lines.at(-1) ?? 1;
  return {
    chunks: text === "" ? [] : [text],
    lineOf: lineOf3,
    linesOf(part, line) {
      const own = part.split("\n").map((_, index) => lineOf3(line + index));
      return own.every((value, index) => value === lineOf3(line) + index) ? void 0 : own;
    },
    explain(read2) {
      try {
        return read2();
      } catch (error) {
        if (error instanceof RowgateError && error.at !== void 0) {
          throw moveError(error, { at: { ...error.at, line: lineOf3(error.at.line) } });
        }
        throw error;
      }
    }
  };
}

// src/bundler/walk.ts
async function* walkFile(place, session) {
  session.onFile(place.path);
  const source = await openSource(place, session.tree);
  const reader = createEventReader(scanPostgres(source.chunks));
  const state = { place, session, source, conditions: [], hasQuit: false };
  try {
    for (let event = await reader.take(); event !== void 0; event = await reader.take()) {
      if (event.kind === "command") {
        yield* runCommand(state, event, reader);
      } else if (event.kind !== "statement") {
        session.hash.update(wholeText(event));
      } else if (event.copiesFromStdin && isActive(state.conditions)) {
        yield* walkCopy(readStatement(state, event), source, { reader, session });
      } else if (takesPart(state, event)) {
        yield withTail(readStatement(state, event), event, { source, next: await reader.peek() });
      }
      if (state.hasQuit) {
        break;
      }
    }
    unclosedCondition(state);
  } finally {
    await reader.close();
  }
}
function takesPart(state, event) {
  const counts = isActive(state.conditions) && !isEmptyStatement(event);
  if (!counts) {
    checkComplete(event, state.place.path, state.source);
    state.session.hash.update(wholeText(event));
  }
  return counts;
}
function readStatement({ place, session, source }, event) {
  checkComplete(event, place.path, source);
  const text = withVariables(event.text, session.variables);
  const at = { path: place.path, line: source.lineOf(event.line), column: event.column };
  session.hash.update(event.gap + text);
  return { text: sentText(text), at, head: event.head };
}
function withTail({ text, at, head }, { terminated, line }, { source, next }) {
  const tail = next?.kind === "tail" ? next.text.trimEnd() : "";
  const full = terminated ? `${text}${tail}` : `${text};${tail}`;
  const lines = source.linesOf(full, line);
  const piece = { kind: "statement", text: full, at, head };
  return lines === void 0 ? piece : { ...piece, lines };
}
function wholeText(event) {
  return "gap" in event ? event.gap + event.text : event.text;
}

// src/bundler/expand.ts
function expandFile(place, session) {
  return expand2([...session.open, place], session);
}
async function* expand2(open2, session) {
  const current = open2.at(-1);
  if (current === void 0) {
    return;
  }
  for await (const item of walkFile(current, session)) {
    if (item.kind === "include") {
      checkCycle(open2, item);
      yield* expand2([...open2, item.place], session);
    } else {
      yield item;
    }
  }
}
function checkCycle(open2, { place, at }) {
  if (open2.some(({ file }) => file === place.file)) {
    throw new RowgateError("include-cycle", {
      message: `files include each other: ${[...open2, place].map(({ path }) => path).join(" -> ")}`,
      hint: "Remove one of these includes.",
      at
    });
  }
}

// src/bundler/read-header.ts
var COMMANDS = "\\\\(?:i|ir|include|include_relative|set|unset|if|elif|else|endif|copy|q|quit)";
var OVERLAP = 128;
var NO_DIRECTIVES = {
  outOfOrder: false,
  requires: [],
  settings: {},
  commitAfter: false
};
async function readHeader(place, session) {
  const source = await openSource(place, session.tree);
  const reading = hashPlain(source, expansionPattern(session.variables));
  const directives = directivesOf(reading.head, source, place.path);
  if (reading.checksum !== void 0) {
    session.onFile(place.path);
    return { checksum: reading.checksum, directives };
  }
  const expanding = { ...session, hash: createTextHash() };
  const pieces = expandFile(place, expanding);
  while ((await pieces.next()).done !== true) {
  }
  return { checksum: expanding.hash.checksum(), directives };
}
function parseDirectives2(text, path) {
  return /rowgate:/iu.test(text) ? readDirectives(text, path) : NO_DIRECTIVES;
}
function directivesOf(head, source, path) {
  return source.explain(() => parseDirectives2(head, path));
}
function hashPlain(source, pattern) {
  const hash = createTextHash();
  let head;
  let before = "";
  for (const chunk of source.chunks) {
    head ??= chunk;
    if (pattern.test(before + chunk)) {
      return { head, checksum: void 0 };
    }
    hash.update(chunk);
    before = chunk.slice(-OVERLAP);
  }
  return { head: head ?? "", checksum: hash.checksum() };
}
function expansionPattern(variables) {
  const names = [...variables.keys()].map((name) => name.replaceAll(/[^\w]/gu, "\\$&"));
  const uses = names.length === 0 ? "" : `|:['"]?(?:${names.join("|")})`;
  return new RegExp(`${COMMANDS}(?![A-Za-z_])|:\\{\\?${uses}`);
}

// src/bundler/session.ts
function firstVariables(tree) {
  return new Map(Object.entries(tree.values).map(([name, value]) => [name, String(value)]));
}
function createSession(tree, variables) {
  return {
    tree,
    variables: new Map(variables),
    open: [],
    hash: createTextHash(),
    onFile: ignore,
    onNote: ignore
  };
}
function ignore() {
}

// src/bundler/draft.ts
async function draftFile(place, name, session) {
  const variables = new Map(session.variables);
  const { checksum, directives } = await readHeader(place, session);
  return {
    ...name,
    kind: directives.kind ?? name.kind,
    path: place.path,
    checksum,
    directives,
    requires: directives.requires,
    prefix: [],
    open(onNote) {
      const own = { ...createSession(session.tree, variables), open: session.open, onNote };
      return { pieces: expandFile(place, own), checksum: () => own.hash.checksum() };
    }
  };
}

// src/bundler/excerpt.ts
import { join as join4 } from "node:path";
var LINE_ERRORS = /* @__PURE__ */ new Set([
  "copy-unsupported",
  "directive-unknown",
  "include-cycle",
  "include-missing",
  "include-outside",
  "psql-command",
  "syntax-invalid",
  "template-failed",
  "transaction-control"
]);
var LONGEST_EXCERPT = 400;
async function withExcerpts(root, work) {
  try {
    return await work();
  } catch (error) {
    throw explained(root, error);
  }
}
function explained(root, error) {
  if (!(error instanceof RowgateError) || error.at === void 0 || error.excerpt !== void 0 || !LINE_ERRORS.has(error.code)) {
    return error;
  }
  return moveError(error, { excerpt: lineOf2(root, error.at.path, error.at.line) });
}
function lineOf2(root, path, line) {
  let skipped = 0;
  let rest = "";
  try {
    for (const chunk of readText({ file: join4(root, path), path })) {
      const lines = (rest + chunk).split("\n");
      if (skipped + lines.length > line) {
        rest = lines[line - skipped - 1] ?? "";
        break;
      }
      skipped += lines.length - 1;
      rest = lines.at(-1) ?? "";
    }
  } catch {
    return void 0;
  }
  return rest.replace(/\r$/u, "").slice(0, LONGEST_EXCERPT);
}

// src/bundler/main-tree.ts
async function readMainTree(main, tree) {
  const notes = [];
  const files = /* @__PURE__ */ new Set();
  const session = {
    ...createSession(tree, firstVariables(tree)),
    onFile: (path) => files.add(path),
    onNote: (note) => notes.push(note)
  };
  const reading = {
    main,
    session,
    drafts: [],
    controls: [],
    included: /* @__PURE__ */ new Map(),
    settings: [],
    sections: 0
  };
  for await (const item of walkFile(main, session)) {
    await readItem(reading, item);
  }
  return { drafts: reading.drafts, notes: [...notes, ...controlNotes(reading)], files };
}
async function readItem(reading, item) {
  if (item.kind === "include") {
    reading.drafts.push(await draftInclude(reading, item));
    return;
  }
  if (item.kind === "copy") {
    reading.drafts.push(await draftCopy(reading, item));
    return;
  }
  const control = transactionControl(item.head);
  if (control !== void 0) {
    reading.controls.push({ control, piece: item, index: reading.drafts.length });
  } else if (isSessionSetting(item)) {
    const { head: _head, ...piece } = item;
    reading.settings = [...reading.settings, piece];
  } else {
    reading.drafts.push(draftStatement(reading, item));
  }
}
async function draftInclude(reading, item) {
  const { place, at } = item;
  const session = { ...reading.session, open: [reading.main] };
  checkCycle(session.open, item);
  const id = parseSqlName(place.path)?.stem ?? place.path;
  const earlier = reading.included.get(id);
  if (earlier !== void 0) {
    throw new RowgateError("id-duplicate", {
      message: `${place.path} would have the id ${id}, which ${earlier} has already`,
      hint: "Include each file once.",
      at
    });
  }
  reading.included.set(id, place.path);
  const kind = isRoutine(place.path) ? "on-change" : "once";
  const draft = await draftFile(place, { id, kind, movable: false }, session);
  return { ...draft, prefix: reading.settings };
}
function sectionId(reading) {
  reading.sections += 1;
  return `${reading.main.path}#${reading.sections}`;
}
function draftStatement(reading, item) {
  const hash = createTextHash();
  hash.update(item.text);
  return {
    ...sectionDraft(reading, item),
    checksum: hash.checksum(),
    open() {
      const again = createTextHash();
      again.update(item.text);
      return { pieces: once(item), checksum: () => again.checksum() };
    }
  };
}
async function draftCopy(reading, item) {
  const number = reading.sections;
  const { main, session } = reading;
  const draft = sectionDraft(reading, item);
  const checksum = await copyChecksum(item);
  return {
    ...draft,
    checksum,
    open: () => ({ pieces: findSection({ main, number }, session.tree), checksum: () => checksum })
  };
}
function sectionDraft(reading, item) {
  const directives = parseDirectives2(`${"\n".repeat(item.at.line - 1)}${item.text}`, item.at.path);
  return {
    id: sectionId(reading),
    path: reading.main.path,
    kind: directives.kind ?? "once",
    directives,
    requires: directives.requires,
    movable: false,
    prefix: reading.settings
  };
}
async function copyChecksum(item) {
  const hash = createTextHash();
  hash.update(`${item.text}
`);
  for await (const chunk of item.data()) {
    hash.update(chunk);
  }
  return hash.checksum();
}
async function* once(item) {
  yield item;
}
async function* findSection({ main, number }, tree) {
  let index = 0;
  for await (const item of walkFile(main, createSession(tree, firstVariables(tree)))) {
    if (item.kind !== "include" && isSection(item)) {
      if (index === number) {
        yield item;
        return;
      }
      index += 1;
    }
  }
}
function isSection(item) {
  return item.kind === "copy" || transactionControl(item.head) === void 0 && !isSessionSetting(item);
}
function controlNotes({ controls, drafts }) {
  const culprit = misplacedControl(controls, { first: 1, last: drafts.length });
  const [begin] = controls;
  if (culprit !== void 0) {
    throw new RowgateError("transaction-control", {
      message: `${commandOf(culprit.piece.text)} cannot stand here: only one BEGIN before all includes and one COMMIT behind them can be left out`,
      hint: "Remove it; the bundle has a transaction around all blocks that can run in one.",
      at: culprit.piece.at
    });
  }
  return begin === void 0 ? [] : [
    {
      at: begin.piece.at,
      message: `${commandOf(begin.piece.text)} and the COMMIT at the end are left out: the bundle has its own transaction`
    }
  ];
}

// src/bundler/requires.ts
function orderByRequires(blocks) {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const done = /* @__PURE__ */ new Set();
  const waiting = /* @__PURE__ */ new Map();
  const ordered = [];
  for (const block of blocks) {
    checkKnown(block, byId);
    place(block);
  }
  const stuck = blocks.find((block) => !done.has(block.id));
  if (stuck !== void 0) {
    throw laterError(stuck, firstMissing(stuck, done) ?? stuck.id);
  }
  return ordered;
  function place(first2) {
    const ready = [first2];
    for (let block = ready.shift(); block !== void 0; block = ready.shift()) {
      const missing2 = firstMissing(block, done);
      if (missing2 === void 0) {
        done.add(block.id);
        ordered.push(block);
        ready.unshift(...waiting.get(block.id) ?? []);
      } else if (block.movable) {
        waiting.set(missing2, [...waiting.get(missing2) ?? [], block]);
      } else {
        throw laterError(block, missing2);
      }
    }
  }
}
function firstMissing(block, done) {
  return block.requires.map(normalizeId).find((id) => !done.has(id));
}
function checkKnown(block, byId) {
  const unknown = block.requires.find((id) => !byId.has(normalizeId(id)));
  if (unknown !== void 0) {
    throw new RowgateError("block-unknown", {
      message: `${block.path} requires ${unknown}, which is not in the source`,
      hint: "Name a block by its number, or by its path without .sql.",
      at: { path: block.path, line: 1, column: 1 }
    });
  }
}
function laterError(block, missing2) {
  return new RowgateError("block-unknown", {
    message: `${block.path} requires ${missing2}, which runs later or requires it in turn`,
    hint: "Move what is required to an earlier place, or remove the requirement.",
    at: { path: block.path, line: 1, column: 1 }
  });
}

// src/bundler/read-tree.ts
async function readTree(root, options) {
  if (options.dialect !== "postgres") {
    throw new RowgateError("usage-invalid", {
      message: `${options.dialect} bundles are not built yet`,
      hint: "Use --dialect postgres."
    });
  }
  const source = findSource(root);
  const tree = { root: source.root, dialect: options.dialect, values: options.variables };
  const { drafts, notes } = await withExcerpts(tree.root, async () => {
    const read2 = await readDrafts(tree, source.file);
    return { ...read2, drafts: orderByRequires(read2.drafts) };
  });
  if (drafts.length === 0) {
    throw new RowgateError("source-empty", {
      message: `${root} holds no SQL file that could be a block`,
      hint: "Add a numbered file such as 0001_first.sql, or a main.sql that includes the others."
    });
  }
  return createBundle({ tree, drafts, notes }, options);
}
function findSource(root) {
  try {
    const real = realpathSync4(root);
    return statSync2(real).isDirectory() ? { root: real, file: void 0 } : { root: dirname3(real), file: basename(real) };
  } catch (error) {
    throw new RowgateError(errorCode(error) === "ENOENT" ? "source-missing" : "file-unreadable", {
      message: `the source ${root} cannot be read: ${systemReason(error)}`,
      hint: "Name the directory with your SQL files, or one SQL file.",
      cause: error
    });
  }
}
async function readDrafts(tree, file) {
  if (file !== void 0 && !isMain(file)) {
    return { drafts: [await readSingle(tree, file)], notes: [] };
  }
  const discovery = await discoverFiles(tree.root, tree.dialect);
  const main = file ?? findMain(discovery.files);
  checkCase(discovery.files.map(({ path }) => path));
  return main === void 0 ? readNumbered(tree, discovery) : readMain(tree, main, discovery);
}
function isMain(path) {
  return parseSqlName(path)?.stem === "main";
}
function findMain(files) {
  const mains = files.map(({ path }) => path).filter(isMain);
  return mains.find((path) => !/^main\.sql(?:\.ejs)?$/u.test(path)) ?? mains[0];
}
async function readSingle(tree, path) {
  const number = leadingNumber(path).join(".");
  const id = number === "" ? parseSqlName(path)?.stem ?? path : number;
  return draftFile(
    { file: join5(tree.root, path), path },
    { id, kind: "once", movable: false },
    createSession(tree, firstVariables(tree))
  );
}
async function readNumbered(tree, { files, notes }) {
  const named = files.map(({ path, stem }) => ({ path, naming: nameFile(path, stem) }));
  const blocks = named.map(({ naming }) => naming).filter((naming) => typeof naming !== "string").toSorted(compareFiles);
  const variables = firstVariables(tree);
  const drafts = [];
  checkIds(blocks);
  for (const { path, id, kind, stage } of blocks) {
    drafts.push(
      await draftFile(
        { file: join5(tree.root, path), path },
        { id, kind, movable: stage === "routines" },
        createSession(tree, variables)
      )
    );
  }
  const unnumbered = named.filter(({ naming }) => naming === "unnumbered");
  const aside = named.filter(({ naming }) => naming === "aside");
  return {
    drafts,
    notes: [
      ...notes,
      ...unnumbered.map(
        ({ path }) => fileNote(path, `${path} has no number and is in no routine folder: not part of the bundle`)
      ),
      ...countNote(aside, "in undo, verify and seeds folders")
    ]
  };
}
async function readMain(tree, path, { files, notes }) {
  const main = await readMainTree({ file: join5(tree.root, path), path }, tree);
  const others = files.filter((file) => !main.files.has(file.path) && !isMain(file.path));
  return {
    drafts: main.drafts,
    notes: [...notes, ...main.notes, ...countNote(others, `that ${path} does not include`)]
  };
}
function countNote(files, which) {
  const [first2] = files;
  if (first2 === void 0) {
    return [];
  }
  const count = files.length === 1 ? "1 SQL file" : `${files.length} SQL files`;
  const verb = files.length === 1 ? "is" : "are";
  return [fileNote(first2.path, `${count} ${which} ${verb} not part of the bundle`)];
}
function fileNote(path, message) {
  return { at: { path, line: 1, column: 1 }, message };
}
function createBundle({ tree, drafts, notes }, { dialect, release, syntaxCheck }) {
  const blocks = drafts.map(headerOf);
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  return {
    dialect,
    release,
    checksum: bundleChecksum(blocks),
    blocks,
    notes,
    async compile(wanted) {
      const requests = wanted.map((header) => ({ header, draft: draftOf(byId, header) }));
      return withExcerpts(tree.root, async () => compileDrafts(requests, syntaxCheck));
    }
  };
}
function headerOf(draft, index) {
  const { id, path, kind, checksum, directives } = draft;
  return {
    id,
    name: path,
    kind,
    checksum,
    position: index + 1,
    outOfOrder: directives.outOfOrder
  };
}
function draftOf(drafts, { id }) {
  const draft = drafts.get(id);
  if (draft === void 0) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${id}`,
      hint: "Take the blocks from this bundle's own list."
    });
  }
  return draft;
}
export {
  readTree
};
