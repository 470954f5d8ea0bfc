import {
  displayWidth,
  padEndTo,
  padStartTo
} from "./chunk-OGWT2MUN.js";
import {
  DEFAULTS,
  DEFAULT_VERSIONS_TABLE,
  expandVariables,
  nearestName,
  parseConcurrency,
  parseDuration,
  parseVersionsTable
} from "./chunk-TWNGBNEF.js";
import {
  jsonNote
} from "./chunk-5NZLASUI.js";
import {
  compareHistory
} from "./chunk-HR4OSDN2.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/rowgate.ts
import { stat } from "node:fs/promises";
import { basename } from "node:path";

// src/config/connection-url.ts
import { isAbsolute, join } from "node:path";
function parseDatabaseUrl(url, base) {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql") {
    return { dialect: "postgres", connection: { driver: "pg", url } };
  }
  if (scheme === "pglite") {
    return { dialect: "postgres", connection: embedded(url, base) };
  }
  if (scheme === "mysql" || scheme === "mariadb") {
    throw new RowgateError("server-unsupported", {
      message: "this release deploys to PostgreSQL only; MySQL and MariaDB come in a later one",
      hint: "Give a postgres:// URL."
    });
  }
  throw new RowgateError("usage-invalid", {
    message: scheme === void 0 ? "the database URL has no scheme" : `databases with the scheme "${scheme}:" are unknown`,
    hint: "Write it as postgres://USER@HOST:PORT/DATABASE or pglite:DIRECTORY."
  });
}
function secretsOf(url) {
  const inAuthority = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*?:(.*)@/i.exec(url)?.[1];
  const inQuery = [...url.matchAll(/[?&](?:password|sslpassword)=([^&#]*)/gi)].map((m) => m[1]);
  const written = [inAuthority, ...inQuery].filter((text) => text !== void 0 && text !== "");
  const spellings = written.flatMap((text) => text === void 0 ? [] : [text, decode(text)]);
  return [...new Set(spellings)].toSorted((a, b) => b.length - a.length);
}
function embedded(url, base) {
  const directory = url.slice("pglite:".length).replace(/^\/\/(?=\/)/, "");
  if (directory === "" || directory.startsWith("//")) {
    throw new RowgateError("usage-invalid", {
      message: "the pglite: URL names no directory",
      hint: "Write it as pglite:DIRECTORY, such as pglite:.rowgate/pglite."
    });
  }
  return {
    driver: "pglite",
    directory: isAbsolute(directory) ? directory : join(base, directory)
  };
}
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/domain/status.ts
function blockStatuses(blocks, history) {
  if (blocks === void 0) {
    return history.map((row) => statusOfRow(row, stateOfRow(row)));
  }
  const comparison = compareHistory(blocks, history, { outOfOrder: false });
  const states = statesOf(comparison);
  const rows = new Map(history.map((row) => [row.id, row]));
  const ids = new Set(blocks.map((block) => block.id));
  return [
    ...blocks.map(({ id, name, kind }) => {
      const row = rows.get(id);
      return { id, name, kind, state: states.get(id) ?? stateOfRow(row), row };
    }),
    ...history.filter((row) => !ids.has(row.id)).map((row) => statusOfRow(row, states.get(row.id) ?? stateOfRow(row)))
  ];
}
function statesOf(comparison) {
  const states = /* @__PURE__ */ new Map();
  for (const { block, reason } of comparison.pending) {
    if (reason !== "always") {
      states.set(block.id, reason === "changed" ? "changed" : stateOfNew(reason));
    }
  }
  for (const row of comparison.removed) {
    states.set(row.id, "removed");
  }
  for (const conflict of comparison.conflicts) {
    const id = "block" in conflict ? conflict.block.id : conflict.row.id;
    states.set(id, conflict.kind === "out-of-order" ? "late" : conflict.kind);
  }
  return states;
}
function stateOfNew(reason) {
  return reason === "resume" ? "unfinished" : "pending";
}
function stateOfRow(row) {
  if (row === void 0) {
    return "pending";
  }
  return row.state === "applied" || row.state === "adopted" ? row.state : "unfinished";
}
function statusOfRow(row, state) {
  return { id: row.id, name: row.name, kind: row.kind, state, row };
}

// src/rowgate.ts
async function buildBundle(source, options = {}) {
  const { readTree } = await import("./read-tree-D3XY65TT.js");
  return readTree(source, {
    dialect: options.dialect ?? "postgres",
    release: options.release ?? "none",
    variables: options.variables ?? {},
    syntaxCheck: options.syntaxCheck ?? true
  });
}
async function readBundle(file) {
  const { readScript } = await import("./read-script-4F2KJYA7.js");
  return readScript(file);
}
async function openSource(path, options = {}) {
  return await isScriptFile(path) ? readBundle(path) : buildBundle(path, options);
}
async function writeBundle(bundle, output, options = {}) {
  const [{ writeScript }, { writeTextFile, writeTextTo }, dialect] = await Promise.all([
    import("./write-script-YYXKKKS2.js"),
    import("./write-file-55NJWGHB.js"),
    loadDialect(bundle.dialect)
  ]);
  const { onNote, ...given } = options;
  const chunks = writeScript(tellNotes(bundle, onNote), dialect, {
    versions: DEFAULT_VERSIONS_TABLE,
    form: "do",
    transaction: "release",
    outOfOrder: false,
    ...given
  });
  await (typeof output === "string" ? writeTextFile(output, chunks) : writeTextTo(output, chunks));
}
async function plan(bundle, target, options = {}) {
  const { planTarget } = await import("./plan-target-SW5U7LEW.js");
  const access = await accessTo(target, bundle);
  return planTarget({ ...access, bundle }, { to: void 0, outOfOrder: false, ...options });
}
async function deploy(bundle, targets, options = {}) {
  const [{ deployFleet }, { deployTarget }] = await Promise.all([
    import("./deploy-fleet-FDQK6HN7.js"),
    import("./deploy-target-6OLMCZUT.js")
  ]);
  const { concurrency = DEFAULTS.concurrency, failFast = false, ...given } = options;
  const signal = given.signal ?? new AbortController().signal;
  const compiled = rememberBlocks(bundle);
  const deployOne = async (target) => {
    const access = await accessTo(target, bundle);
    const report = await deployTarget({
      ...access,
      connect: async (settings) => connect(settings, async () => extensionsIn(compiled)),
      bundle: tellNotes(compiled, given.onNote),
      options: deployOptions(given),
      signal,
      onEvent: given.onEvent ?? (() => void 0)
    });
    given.onReport?.(report);
    return report;
  };
  return deployFleet(targets, deployOne, { concurrency, failFast, signal });
}
async function status(target, bundle) {
  const { historyOfTarget } = await import("./plan-target-SW5U7LEW.js");
  const { access, server } = withServer(await accessTo(target, bundle));
  const history = await historyOfTarget(access);
  return { server: server(), blocks: blockStatuses(bundle?.blocks, history) };
}
async function readLog(target, limit = 50) {
  const { logTarget } = await import("./plan-target-SW5U7LEW.js");
  const { access, server } = withServer(await accessTo(target, void 0));
  const rows = await logTarget(access, limit);
  return { server: server(), rows };
}
function deployOptions(given) {
  return {
    lockWaitMs: given.lockWaitMs ?? DEFAULTS.lockWait,
    lockTimeoutMs: given.lockTimeoutMs ?? DEFAULTS.lockTimeout,
    statementTimeoutMs: given.statementTimeoutMs,
    transaction: given.transaction ?? "release",
    to: given.to,
    outOfOrder: given.outOfOrder ?? false,
    dryRun: given.dryRun ?? false
  };
}
async function isScriptFile(path) {
  const entry = await stat(path).catch((error) => {
    throw new RowgateError("source-missing", {
      message: `there is no source ${path}`,
      hint: `Name a directory of SQL files, or a script such as ${basename(path)}.sql.`,
      cause: error
    });
  });
  if (entry.isDirectory()) {
    return false;
  }
  const { isScript } = await import("./read-script-4F2KJYA7.js");
  return isScript(path);
}
async function accessTo(target, bundle) {
  if (bundle !== void 0 && bundle.dialect !== target.dialect) {
    throw new RowgateError("usage-invalid", {
      message: `the bundle is for ${bundle.dialect}, but target "${target.name}" is ${target.dialect}`,
      hint: `Deploy it to a ${bundle.dialect} database, or build it with --dialect ${target.dialect}.`
    });
  }
  const dialect = await loadDialect(target.dialect);
  return { target, connect: async (settings) => connect(settings), dialect };
}
async function loadDialect(name) {
  if (name !== "postgres") {
    throw new RowgateError("server-unsupported", {
      message: "this release writes scripts for PostgreSQL only; MySQL and MariaDB come in a later one",
      hint: "Use --dialect postgres."
    });
  }
  const { postgresDialect } = await import("./postgres-WEJUTFWA.js");
  return postgresDialect;
}
async function connect(settings, extensions = async () => []) {
  if (settings.driver === "pg") {
    const { connectPg } = await import("./pg-EEJU6CU2.js");
    return connectPg(settings.url, { applicationName: "rowgate" });
  }
  const { connectPglite } = await import("./pglite-725DLLP5.js");
  return connectPglite(settings.directory, { extensions: await extensions() });
}
async function extensionsIn(bundle) {
  const { extensionsOf } = await import("./extensions-CGFOXKU3.js");
  return extensionsOf(await bundle.compile(bundle.blocks));
}
function tellNotes(bundle, onNote = () => void 0) {
  return withCompile(bundle, async (headers) => {
    const compiled = await bundle.compile(headers);
    compiled.flatMap((block) => block.notes).forEach(onNote);
    return compiled;
  });
}
function rememberBlocks(bundle) {
  const known = /* @__PURE__ */ new Map();
  return withCompile(bundle, async (headers) => {
    const unknown = headers.filter((header) => !known.has(header.id));
    for (const block of await bundle.compile(unknown)) {
      known.set(block.id, block);
    }
    return headers.flatMap((header) => known.get(header.id) ?? []);
  });
}
function withCompile(bundle, compile) {
  const { dialect, release, checksum, blocks, notes } = bundle;
  return { dialect, release, checksum, blocks, notes, compile };
}
function withServer(access) {
  let description = "";
  return {
    access: {
      ...access,
      connect: async (settings) => {
        const connection = await access.connect(settings);
        description = connection.description;
        return connection;
      }
    },
    server: () => description
  };
}

// src/cli/format/table.ts
function formatTable(columns, rows) {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row)))
  ];
  const widths = columns.map(
    (_, index) => cells.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? "")), 0)
  );
  return cells.map(
    (line) => columns.map(({ align }, index) => {
      const pad = align === "right" ? padStartTo : padEndTo;
      return pad(line[index] ?? "", widths[index] ?? 0);
    }).join("  ").trimEnd()
  );
}
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// src/cli/commands/prepare.ts
import { stat as stat2 } from "node:fs/promises";
import { dirname as dirname2, relative as relative2, resolve as resolve4 } from "node:path";

