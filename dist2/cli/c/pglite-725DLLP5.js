import {
  codeOf,
  noticeOf,
  queryError,
  textOf
} from "./chunk-NNC6QYDG.js";
import "./chunk-6ZJTVCRM.js";
import {
  lexerOf,
  readToken
} from "./chunk-2WEZHRRR.js";
import {
  DatabaseError,
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/drivers/pglite-copy.ts
var PART_CHARS = 8 * 1024 * 1024;
function fromBlob(sql) {
  const lexer = lexerOf(sql);
  let previous = "";
  while (lexer.at < sql.length) {
    const start2 = lexer.at;
    const kind = readToken(lexer);
    const word = kind === "word" ? sql.slice(start2, lexer.at).toLowerCase() : "";
    if (word === "stdin" && previous === "from") {
      return `${sql.slice(0, start2)}'/dev/blob'${sql.slice(lexer.at)}`;
    }
    if (kind !== "space" && kind !== "comment") {
      previous = word;
    }
  }
  return sql;
}
async function* partsOf(piece) {
  const limit = /\b(?:csv|binary|header)\b/i.test(piece.text) ? Infinity : PART_CHARS;
  let chunks = [];
  let size = 0;
  let before = 0;
  for await (const chunk of piece.data()) {
    if (size >= limit) {
      yield { blob: new Blob(chunks), before, last: false };
      before += chunks.reduce((sum, text) => sum + linesOf(text), 0);
      chunks = [];
      size = 0;
    }
    chunks.push(chunk);
    size += chunk.length;
  }
  yield { blob: new Blob(chunks), before, last: true };
}
function linesOf(text) {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}
function withLinesBefore(context, lines) {
  return context.replace(
    /^(COPY .+?, line )(\d+)/gm,
    (_, head, line) => `${head}${Number(line) + lines}`
  );
}

// src/drivers/pglite-directory.ts
import { mkdir as mkdir2, readdir, rm, unlink as unlink3, writeFile as writeFile3 } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/drivers/pglite-image.ts
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
async function readImage() {
  try {
    const bytes = await readFile(await imagePath());
    return new Blob([bytes]);
  } catch {
    return void 0;
  }
}
async function makeImage() {
  const { PGlite } = await import("@electric-sql/pglite");
  const db = await PGlite.create("memory://");
  await db.exec("CHECKPOINT");
  const image = await db.dumpDataDir("gzip");
  await db.close();
  await keepImage(image);
  return image;
}
async function keepImage(image) {
  try {
    const path = await imagePath();
    const unfinished = `${path}.${randomUUID()}`;
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(unfinished, Buffer.from(await image.arrayBuffer()));
    await rename(unfinished, path).catch(() => unlink(unfinished));
  } catch {
  }
}
async function imagePath() {
  const xdg = process.env["XDG_CACHE_HOME"] ?? "";
  const folder = isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(folder, "rowgate", `pglite-${await pgliteVersion()}.tar.gz`);
}
async function pgliteVersion() {
  const manifest = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
  const { version } = JSON.parse(await readFile(manifest, "utf8"));
  return String(version);
}

// src/drivers/pglite-lock.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile as readFile2, rename as rename2, unlink as unlink2, writeFile as writeFile2 } from "node:fs/promises";
import { hostname } from "node:os";
import { join as join2 } from "node:path";
var LOCK_FILE = "rowgate.lock";
async function lockDirectory(directory) {
  const path = join2(directory, LOCK_FILE);
  const own = `${path}.${randomUUID2()}`;
  const text = JSON.stringify(thisProcess());
  await writeFile2(own, text);
  try {
    while (!await linked(own, path)) {
      await removeStale(path);
    }
  } finally {
    await unlink2(own);
  }
  return { release: () => release(path, text) };
}
async function linked(own, path) {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
}
async function removeStale(path) {
  const text = await readText(path);
  if (text === void 0) {
    return;
  }
  if (isAlive(parseHolder(text))) {
    throw inUse(path, parseHolder(text));
  }
  const aside = `${path}.${randomUUID2()}`;
  try {
    await rename2(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return;
    }
    throw error;
  }
  const moved = await readFile2(aside, "utf8");
  if (moved !== text) {
    await linked(aside, path);
  }
  await unlink2(aside);
}
async function release(path, text) {
  try {
    if (await readText(path) === text) {
      await unlink2(path);
    }
  } catch {
  }
}
async function readText(path) {
  try {
    return await readFile2(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return void 0;
    }
    throw error;
  }
}
function thisProcess() {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) };
}
function parseHolder(text) {
  try {
    const value = JSON.parse(text);
    return isHolder(value) ? value : void 0;
  } catch {
    return void 0;
  }
}
function isHolder(value) {
  return typeof value === "object" && value !== null && "host" in value && typeof value.host === "string" && "pid" in value && typeof value.pid === "number" && "started" in value && typeof value.started === "string";
}
function isAlive(holder) {
  if (holder === void 0 || holder.host !== hostname()) {
    return true;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
  return startOf(holder.pid) === holder.started;
}
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
function inUse(path, holder) {
  const who = holder === void 0 ? "an unknown process" : `process ${holder.pid} on ${holder.host}`;
  return new RowgateError("embedded-in-use", {
    message: `the embedded database is in use by ${who}, says ${path}`,
    hint: "Wait for that process to end; if there is none, delete the file."
  });
}

// src/drivers/pglite-directory.ts
var MEMORY = "memory://";
var UNFINISHED_FILE = "rowgate.unfinished";
async function openDirectory(directory, extensions) {
  if (directory === MEMORY) {
    return opened(await create(MEMORY, extensions), directory, void 0);
  }
  const lock = await takeDirectory(directory);
  try {
    return opened(await openOrCreate(directory, extensions), directory, lock);
  } catch (error) {
    await lock.release();
    throw error instanceof RowgateError ? error : cannotOpen(directory, error);
  }
}
function opened(db, directory, lock) {
  return {
    db,
    directory,
    close: async () => {
      await db.close().catch(() => void 0);
      await lock?.release();
    }
  };
}
async function takeDirectory(directory) {
  try {
    await mkdir2(directory, { recursive: true, mode: 448 });
    return await lockDirectory(directory);
  } catch (error) {
    throw error instanceof RowgateError ? error : cannotOpen(directory, error);
  }
}
async function openOrCreate(directory, extensions) {
  const files = (await readdir(directory)).filter((name) => !name.startsWith(LOCK_FILE));
  const unfinished = files.includes(UNFINISHED_FILE);
  if (files.includes("PG_VERSION") && !unfinished) {
    return start(directory, { extensions });
  }
  if (files.length > 0 && !unfinished) {
    throw new RowgateError("usage-invalid", {
      message: `the directory ${directory} holds other files than a database, such as ${String(files[0])}`,
      hint: "Name an empty directory, or one that does not exist."
    });
  }
  await writeFile3(join3(directory, UNFINISHED_FILE), "");
  await clear(directory);
  const db = await create(directory, extensions);
  await unlink3(join3(directory, UNFINISHED_FILE));
  return db;
}
async function create(directory, extensions) {
  const cached = await readImage();
  if (cached !== void 0) {
    try {
      return await start(directory, { extensions, loadDataDir: cached });
    } catch {
      await clear(directory);
    }
  }
  return start(directory, { extensions, loadDataDir: await makeImage() });
}
async function start(directory, options) {
  const { PGlite: Database } = await import("@electric-sql/pglite");
  return Database.create(directory, options);
}
async function clear(directory) {
  if (directory === MEMORY) {
    return;
  }
  const files = (await readdir(directory)).filter(
    (name) => !name.startsWith(LOCK_FILE) && name !== UNFINISHED_FILE
  );
  await Promise.all(files.map((name) => rm(join3(directory, name), { recursive: true })));
}
function cannotOpen(directory, error) {
  return new RowgateError("database-unreachable", {
    message: `cannot open the embedded database in ${directory}: ${textOf(error)}`,
    hint: "Check that the directory can be written, and that the same version of PGlite made it.",
    cause: error
  });
}

// src/drivers/pglite-extensions.ts
var NEEDS = { earthdistance: ["cube"] };
async function pgliteExtensions(names) {
  const all = new Set(names.flatMap((name) => [...NEEDS[name] ?? [], name]));
  const found = await Promise.all([...all].map(load));
  return Object.assign({}, ...found);
}
async function load(name) {
  const module = name.replaceAll("-", "_");
  if (!/^[a-z0-9_]+$/.test(module)) {
    return {};
  }
  try {
    const exports = await import(`@electric-sql/pglite/contrib/${module}`);
    const extension = exports[module];
    return extension === void 0 ? {} : { [module]: extension };
  } catch {
    return {};
  }
}

// src/drivers/pglite.ts
async function connectPglite(directory, options = {}) {
  const extensions = await pgliteExtensions(options.extensions ?? []);
  const database = await openDirectory(directory, extensions);
  const [row] = await rowsOf(
    database.db,
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text"
  );
  const version = { number: Number(row?.["number"]), text: String(row?.["text"]) };
  return new PgliteConnection(database, version);
}
var PgliteConnection = class {
  description;
  serverVersion;
  #database;
  #name;
  #lost;
  #listener = () => void 0;
  constructor(database, version) {
    this.#database = database;
    this.#name = { address: `the embedded database in ${database.directory}`, secrets: [] };
    this.serverVersion = version.number;
    this.description = `PostgreSQL ${version.text}, embedded (PGlite) in ${database.directory}`;
  }
  query(sql) {
    return this.#run(sql);
  }
  /** Data that has to be cut into parts is still copied whole or not at all. */
  async copyIn(piece) {
    const sql = fromBlob(piece.text);
    let opened2 = false;
    try {
      for await (const part of partsOf(piece)) {
        opened2 ||= part.before === 0 && !part.last && await this.#begin();
        await this.#copyPart(sql, part);
      }
      await (opened2 ? this.#run("COMMIT") : void 0);
    } catch (error) {
      await (opened2 && this.#lost === void 0 ? this.#run("ROLLBACK") : void 0);
      throw error;
    }
  }
  onNotice(listener) {
    this.#listener = listener;
  }
  /** PGlite blocks this process while it runs a query, so there is never one to cancel. */
  async cancel() {
  }
  async close() {
    await this.#database.close();
  }
  /** Begins a transaction when there is none; says whether it did. */
  async #begin() {
    try {
      await this.#run("SAVEPOINT rowgate_copy; RELEASE rowgate_copy");
      return false;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.server.sqlState !== "25P01") {
        throw error;
      }
    }
    await this.#run("BEGIN");
    return true;
  }
  async #copyPart(sql, { blob, before }) {
    try {
      await this.#run(sql, blob);
    } catch (error) {
      throw error instanceof DatabaseError ? movedDown(error, before) : error;
    }
  }
  async #run(sql, blob) {
    if (this.#lost !== void 0) {
      throw this.#lost;
    }
    try {
      return await rowsOf(this.#database.db, sql, {
        ...blob === void 0 ? {} : { blob },
        onNotice: (fields) => {
          this.#listener(noticeOf(fields, []));
        }
      });
    } catch (error) {
      throw this.#failure(error);
    }
  }
  #failure(error) {
    if (error instanceof Error) {
      Reflect.deleteProperty(error, "query");
    }
    const failure = queryError(error, this.#name);
    if (!(failure instanceof DatabaseError)) {
      this.#lost = failure;
    }
    return failure;
  }
};
async function rowsOf(db, sql, options = {}) {
  const results = await db.exec(sql, { ...options, parsers: textParsers(db) });
  return results.findLast(({ fields }) => fields.length > 0)?.rows ?? [];
}
function textParsers(db) {
  return Object.fromEntries(Object.keys(db.parsers).map((type) => [type, asText]));
}
function asText(value) {
  return value;
}
function movedDown(error, lines) {
  const { context = "" } = error.server;
  return new DatabaseError(
    { ...error.server, context: withLinesBefore(context, lines) },
    error,
    error.cause
  );
}
export {
  connectPglite
};
