import {
  lexerOf,
  readToken
} from "./chunk-2WEZHRRR.js";
import {
  segmentsOf
} from "./chunk-IROTP4HM.js";
import {
  placePrefix,
  readPlacePrefix
} from "./chunk-37TNACNH.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/dialects/postgres/quoting.ts
function literal(value) {
  return `'${value.replaceAll("'", "''")}'`;
}
function identifier(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
function dollarTag(text2, base) {
  let tag = `$${base}$`;
  for (let number = 1; text2.includes(tag); number += 1) {
    tag = `$${base}${number}$`;
  }
  return tag;
}

// src/dialects/postgres/template.ts
import { readFile } from "node:fs/promises";
var FOLDER = new URL("../../../templates/postgres/", import.meta.url);
var compiled = /* @__PURE__ */ new Map();
function loadTemplate(name) {
  let render = compiled.get(name);
  if (render === void 0) {
    render = compileTemplate(name);
    compiled.set(name, render);
  }
  return render;
}
async function compileTemplate(name) {
  const [{ default: ejs }, source] = await Promise.all([
    import("ejs"),
    readFile(new URL(`${name}.sql.ejs`, FOLDER), "utf8")
  ]);
  const template = ejs.compile(source, { escape: String, filename: `${name}.sql.ejs` });
  return (values) => template({ literal, ...values });
}

// src/dialects/postgres/parts.ts
var PART_LENGTH = 1e6;
async function* partsOf(blocks) {
  let runs = [];
  let length = 0;
  let statements = [];
  let opens = true;
  const close = (block, closes) => {
    runs.push({ block, opens, closes, statements });
    opens = closes;
    statements = [];
  };
  const cut = () => {
    const part = { kind: "runs", runs, ends: false };
    runs = [];
    length = 0;
    return part;
  };
  for (const block of blocks) {
    for await (const piece of block.pieces()) {
      if (piece.kind === "copy") {
        close(block, false);
        yield cut();
        yield { kind: "copy", block, piece };
        continue;
      }
      if (length > 0 && length + piece.text.length > PART_LENGTH) {
        close(block, false);
        yield cut();
      }
      statements.push(piece);
      length += piece.text.length;
    }
    close(block, true);
  }
  yield { kind: "runs", runs, ends: true };
}

// src/dialects/postgres/sections.ts
import { createHash } from "node:crypto";
function section(token, title, text2) {
  const digest = createHash("sha256").update(text2).digest("hex");
  return `--@ ${token} ${title}
${text2}
--@ ${token} end sha256 ${digest}`;
}
function runRow(run) {
  const { block, opens, closes } = run;
  const settings = literal(JSON.stringify(opens ? block.settings : {}));
  const statements = run.statements.map((piece) => quotedStatement(piece)).join(",\n");
  return `(${block.position}, ${opens}, ${closes}, ${settings}, ARRAY[
${statements}${statements === "" ? "" : "\n"}]::text[])`;
}
function quotedStatement(piece) {
  const text2 = `${placePrefix(piece)}${piece.text}
`;
  const tag = dollarTag(text2, "rg");
  return `${tag}${text2}${tag}`;
}
function runTitle(block) {
  return `data ${block.position}`;
}

// src/dialects/postgres/versions-table.ts
var HISTORY_ALIAS = "rowgate_versions";
function tableName(versions, suffix = "") {
  const name = identifier(`${versions.name}${suffix}`);
  return versions.schema === void 0 ? name : `${identifier(versions.schema)}.${name}`;
}
var UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
function historyQuery(versions) {
  const v = HISTORY_ALIAS;
  return `SELECT ${v}.id, ${v}.name, ${v}.kind, ${v}.checksum, ${v}.release, ${v}.position, ${v}.state, to_char(${v}.applied_at AT TIME ZONE 'UTC', ${UTC}) AS applied_at, ${v}.applied_by, ${v}.duration_ms, ${v}.statements, ${v}.done, ${v}.tool,
  CASE WHEN ${v}.state = 'running' THEN (SELECT concat('pid ', a.pid, ', user ', a.usename, ', application ', a.application_name, ', since ', date_trunc('second', a.backend_start)) FROM pg_stat_activity a WHERE split_part(${v}.run, ' ', 2) = concat(a.pid, '@', extract(epoch FROM a.backend_start))) END AS holder
FROM ${tableName(versions)} ${v} ORDER BY ${v}.position, ${v}.id`;
}
function parseHistory(rows) {
  return rows.map((row) => ({
    id: text(row, "id"),
    name: text(row, "name"),
    kind: text(row, "kind"),
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    position: Number(row["position"]),
    state: text(row, "state"),
    appliedAt: text(row, "applied_at"),
    appliedBy: text(row, "applied_by"),
    durationMs: numberOrNull(row, "duration_ms"),
    statements: Number(row["statements"]),
    done: Number(row["done"]),
    tool: text(row, "tool"),
    holder: textOrNull(row, "holder")
  }));
}
function logQuery(versions, limit) {
  const v = HISTORY_ALIAS;
  return `SELECT ${v}.sequence, to_char(${v}.at AT TIME ZONE 'UTC', ${UTC}) AS at, ${v}.id, ${v}.event, ${v}.checksum, ${v}.release, ${v}.by_user, ${v}.tool, ${v}.duration_ms, ${v}.detail
FROM ${tableName(versions, "_log")} ${v} ORDER BY ${v}.sequence DESC LIMIT ${limit}`;
}
function parseLog(rows) {
  return rows.map((row) => ({
    sequence: Number(row["sequence"]),
    at: text(row, "at"),
    id: text(row, "id"),
    event: text(row, "event"),
    checksum: text(row, "checksum"),
    release: text(row, "release"),
    by: text(row, "by_user"),
    tool: text(row, "tool"),
    durationMs: numberOrNull(row, "duration_ms"),
    detail: textOrNull(row, "detail")
  }));
}
function text(row, column) {
  return textOrNull(row, column) ?? "";
}
function textOrNull(row, column) {
  const value = row[column];
  return value === null || value === void 0 ? null : String(value);
}
function numberOrNull(row, column) {
  const value = row[column];
  return value === null || value === void 0 ? null : Number(value);
}

// src/dialects/postgres/transaction.ts
var GUARDED_SETTINGS = [
  "session_authorization",
  "role",
  "search_path",
  "check_function_bodies",
  "session_replication_role",
  "row_security",
  "default_tablespace",
  "default_table_access_method",
  "client_min_messages",
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "standard_conforming_strings",
  "xmloption",
  "TimeZone",
  "DateStyle",
  "IntervalStyle"
];
function bundleToken(bundle) {
  return bundle.checksum.slice(0, 16);
}
function guardedSettings(blocks) {
  return [.../* @__PURE__ */ new Set([...GUARDED_SETTINGS, ...blocks.flatMap((block) => block.leaks)])];
}
async function* transactionPackets(bundle, blocks, form) {
  const begin = await loadTemplate("begin");
  const deploy = await loadTemplate("deploy");
  const fixed = fixedValues(bundle, blocks, form);
  let text2 = begin({ settings: transactionSettings(bundle, form) });
  let opens = true;
  for await (const part of partsOf(blocks)) {
    if (part.kind === "copy") {
      yield part;
      continue;
    }
    const data = dataOf(part, form.markers ? bundleToken(bundle) : void 0);
    const tag = dollarTag(data, "rowgate");
    yield { kind: "sql", text: text2 + deploy({ ...fixed, opens, ends: part.ends, data, tag }) };
    text2 = "";
    opens = false;
  }
}
function transactionSettings(bundle, form) {
  const checked = form.first || form.onBusy === "wait" ? [] : [
    ["rowgate.checked", bundle.checksum],
    ["rowgate.until", "2147483647"]
  ];
  return [
    ["standard_conforming_strings", "on"],
    ["client_min_messages", "notice"],
    ["statement_timeout", "0"],
    ...Object.entries(form.settings),
    ...checked
  ];
}
function fixedValues(bundle, blocks, form) {
  return {
    procedure: form.procedure,
    guarded: guardedSettings(blocks),
    outOfOrder: form.outOfOrder,
    onBusy: form.onBusy,
    table: tableName(form.versions),
    schema: form.versions.schema,
    name: form.versions.name,
    release: bundle.release,
    compares: form.first,
    checked: bundle.checksum,
    last: blocks.at(-1)?.position ?? 0,
    manifest: manifest(bundle, blocks, form.first)
  };
}
function manifest(bundle, blocks, whole) {
  const here = new Map(blocks.map((block) => [block.id, block]));
  const headers = whole ? bundle.blocks : blocks;
  return headers.map((header) => {
    const block = here.get(header.id);
    const values = [
      header.position,
      literal(header.id),
      literal(header.kind),
      literal(header.checksum),
      block?.statements ?? 0,
      header.outOfOrder,
      block !== void 0,
      literal(header.name)
    ];
    return `      (${values.join(", ")})`;
  }).join(",\n");
}
function dataOf(part, token) {
  return part.runs.map((run) => {
    const row = runRow(run);
    return token === void 0 ? row : section(token, runTitle(run.block), row);
  }).join("\n,\n");
}

// src/dialects/postgres/claim.ts
async function claimQuery(versions, claimed, form) {
  const claim = await loadTemplate("claim");
  return claim({
    ...form,
    block: claimed.block,
    release: claimed.bundle.release,
    table: tableName(versions),
    guarded: guardedSettings([claimed.block])
  }).trimEnd();
}
async function stepQuery(versions, claimed, step) {
  const render = await loadTemplate("step");
  return render({
    ...claimed,
    ...step,
    table: tableName(versions),
    schema: versions.schema,
    name: versions.name,
    guarded: guardedSettings([claimed.block])
  }).trimEnd();
}
function failureQuery(versions, bundle, failed) {
  const values = [failed.id, failed.checksum, bundle.release, failed.detail].map(literal);
  return `INSERT INTO ${tableName(versions, "_log")} (id, event, checksum, release, detail, tool) SELECT ${values[0]}, 'failed', ${values.slice(1).join(", ")}, nullif(current_setting('application_name'), '')`;
}

// src/dialects/postgres/errors.ts
var MEANINGS = {
  "25006": "read-only",
  "40001": "lock-timeout",
  "40P01": "lock-timeout",
  "42501": "permission-denied",
  "42P01": "undefined-table",
  "55P03": "lock-timeout",
  "57014": "cancelled",
  RG002: "lock-busy",
  RG003: "block-edited",
  RG004: "block-ahead",
  RG005: "block-unfinished",
  RG006: "history-changed",
  RG007: "block-out-of-order",
  RG008: "versions-foreign",
  RG010: "server-unsupported",
  RG011: "permission-denied",
  RG012: "server-unsupported",
  RG013: "block-unknown"
};
function errorCode(error) {
  if (error.server.sqlState === "42703" && error.server.message.includes(HISTORY_ALIAS)) {
    return "versions-foreign";
  }
  return MEANINGS[error.server.sqlState] ?? "sql-failed";
}
function parseEvent(notice) {
  if (!notice.sqlState.startsWith("RG") || !notice.data.startsWith("{")) {
    return void 0;
  }
  const data = JSON.parse(notice.data);
  if (data["event"] === "applied") {
    return {
      event: "applied",
      id: String(data["id"]),
      name: String(data["name"]),
      durationMs: Number(data["ms"])
    };
  }
  return data["event"] === "waiting" ? { event: "waiting", holder: String(data["holder"]) } : void 0;
}

// src/dialects/postgres/code-points.ts
function offsetOfCodePoint(text2, position) {
  let offset = 0;
  for (let passed = 1; passed < position; passed += 1) {
    offset += isPair(text2, offset) ? 2 : 1;
  }
  return offset;
}
function codePointsIn(text2, start, end) {
  let count = 0;
  for (let offset = start; offset < end; offset += isPair(text2, offset) ? 2 : 1) {
    count += 1;
  }
  return count;
}
function isPair(text2, offset) {
  const unit = text2.charCodeAt(offset);
  return unit >= 55296 && unit <= 56319;
}

// src/dialects/postgres/statement-tokens.ts
function firstToken(text2, offset) {
  const next = statementTokens(text2, offset).next();
  return next.done === true ? offset : next.value.start;
}
function quotedBody(text2, offset) {
  let first;
  let previous = "";
  for (const token of statementTokens(text2, offset)) {
    const word = token.kind === "word" ? text2.slice(token.start, token.end).toLowerCase() : "";
    first ??= word;
    if (endsSearch(first, previous, word)) {
      return void 0;
    }
    if (token.kind === "literal" && precedesBody(first, previous)) {
      return token;
    }
    previous = word;
  }
  return void 0;
}
function* statementTokens(text2, offset) {
  const lexer = lexerOf(text2);
  lexer.at = offset;
  while (lexer.at < text2.length) {
    const start = lexer.at;
    const kind = readToken(lexer);
    if (kind === "word") {
      yield { kind, start, end: lexer.at };
    } else if (kind !== "space" && kind !== "comment") {
      yield { kind: isLiteral(text2, start) ? "literal" : "other", start, end: lexer.at };
    }
  }
}
var LITERAL_START = /(?:[eEnNbBxX]|[uU]&)?'|\$(?:[^\s\d$][^\s$]*)?\$/y;
function isLiteral(text2, start) {
  LITERAL_START.lastIndex = start;
  return LITERAL_START.test(text2);
}
function precedesBody(first, previous) {
  return first === "do" ? previous !== "language" : previous === "as";
}
function endsSearch(first, previous, word) {
  return first !== "do" && (first !== "create" || previous === "begin" && word === "atomic");
}

// src/dialects/postgres/locate.ts
function locate(error, sent) {
  return inExecuted(error, sent) ?? inContext(error) ?? inCopyData(error, sent) ?? atTopLevel(error, sent);
}
function inExecuted(error, sent) {
  const { internalQuery, internalPosition } = error;
  const statement = internalQuery === void 0 ? void 0 : statementOf(internalQuery);
  if (statement === void 0) {
    return void 0;
  }
  if (internalPosition === void 0) {
    return placeOfStatement(statement);
  }
  return inQuotedBody(statement, internalPosition, sent) ?? placeAtPosition(statement, internalPosition) ?? placeOfStatement(statement);
}
function inQuotedBody(statement, position, sent) {
  const body = quotedBody(statement.text, statement.prefix.length);
  const start = body === void 0 ? -1 : sent.indexOf(statement.text);
  if (body === void 0 || start < 0) {
    return void 0;
  }
  const offset = offsetOfCodePoint(sent, position) - start;
  return offset >= body.start && offset <= body.end ? placeAt(statement, offset) : void 0;
}
function inContext(error) {
  const statement = statementOfContext(error.server.context ?? "");
  return statement === void 0 ? void 0 : innerPlace(error, statement) ?? placeOfStatement(statement);
}
function innerPlace(error, statement) {
  const { internalQuery, internalPosition } = error;
  if (internalQuery === void 0 || internalPosition === void 0) {
    return void 0;
  }
  const start = statement.text.indexOf(internalQuery);
  const unique = start >= 0 && !statement.text.includes(internalQuery, start + 1);
  return unique ? placeAt(statement, start + offsetOfCodePoint(internalQuery, internalPosition)) : void 0;
}
var QUOTED_PREFIX = /["'«»„“”「『]\u00a0?(?=\/\* )/g;
function statementOfContext(context) {
  const english = context.lastIndexOf('SQL statement "/* ');
  const starts = english < 0 ? [...context.matchAll(QUOTED_PREFIX)].map((match) => match.index + match[0].length) : [english + 'SQL statement "'.length];
  const statements = starts.map((start) => statementOf(withoutFrame(context, start)));
  return statements.findLast((statement) => statement !== void 0);
}
function withoutFrame(context, start) {
  const frame = context.lastIndexOf("\n");
  const end = context.slice(frame + 1).startsWith("PL/pgSQL") ? frame : context.length;
  return context.slice(start, end).replace(/\u00a0?["'«»“”」』]$/, "");
}
var COPY_CONTEXT = /^COPY .+?[,、]\s*[^\d\s]*\s*(\d+)(?:: "(?<line>.*)")?/gm;
function inCopyData(error, sent) {
  const statement = error.position === void 0 ? statementOf(sent) : void 0;
  const found = [...(error.server.context ?? "").matchAll(COPY_CONTEXT)].at(-1);
  if (statement === void 0 || found === void 0) {
    return void 0;
  }
  const { at } = placeAt(statement, sent.trimEnd().length);
  const line = found.groups?.["line"];
  return {
    at: { path: at.path, line: at.line + Number(found[1]), column: 1 },
    excerpt: line === void 0 || line.endsWith("...") ? void 0 : line
  };
}
function atTopLevel(error, sent) {
  const statement = statementOf(sent);
  if (statement === void 0) {
    return void 0;
  }
  return error.position === void 0 ? innerPlace(error, statement) ?? placeOfStatement(statement) : placeAtPosition(statement, error.position);
}
function statementOf(text2) {
  const prefix = readPlacePrefix(text2);
  return prefix === void 0 ? void 0 : { text: text2, prefix };
}
function placeOfStatement(statement) {
  return placeAt(statement, firstToken(statement.text, statement.prefix.length));
}
function placeAtPosition(statement, position) {
  const offset = offsetOfCodePoint(statement.text, position);
  const inside = offset >= statement.prefix.length && offset <= statement.text.length;
  return inside ? placeAt(statement, offset) : void 0;
}
function placeAt({ text: text2, prefix }, offset) {
  const { at, lines, length } = prefix;
  const lineStart = Math.max(length, text2.lastIndexOf("\n", offset - 1) + 1);
  const lineEnd = text2.indexOf("\n", offset);
  const index = linesBetween(text2, length, lineStart);
  const indent = index === 0 ? at.column - 1 : 0;
  const line = text2.slice(lineStart, lineEnd < 0 ? text2.length : lineEnd).replace(/\r$/, "");
  return {
    at: {
      path: at.path,
      line: lines?.[index] ?? at.line + index,
      column: indent + codePointsIn(text2, lineStart, offset) + 1
    },
    // What stands before the statement on its line is not known here; the caret must still fit.
    excerpt: " ".repeat(indent) + line
  };
}
function linesBetween(text2, start, end) {
  let count = 0;
  for (let at = text2.indexOf("\n", start); at >= 0 && at < end; at = text2.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}

// src/dialects/postgres/script.ts
import { createHash as createHash2 } from "node:crypto";
async function* scriptOf(bundle, blocks, options) {
  const script = { bundle, options, token: bundleToken(bundle) };
  const segments = segmentsOf(blocks, options.transaction);
  checkForm(script, segments);
  yield await headerOf(script, blocks);
  if (segments[0]?.transaction === "none") {
    yield* transactionOf(script, [], true);
  }
  for (const [index, segment] of segments.entries()) {
    if (segment.transaction === "shared") {
      yield* transactionOf(script, segment.blocks, index === 0);
    } else {
      yield* blocksOutside(script, segment.blocks);
    }
  }
  yield await receiptOf(script);
}
function checkForm(script, segments) {
  const mixed = segments.find((segment) => segment.transaction === "none" && hasCopy(segment));
  if (mixed?.blocks[0] !== void 0) {
    throw unfit(mixed.blocks[0], "it runs without a transaction and has COPY data", {
      hint: "Move the COPY into a file of its own, or deploy the source itself with rowgate deploy."
    });
  }
  if (script.options.form === "procedure") {
    checkProcedure(segments);
  }
}
function checkProcedure(segments) {
  const hint = "Build the script without --form procedure.";
  const copying = segments.flatMap((segment) => segment.blocks).find((block) => block.hasCopy);
  const second = segments.find(
    (segment, index) => index > 0 || segment.transaction === "none"
  )?.blocks[0];
  if (copying !== void 0) {
    throw unfit(copying, "COPY data cannot stand in a procedure", { hint });
  }
  if (second !== void 0) {
    throw unfit(second, "it cannot share the procedure's transaction", { hint });
  }
}
function hasCopy(segment) {
  return segment.blocks.some((block) => block.hasCopy);
}
function unfit(block, reason, { hint }) {
  return new RowgateError("script-form", {
    message: `block ${block.id} (${block.name}) does not fit into the script: ${reason}`,
    at: { path: block.name, line: 1, column: 1 },
    hint
  });
}
async function headerOf(script, blocks) {
  const { bundle, options, token } = script;
  const header = await loadTemplate("header");
  const copying = blocks.find((block) => block.hasCopy);
  const outside = blocks.find((block) => block.transaction === "none");
  const reasons = [
    ...copying === void 0 ? [] : [`block ${copying.id} has COPY data`],
    ...outside === void 0 ? [] : [`block ${outside.id} runs outside of a transaction`]
  ];
  return header({
    release: bundle.release,
    table: tableName(options.versions),
    psql: reasons.length > 0,
    reason: reasons.join(", "),
    about: {
      format: 1,
      dialect: bundle.dialect,
      release: bundle.release,
      checksum: bundle.checksum,
      versions: options.versions,
      form: options.form,
      transaction: options.transaction,
      token
    },
    blocks: blocks.map(({ pieces: _, notes: __, ...block }) => block)
  });
}
async function* transactionOf(script, blocks, first) {
  const { bundle, options } = script;
  const packets = transactionPackets(bundle, blocks, {
    versions: options.versions,
    onBusy: "wait",
    outOfOrder: options.outOfOrder,
    settings: {},
    first,
    procedure: options.form === "procedure" ? procedureName(options) : void 0,
    markers: true
  });
  yield "\n";
  for await (const packet of packets) {
    if (packet.kind === "sql") {
      yield packet.text;
    } else {
      yield* copyOf(script, packet);
    }
  }
  yield "COMMIT;\n";
}
function procedureName(options) {
  return tableName({ schema: options.versions.schema, name: "rowgate_deploy" });
}
async function* copyOf(script, packet) {
  const { block, piece } = packet;
  const { token, options } = script;
  const copy = await loadTemplate("copy");
  const text2 = `${placePrefix(piece)}${piece.text.replace(/;\s*$/, "")}`;
  const digest = createHash2("sha256");
  yield copy({
    block,
    table: tableName(options.versions),
    statement: section(token, `copy ${block.position} ${piece.dataLine}`, text2)
  });
  yield `--@ ${token} lines ${block.position}
;
`;
  let last = "\n";
  for await (const chunk of piece.data()) {
    digest.update(chunk);
    last = chunk;
    yield chunk;
  }
  yield `${last.endsWith("\n") ? "" : "\n"}\\.
--@ ${token} end sha256 ${digest.digest("hex")}
`;
}
async function* blocksOutside(script, blocks) {
  for (const block of blocks) {
    yield* blockOutside(script, block);
  }
}
async function* blockOutside(script, block) {
  const { bundle, options, token } = script;
  const claim = { block, run: "current_setting('rowgate.run')" };
  const statement = await loadTemplate("statement");
  const finish = await loadTemplate("finish");
  const taken = await claimQuery(
    options.versions,
    { bundle, block },
    { run: claim.run, prefix: "rowgate_", checked: bundle.checksum }
  );
  let number = 0;
  yield `
-- Block ${block.id} runs outside of a transaction.
SELECT set_config('rowgate.run', md5(random()::text || clock_timestamp()::text), false) AS rowgate_run \\gset
${taken} \\gset
`;
  for await (const piece of block.pieces()) {
    number += 1;
    yield statement({
      number,
      section: section(token, `statement ${block.position}`, `${placePrefix(piece)}${piece.text}`),
      progress: await stepQuery(options.versions, claim, { step: "progress", done: number })
    });
  }
  yield finish({
    block,
    finish: await stepQuery(options.versions, claim, { step: "finish" }),
    checked: bundle.checksum,
    schema: options.versions.schema,
    name: options.versions.name
  });
}
async function receiptOf(script) {
  const { bundle, options } = script;
  const receipt = await loadTemplate("receipt");
  return receipt({
    schema: options.versions.schema,
    name: options.versions.name,
    release: bundle.release,
    checked: bundle.checksum,
    last: bundle.blocks.at(-1),
    digest: onceDigest(bundle)
  });
}
function onceDigest(bundle) {
  const lines = bundle.blocks.filter((block) => block.kind === "once").map((block) => ({ key: Buffer.from(block.id), line: `${block.id} ${block.checksum}` })).toSorted((a, b) => Buffer.compare(a.key, b.key)).map(({ line }) => line);
  return lines.length === 0 ? "" : createHash2("md5").update(lines.join(",")).digest("hex");
}

// src/dialects/postgres/index.ts
var postgresDialect = {
  name: "postgres",
  historyQuery,
  parseHistory,
  logQuery,
  parseLog,
  transaction: (bundle, blocks, options) => transactionPackets(bundle, blocks, { ...options, procedure: void 0, markers: false }),
  claim: {
    take: (versions, bundle, { block, run }) => claimQuery(versions, { bundle, block }, { run: literal(run), prefix: "", checked: void 0 }),
    progress: (versions, { block, run }, done) => stepQuery(versions, { block, run: literal(run) }, { step: "progress", done }),
    finish: (versions, { block, run }) => stepQuery(versions, { block, run: literal(run) }, { step: "finish" }),
    fail: (versions, { block, run }, detail) => stepQuery(versions, { block, run: literal(run) }, { step: "fail", detail })
  },
  logFailure: (versions, bundle, { block, detail }) => failureQuery(versions, bundle, { id: block.id, checksum: block.checksum, detail }),
  blockersQuery: `SELECT DISTINCT ON (a.xact_start, a.pid) format('pid %s, user %s, application %s, %s since %s, holds a lock on %s', a.pid, a.usename, a.application_name, a.state, date_trunc('second', a.xact_start), l.relation::regclass) AS description
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.granted AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid <> pg_backend_pid() AND l.relation >= 16384
ORDER BY a.xact_start, a.pid LIMIT 5`,
  invalidIndexesQuery: `SELECT i.indexrelid::regclass::text AS name, format('DROP INDEX CONCURRENTLY %s;', i.indexrelid::regclass) AS drop
FROM pg_index i WHERE NOT i.indisvalid ORDER BY 1`,
  script: scriptOf,
  parseEvent,
  errorCode,
  locate
};
export {
  postgresDialect
};