// src/config/find-release.ts
import { readFile } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";
async function findRelease(source, directory) {
  for (const folder of /* @__PURE__ */ new Set([dirname(source), directory])) {
    const version = await versionIn(join2(folder, "package.json"));
    if (version !== void 0) {
      return version;
    }
  }
  return void 0;
}
async function versionIn(file) {
  try {
    const content = JSON.parse(await readFile(file, "utf8"));
    const isObject = typeof content === "object" && content !== null;
    const version = isObject && "version" in content ? content.version : void 0;
    return typeof version === "string" && version !== "" ? version : void 0;
  } catch {
    return void 0;
  }
}

// src/config/load-config.ts
import { readFile as readFile2 } from "node:fs/promises";
import { relative, resolve } from "node:path";
var CONFIG_NAME = "rowgate.yaml";
async function loadConfig(request) {
  const path = resolve(request.directory, request.path ?? CONFIG_NAME);
  const text = await readText(path, request);
  if (text === void 0) {
    return void 0;
  }
  const { parseConfig } = await import("./parse-config-HLBUEOKF.js");
  const name = relative(request.directory, path).replaceAll("\\", "/");
  return parseConfig({ path, name, text: text.replace(/^\uFEFF/, "") }, request.env);
}
async function readText(path, request) {
  try {
    return await readFile2(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : void 0;
    if (code !== "ENOENT") {
      throw new RowgateError("file-unreadable", {
        message: `cannot read ${request.path ?? CONFIG_NAME}: ${String(code ?? error)}`,
        hint: "Check that it is a file that you may read.",
        cause: error
      });
    }
    if (request.path !== void 0) {
      throw new RowgateError("config-missing", {
        message: `there is no file ${request.path}`,
        hint: "Name an existing file with --config.",
        cause: error
      });
    }
    return void 0;
  }
}

// src/config/resolve-settings.ts
import { resolve as resolve2 } from "node:path";
var NO_CONFIG = {
  release: void 0,
  variables: {},
  versionsTable: void 0,
  defaults: DEFAULTS
};
function resolveSettings(request, env, config) {
  const { defaults, ...file } = config ?? NO_CONFIG;
  const from = (flag, name) => sourced({ flag, name, env });
  return {
    source: from(request.source, "source")?.text ?? sourceIn(config),
    release: from(request.release, "release")?.text ?? file.release,
    variables: { ...file.variables, ...parseVariables(request.variables ?? []) },
    transaction: parseOr(
      from(request.transaction, "transaction"),
      parseTransaction,
      defaults.transaction
    ),
    lockWaitMs: parseOr(from(request.lockWait, "lock-wait"), parseDuration, defaults.lockWait),
    lockTimeoutMs: parseOr(
      from(request.lockTimeout, "lock-timeout"),
      parseDuration,
      defaults.lockTimeout
    ),
    concurrency: parseOr(
      from(request.concurrency, "concurrency"),
      parseConcurrency,
      defaults.concurrency
    ),
    versions: parseOr(
      from(request.versionsTable, "versions-table"),
      parseVersionsTable,
      file.versionsTable
    )
  };
}
function sourceIn(config) {
  return config?.source === void 0 ? void 0 : resolve2(config.directory, config.source);
}
function sourced(option) {
  if (option.flag !== void 0) {
    return { text: option.flag, name: `--${option.name}` };
  }
  const variable = `ROWGATE_${option.name.toUpperCase().replaceAll("-", "_")}`;
  const value = option.env[variable];
  return value === void 0 || value === "" ? void 0 : { text: value, name: variable };
}
function parseOr(value, parse, fallback) {
  return value === void 0 ? fallback : parse(value.text, value.name);
}
function parseTransaction(text, name) {
  if (text !== "release" && text !== "block") {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}"; it must be release or block`,
      hint: "Use release for one transaction, or block for one for each block."
    });
  }
  return text;
}
function parseVariables(pairs) {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
      if (name === void 0 || value === void 0) {
        throw new RowgateError("usage-invalid", {
          message: `--var needs a name and a value, not "${pair.split("=")[0]}"`,
          hint: "Write it as --var name=value."
        });
      }
      return [name, value];
    })
  );
}

// src/config/resolve-targets.ts
import { join as join3, resolve as resolve3 } from "node:path";
var EMBEDDED_DIRECTORY = ".rowgate/pglite";
async function resolveTargets(request, around) {
  const names = request.names ?? [];
  if (request.url !== void 0 && names.length > 0) {
    throw new RowgateError("usage-invalid", {
      message: "--url and --target cannot be given together",
      hint: "Leave one of them out."
    });
  }
  const url = request.url ?? (names.length > 0 ? void 0 : nonEmpty(around.env["ROWGATE_URL"]));
  if (url !== void 0) {
    return { targets: [urlTarget(url, request, around)], embedded: false };
  }
  const chosen = chooseTargets(names, around);
  if (chosen.length > 0) {
    const targets = await Promise.all(
      chosen.map(async (name) => configTarget(name, request, around))
    );
    return { targets, embedded: false };
  }
  const fallback = nonEmpty(around.env["DATABASE_URL"]);
  return fallback === void 0 ? { targets: [embeddedTarget(request, around)], embedded: true } : { targets: [urlTarget(fallback, request, around)], embedded: false };
}
function chooseTargets(names, around) {
  const known = [...around.config?.targets.keys() ?? []];
  const asked = names.length > 0 ? names : listed(around.env["ROWGATE_TARGET"]);
  if (asked.length === 0) {
    return onlyTarget(known);
  }
  if (known.length === 0) {
    throw new RowgateError("config-missing", {
      message: `there is no target "${asked[0]}", because no rowgate.yaml names any`,
      hint: "Add it under targets in rowgate.yaml, or give the database with --url."
    });
  }
  const unknown = asked.find((name) => name !== "all" && !known.includes(name));
  if (unknown !== void 0) {
    const nearest = nearestName(unknown, known);
    throw new RowgateError("usage-invalid", {
      message: `there is no target "${unknown}" in rowgate.yaml`,
      hint: nearest === void 0 ? `Choose from ${known.join(", ")}.` : `Write it as ${nearest}.`
    });
  }
  return asked.includes("all") ? known : [...new Set(asked)];
}
function onlyTarget(known) {
  if (known.length < 2) {
    return known;
  }
  if (known.includes("default")) {
    return ["default"];
  }
  throw new RowgateError("usage-invalid", {
    message: `rowgate.yaml has ${known.length} targets and none is named`,
    hint: `Name one with --target, such as --target ${known[0]}, or all with --target all.`
  });
}
async function configTarget(name, request, around) {
  const { config } = around;
  const target = config?.targets.get(name);
  if (config === void 0 || target === void 0) {
    throw new RowgateError("usage-invalid", { message: `there is no target "${name}"` });
  }
  const key = target.url === void 0 ? target.urlEnv === void 0 ? "urlFile" : "urlEnv" : "url";
  try {
    const url = (await urlOf(target, [name, key], around)).trim();
    const database = parseDatabaseUrl(url, config.directory);
    checkDialect(target, database.dialect);
    return { name, ...database, versions: versionsOf(request, around, target.versionsTable) };
  } catch (error) {
    throw located(error, { config, name, key });
  }
}
async function urlOf(target, [name, key], { env, config, directory, readFile: readFile4 }) {
  const at = config?.at(["targets", name, key]) ?? { path: "", line: 1, column: 1 };
  const expand = (text) => expandVariables(text ?? "", env, at);
  if (target.url !== void 0) {
    return expand(target.url);
  }
  if (target.urlFile !== void 0) {
    return readFile4(resolve3(config?.directory ?? directory, expand(target.urlFile)));
  }
  const variable = expand(target.urlEnv);
  const value = nonEmpty(env[variable]);
  if (value === void 0) {
    throw new RowgateError("config-missing", {
      message: `the environment variable ${variable} is not set, which has the URL of target "${name}"`,
      hint: `Set ${variable}.`,
      at
    });
  }
  return value;
}
function checkDialect(target, dialect) {
  if (target.dialect !== void 0 && target.dialect !== dialect) {
    throw new RowgateError("config-invalid", {
      message: `the URL is one of ${dialect}, but the dialect is set to ${target.dialect}`,
      hint: "Leave the key dialect out, or give the right URL."
    });
  }
}
function located(error, where) {
  if (!(error instanceof RowgateError) || error.at !== void 0) {
    return error;
  }
  return new RowgateError(error.code === "usage-invalid" ? "config-invalid" : error.code, {
    message: `target "${where.name}": ${error.message}`,
    hint: error.hint,
    at: where.config.at(["targets", where.name, where.key]),
    cause: error.cause ?? error
  });
}
function urlTarget(url, request, around) {
  return {
    name: "default",
    ...parseDatabaseUrl(url, around.directory),
    versions: versionsOf(request, around, void 0)
  };
}
function embeddedTarget(request, around) {
  const base = around.config?.directory ?? around.directory;
  return {
    name: "embedded",
    dialect: "postgres",
    connection: { driver: "pglite", directory: join3(base, EMBEDDED_DIRECTORY) },
    versions: versionsOf(request, around, void 0)
  };
}
function versionsOf(request, { env, config }, own) {
  const text = request.versionsTable ?? nonEmpty(env["ROWGATE_VERSIONS_TABLE"]);
  return text === void 0 ? own ?? config?.versionsTable ?? request.fallbackVersions ?? DEFAULT_VERSIONS_TABLE : parseVersionsTable(text);
}
function listed(text) {
  return (text ?? "").split(/[\s,]+/).filter((name) => name !== "");
}
function nonEmpty(text) {
  return text === "" ? void 0 : text;
}

// src/config/url-file.ts
import { readFile as readFile3 } from "node:fs/promises";
import { basename as basename2 } from "node:path";
async function readUrlFile(path) {
  const text = await readFile3(path, "utf8").catch((error) => {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw unreadable(`cannot read the file ${basename2(path)} that holds the URL: ${reason}`, error);
  });
  if (text.trim() === "") {
    throw unreadable(`the file ${basename2(path)} that should hold the URL is empty`, void 0);
  }
  return text.trim();
}
function unreadable(message, cause) {
  return new RowgateError("file-unreadable", {
    message,
    hint: "Check the path under urlFile and the rights of the file.",
    cause
  });
}

// src/cli/commands/prepare.ts
var DEFAULT_SOURCE = "sql";
async function prepare({ io, output, options }) {
  const { env, directory } = io;
  const urls = [options.url, env["ROWGATE_URL"], env["DATABASE_URL"]];
  output.hide([...urls.flatMap((url) => secretsOf(url ?? "")), env["PGPASSWORD"] ?? ""]);
  const config = await loadConfig({ path: options.config, directory, env });
  const settings = resolveSettings({ ...options, variables: options.var }, env, config);
  return { config, settings };
}
async function findSource(context, settings) {
  const named = context.source ?? settings.source;
  const path = resolve4(context.io.directory, named ?? DEFAULT_SOURCE);
  const kind = await kindOf(path);
  if (named === void 0 && kind !== "directory") {
    return void 0;
  }
  const shown = relative2(context.io.directory, path) || ".";
  const release = settings.release ?? await findRelease(path, context.io.directory);
  context.output.setSourceRoot(kind === "directory" ? path : dirname2(path));
  const bundle = await openSource(shown, {
    dialect: context.options.dialect,
    release,
    variables: settings.variables,
    syntaxCheck: context.options.syntaxCheck
  });
  const notes = createNotes(context.output);
  return { path: shown, bundle, about: aboutOf(bundle), notes };
}
async function requireSource(context, settings) {
  const source = await findSource(context, settings);
  if (source === void 0) {
    throw new RowgateError("source-missing", {
      message: "no source is named, and there is no directory sql/",
      hint: "Name a directory of SQL files or a script, or set source in rowgate.yaml."
    });
  }
  return source;
}
async function findTargets({ io, output, options }, { config }, source) {
  const { targets, embedded: embedded2 } = await resolveTargets(
    {
      url: options.url,
      names: options.target,
      versionsTable: options.versionsTable,
      fallbackVersions: source?.about?.versions
    },
    { env: io.env, config, directory: io.directory, readFile: readUrlFile }
  );
  for (const { connection } of targets) {
    output.hide(connection.driver === "pg" ? secretsOf(connection.url) : []);
    if (embedded2 && connection.driver === "pglite") {
      const place = relative2(io.directory, connection.directory);
      output.progress(`no database configured: using the embedded PostgreSQL in ${place}`);
    }
  }
  source?.bundle.notes.forEach(source.notes.tell);
  return targets;
}
function describeSource({ path, bundle, notes }) {
  const { release, checksum } = bundle;
  return { source: path, release, checksum, notes: notes.told.map(jsonNote) };
}
async function kindOf(path) {
  try {
    return (await stat2(path)).isDirectory() ? "directory" : "file";
  } catch {
    return void 0;
  }
}
function aboutOf(bundle) {
  return "about" in bundle ? bundle.about : void 0;
}
function createNotes(output) {
  const told = [];
  const known = /* @__PURE__ */ new Set();
  return {
    told,
    tell: (note) => {
      const key = JSON.stringify(note);
      if (!known.has(key)) {
        known.add(key);
        told.push(note);
        output.note(note);
      }
    }
  };
}

export {
  writeBundle,
  plan,
  deploy,
  status,
  readLog,
  formatTable,
  counted,
  prepare,
  findSource,
  requireSource,
  findTargets,
  describeSource
};
