import {
  conflictError
} from "./chunk-XFYTB3GR.js";
import {
  formatPosition
} from "./chunk-Y4Q7Q4O7.js";
import {
  segmentsOf
} from "./chunk-IROTP4HM.js";
import {
  placePrefix
} from "./chunk-37TNACNH.js";
import {
  elaborate,
  explain,
  readHistory
} from "./chunk-5YIOKDTH.js";
import {
  compareHistory
} from "./chunk-HR4OSDN2.js";
import {
  DatabaseError,
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/deployer/clock.ts
import { setTimeout as delay } from "node:timers/promises";
var systemClock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, void 0, { signal });
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    }
  },
  random: () => Math.random()
};

// src/deployer/invalid-indexes.ts
function parseInvalidIndexes(rows) {
  return rows.map((row) => ({ name: String(row["name"]), drop: String(row["drop"]) }));
}
function leftBehind(before, after, statement) {
  const known = new Set(before.map(({ name }) => name));
  return after.filter(({ name }) => !known.has(name) || isNamedIn(name, statement));
}
function isNamedIn(name, text) {
  const bare = /(?:"((?:[^"]|"")*)"|([^".]*))$/.exec(name);
  const word = (bare?.[1] ?? bare?.[2] ?? name).replaceAll('""', '"').toLowerCase();
  return word !== "" && hasWord(text.toLowerCase(), word);
}
function hasWord(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + word.length] ?? " "}`;
    if (!/[\p{L}\p{N}_$]/u.test(around)) {
      return true;
    }
  }
  return false;
}

// src/deployer/patience.ts
var LONGEST_DELAY_MS = 1e4;
var Patience = class {
  #run;
  #since;
  #retries = 0;
  #holder;
  constructor(run) {
    this.#run = run;
  }
  /** Seconds since the first wait, for a message. */
  get seconds() {
    return this.#since === void 0 ? 0 : Math.round((this.#run.clock.now() - this.#since) / 1e3);
  }
  /** Waits a little for another deployment. False when the time is used up, and nothing was waited for. */
  async forHolder(holder) {
    const left = this.#left();
    if (left <= 0) {
      return false;
    }
    if (holder !== this.#holder) {
      this.#holder = holder;
      this.#run.tell({ event: "waiting", holder });
    }
    await this.#sleep(Math.min(left, 200 + this.#run.clock.random() * 800));
    return true;
  }
  /** Waits before all of it is tried again, longer each time. False as above. */
  async beforeRetry(reason) {
    const left = this.#left();
    if (left <= 0) {
      return false;
    }
    const longest = Math.min(LONGEST_DELAY_MS, 500 * 2 ** this.#retries);
    const delayMs = Math.round(Math.min(left, longest * this.#run.clock.random()));
    this.#retries += 1;
    this.#run.tell({ event: "retrying", reason, delayMs });
    await this.#sleep(delayMs);
    return true;
  }
  #left() {
    const { clock, request } = this.#run;
    this.#since ??= clock.now();
    return this.#since + request.options.lockWaitMs - clock.now();
  }
  async #sleep(ms) {
    const { signal } = this.#run.request;
    await this.#run.clock.sleep(ms, signal);
    if (signal.aborted) {
      throw new RowgateError("cancelled", { message: "the deployment was cancelled" });
    }
  }
};

// src/deployer/connection-lost.ts
var RECONNECT_DELAYS = [200, 1e3, 3e3, 5e3];
function isConnectionLost(error) {
  return error instanceof RowgateError && error.code === "connection-lost";
}
async function settleCommit(run, trace, lost) {
  if (!trace.isCommitting) {
    throw lostError(
      run,
      lost,
      `the connection was lost, so the transaction was rolled back: ${lost.message}`
    );
  }
  const rows = await readAfterLoss(run, lost);
  const isCommitted = trace.applied.length === 0 || trace.applied.some((id) => isNewer(rows.get(id), run.history.get(id)));
  if (!isCommitted) {
    throw lostError(
      run,
      lost,
      `the connection was lost at COMMIT, and the transaction was rolled back: ${lost.message}`
    );
  }
  run.hasTable = true;
  run.isFirst = false;
  run.settle(trace.blocks, trace.applied);
}
async function settleBlock(run, block, lost) {
  const rows = await readAfterLoss(run, lost);
  const row = rows.get(block.id);
  if (row?.state === "running") {
    run.breakOff(block, row.done);
    throw new RowgateError("block-unfinished", {
      message: `the connection was lost while block ${block.id} (${block.name}) ran without a transaction: ${row.done} of ${row.statements} statements are done, ${row.holder === null ? "and the server has ended the next" : `and the next still runs (${row.holder})`}; ${run.count()}`,
      hint: "Deploy again when the server has ended it; that says what is to be done.",
      cause: lost
    });
  }
  if (!isNewer(row, run.history.get(block.id)) || row?.state !== "applied") {
    throw lostError(
      run,
      lost,
      `the connection was lost before block ${block.id} (${block.name}) began: ${lost.message}`
    );
  }
  run.settle([block], [block.id]);
}
function lostError(run, lost, message) {
  return new RowgateError("connection-lost", {
    message: `${message}; ${run.describe()}`,
    hint: "Deploy again; it goes on with what is pending.",
    server: lost.server,
    cause: lost
  });
}
async function readAfterLoss(run, lost) {
  const { dialect, target } = run.request;
  try {
    await reconnect(run);
    await waitForLostSession(run);
    const query = (sql) => run.session.query(sql);
    const rows = await readHistory(target.versions, { query, dialect }) ?? [];
    return new Map(rows.map((row) => [row.id, row]));
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    const ids = run.pending.map(({ block }) => block.id);
    throw new RowgateError(error.code === "cancelled" ? "cancelled" : "connection-lost", {
      message: `the connection was lost, and whether the last step was done is not known: ${error.message}; ${run.applied.size} blocks are applied for certain, and these may be: ${ids.join(", ")}`,
      hint: "Run `rowgate status` when the database can be reached again.",
      cause: lost
    });
  }
}
async function reconnect(run) {
  for (const [index, delayMs] of RECONNECT_DELAYS.entries()) {
    run.tell({ event: "retrying", reason: "the connection was lost", delayMs });
    await run.clock.sleep(delayMs, run.request.signal);
    try {
      await run.session.reopen();
      return;
    } catch (error) {
      if (!(error instanceof RowgateError) || index === RECONNECT_DELAYS.length - 1) {
        throw error;
      }
    }
  }
}
async function waitForLostSession(run) {
  const patience = new Patience(run);
  for (; ; ) {
    const holder = await holderOfLock(run);
    if (holder === void 0) {
      return;
    }
    if (!await patience.forHolder(holder)) {
      throw new RowgateError("lock-busy", {
        message: `the lost session still holds its lock after ${patience.seconds} s: ${holder}`
      });
    }
  }
}
async function holderOfLock(run) {
  const { bundle, dialect, options, target } = run.request;
  const packets = dialect.transaction(bundle, [], {
    versions: target.versions,
    onBusy: "fail",
    outOfOrder: options.outOfOrder,
    settings: {},
    first: false
  });
  try {
    for await (const packet of packets) {
      await run.session.send(packet);
    }
    return void 0;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    return dialect.errorCode(error) === "lock-busy" ? error.server.detail ?? "a session that cannot be named" : void 0;
  } finally {
    await run.session.cleanUp("ROLLBACK");
  }
}
function isNewer(row, earlier) {
  return row !== void 0 && (earlier === void 0 || row.appliedAt !== earlier.appliedAt || row.checksum !== earlier.checksum || row.state !== earlier.state);
}

// src/deployer/packets.ts
async function* joinPackets(packets, limitBytes) {
  let texts = [];
  let size = 0;
  for await (const packet of packets) {
    const added = packet.kind === "sql" ? Buffer.byteLength(packet.text) + 1 : Infinity;
    if (texts.length > 0 && size + added > limitBytes) {
      yield { kind: "sql", text: texts.join("\n") };
      texts = [];
      size = 0;
    }
    if (packet.kind === "sql") {
      texts.push(packet.text);
      size += added;
    } else {
      yield packet;
    }
  }
  if (texts.length > 0) {
    yield { kind: "sql", text: texts.join("\n") };
  }
}

// src/deployer/readable-packet.ts
function readablePacket(packet) {
  return packet.kind === "sql" ? packet : { ...packet, piece: readableCopy(packet.piece) };
}
function packetOf(piece, block) {
  return piece.kind === "statement" ? { kind: "sql", text: placePrefix(piece) + piece.text } : { kind: "copy", block, piece: readableCopy(piece) };
}
function readableCopy(piece) {
  return {
    kind: "copy",
    text: placePrefix(piece) + piece.text,
    at: piece.at,
    dataLine: piece.dataLine,
    data: () => piece.data()
  };
}

// src/deployer/trace.ts
var Trace = class {
  blocks;
  end;
  #run;
  #applied = [];
  #sent = "";
  #started;
  #isEnding = false;
  constructor(run, blocks2, end) {
    this.#run = run;
    this.blocks = blocks2;
    this.end = end;
    run.session.listen((event) => {
      this.#hear(event);
    });
  }
  /** Ids of the blocks that the server said it applied, in order; they count once committed. */
  get applied() {
    return this.#applied;
  }
  /** Whether all blocks are through, and only the end of the transaction is outstanding. */
  get isEnding() {
    return this.#isEnding;
  }
  /** Whether the server may have committed it. */
  get isCommitting() {
    return this.#isEnding && this.end === "COMMIT";
  }
  send(packet) {
    this.#sent = packet.kind === "sql" ? packet.text : packet.piece.text;
  }
  sendEnd() {
    this.#isEnding = true;
  }
  /** Undefined for an error that belongs to no statement of the user. */
  locate(error) {
    return this.#isEnding ? void 0 : this.#run.request.dialect.locate(error, this.#sent);
  }
  /**
   * Writes the failure of the block that ran into the log, as well as it can be done. What
   * Rowgate's own SQL refuses is no block's failure.
   */
  async logFailure(failure) {
    const { bundle, dialect, target } = this.#run.request;
    const block = this.#current();
    if (block === void 0 || failure.server?.sqlState.startsWith("RG") === true) {
      return;
    }
    const place = failure.at === void 0 ? "" : `${formatPosition(failure.at)}: `;
    const detail = `${place}${failure.message}`;
    await this.#run.session.cleanUp(dialect.logFailure(target.versions, bundle, { block, detail }));
  }
  /** The block that was running: the one that was begun last, or the next that is not applied. */
  #current() {
    const started = this.blocks.find((block) => block.id === this.#started);
    const last = this.blocks.findIndex((block) => block.id === this.#applied.at(-1));
    return started ?? this.blocks[last + 1];
  }
  #hear(event) {
    if (event.event === "applied") {
      this.#applied.push(event.id);
      this.#started = void 0;
    }
    if (event.event === "started") {
      this.#started = event.id;
    }
    this.#run.tell(event);
  }
};

// src/deployer/run-transaction.ts
var MESSAGE_BYTES = 4 * 1024 * 1024;
var TRANSIENT_STATES = /* @__PURE__ */ new Set(["40P01", "40001"]);
async function runTransaction(run, blocks2, end = "COMMIT") {
  const patience = new Patience(run);
  for (; ; ) {
    const attempt = await tryOnce(run, blocks2, end);
    if (attempt.kind === "done" || attempt.kind === "changed") {
      return attempt;
    }
    if (attempt.kind === "busy") {
      await waitForHolder(attempt, patience);
    }
    if (attempt.kind === "blocked") {
      await waitForLocks(run, attempt, patience);
    }
  }
}
async function tryOnce(run, blocks2, end) {
  const trace = new Trace(run, blocks2, end);
  try {
    for await (const packet of packetsOf(run, blocks2, end)) {
      trace.send(packet);
      await run.session.send(packet);
    }
    trace.sendEnd();
    await endTransaction(run, end);
  } catch (error) {
    return afterError(run, trace, error);
  }
  if (end === "COMMIT") {
    run.hasTable = true;
    run.isFirst = false;
    run.settle(blocks2, trace.applied);
  }
  return { kind: "done" };
}
async function* packetsOf(run, blocks2, end) {
  const { bundle, dialect, options, target } = run.request;
  const packets = dialect.transaction(bundle, blocks2, {
    versions: target.versions,
    onBusy: "fail",
    outOfOrder: options.outOfOrder,
    settings: settingsOf(run),
    // The blocks of a dry run have gaps, where the whole comparison would miss those left out.
    first: run.isFirst && end === "COMMIT"
  });
  for await (const packet of joinPackets(packets, MESSAGE_BYTES)) {
    yield readablePacket(packet);
  }
}
function settingsOf(run) {
  const { lockTimeoutMs, statementTimeoutMs = 0 } = run.request.options;
  return {
    lock_timeout: `${lockTimeoutMs}ms`,
    statement_timeout: `${statementTimeoutMs}ms`,
    // Without it, a server whose client died finishes the work and only then notices.
    ...run.watchesClient ? { client_connection_check_interval: "5s" } : {}
  };
}
async function endTransaction(run, end) {
  if (end === "ROLLBACK") {
    await run.session.query("SET CONSTRAINTS ALL IMMEDIATE");
  }
  await run.session.query(end);
}
async function afterError(run, trace, error) {
  if (isConnectionLost(error)) {
    await settleCommit(run, trace, error);
    return { kind: "done" };
  }
  if (!(error instanceof DatabaseError || error instanceof RowgateError)) {
    throw error;
  }
  await run.session.cleanUp("ROLLBACK");
  if (error instanceof RowgateError) {
    throw error;
  }
  return judge(run, trace, error);
}
async function judge(run, trace, error) {
  const { dialect } = run.request;
  const code = dialect.errorCode(error);
  const failure = explain(error, {
    dialect,
    place: trace.locate(error),
    isAtCommit: trace.isEnding
  });
  if (run.watchesClient && error.message.includes("client_connection_check_interval")) {
    run.watchesClient = false;
    return { kind: "again" };
  }
  if (code === "lock-busy") {
    return { kind: "busy", error, failure };
  }
  if (code === "history-changed" || code.startsWith("block-")) {
    return { kind: "changed", error: failure };
  }
  if (code === "lock-timeout" || TRANSIENT_STATES.has(error.server.sqlState)) {
    return { kind: "blocked", error, failure };
  }
  await trace.logFailure(failure);
  throw failure;
}
async function waitForHolder({ error, failure }, patience) {
  const holder = error.server.detail ?? "a session that cannot be named";
  if (!await patience.forHolder(holder)) {
    throw busyError(failure, holder, patience);
  }
}
function busyError(failure, holder, patience) {
  return new RowgateError("lock-busy", {
    message: `another deployment is at work: ${holder}; gave up after ${patience.seconds} s`,
    hint: "Deploy again when it is done, or wait longer with `--lock-wait`.",
    server: failure?.server,
    cause: failure?.cause
  });
}
async function waitForLocks(run, refusal, patience) {
  const { failure } = refusal;
  const rows = await run.session.cleanUp(run.request.dialect.blockersQuery) ?? [];
  const blockers = rows.map((row) => String(row["description"])).join("; ");
  const reason = blockers === "" ? failure.message : `${failure.message}; locks are held by ${blockers}`;
  if (!await patience.beforeRetry(reason)) {
    throw elaborate(failure, {
      message: `${reason}; gave up after ${patience.seconds} s`,
      hint: "Deploy again when these sessions are done, or wait longer with `--lock-wait`."
    });
  }
}

// src/deployer/pending-blocks.ts
async function findPending(run) {
  const patience = new Patience(run);
  for (; ; ) {
    const comparison = await compare(run);
    const pending = comparison.pending.filter(
      // Always blocks are pending for ever; once in a run is enough.
      ({ block, reason }) => !(reason === "always" && run.applied.has(block.id))
    );
    run.plan(pending);
    if (comparison.conflicts.length === 0) {
      return pending;
    }
    const holder = holderOf(comparison.conflicts);
    if (holder === void 0) {
      throw await explainConflicts(run, comparison.conflicts);
    }
    if (!await patience.forHolder(holder)) {
      throw busyError(void 0, holder, patience);
    }
  }
}
async function compare(run) {
  const { bundle, dialect, options, target } = run.request;
  const query = (sql) => run.session.query(sql);
  const rows = await readHistory(target.versions, { query, dialect });
  run.hasTable = rows !== void 0;
  run.history = new Map(rows?.map((row) => [row.id, row]));
  return compareHistory(bundle.blocks, rows ?? [], {
    to: options.to,
    outOfOrder: options.outOfOrder
  });
}
function holderOf(conflicts) {
  const holders = conflicts.map(
    (conflict) => conflict.kind === "unfinished" ? conflict.row.holder : null
  );
  return holders.includes(null) ? void 0 : holders.join("; ");
}
async function explainConflicts(run, conflicts) {
  const { bundle, target } = run.request;
  const drops = conflicts[0]?.kind === "unfinished" ? await dropsFor(run, conflicts[0].row.id) : [];
  return conflictError(conflicts, { versions: target.versions, release: bundle.release, drops });
}
async function dropsFor(run, id) {
  const { dialect } = run.request;
  const text = await textOf(run, id);
  const rows = text === "" ? [] : await run.session.cleanUp(dialect.invalidIndexesQuery);
  return parseInvalidIndexes(rows ?? []).filter(({ name }) => isNamedIn(name, text)).map(({ drop }) => drop.replace(/;?$/, ";"));
}
async function textOf(run, id) {
  const { bundle } = run.request;
  let text = "";
  try {
    for (const block of await bundle.compile(bundle.blocks.filter((header) => header.id === id))) {
      for await (const piece of block.pieces()) {
        text += piece.text.length < 1e4 ? `${piece.text}
` : "";
      }
    }
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    return "";
  }
  return text;
}

// src/deployer/run.ts
var Run = class {
  request;
  session;
  clock;
  /** The history as it was read last, by id. */
  history = /* @__PURE__ */ new Map();
  /** Whether the versions table was seen. */
  hasTable = false;
  /** Whether the next transaction is the first of the deployment. */
  isFirst = true;
  /** Off once the server said that it has no such setting. */
  watchesClient;
  #applied;
  #pending = [];
  #left;
  constructor(request, session, applied) {
    this.request = request;
    this.session = session;
    this.clock = request.clock ?? systemClock;
    this.watchesClient = session.serverVersion >= 14e4 && request.target.connection.driver === "pg";
    this.#applied = applied;
  }
  /** Ids of the blocks that this run applied and committed, in order. */
  get applied() {
    return this.#applied;
  }
  /** Blocks that are still to do. */
  get pending() {
    return this.#pending;
  }
  plan(pending) {
    this.#pending = pending;
  }
  /** These blocks are done; `applied` are those of them that this run, and no other, applied. */
  settle(done, applied) {
    const ids = new Set(done.map((block) => block.id));
    this.#pending = this.#pending.filter(({ block }) => !ids.has(block.id));
    for (const id of applied) {
      this.#applied.add(id);
    }
    if (applied.length > 0) {
      this.tell({ event: "committed", ids: applied });
    }
  }
  /** The block was broken off after so many statements; `left` names what it left besides. */
  breakOff(block, done, left) {
    this.#left = left;
    this.#pending = this.#pending.map(
      (pending) => pending.block.id === block.id && done > 0 ? { block: pending.block, reason: "resume", done } : pending
    );
  }
  /** How far it came, for a message. */
  count() {
    return `${blocks(this.#applied.size)} applied, ${blocks(this.#pending.length)} pending`;
  }
  /** What state the database is in, for a message. */
  describe() {
    const broken = this.#pending.filter(({ done }) => done > 0).map(
      ({ block, done }) => `block ${block.id} (${block.name}) is half done, after ${done} of its statements`
    );
    const state = this.#left === void 0 ? broken : [...broken, this.#left];
    return [this.count(), ...state.length === 0 ? ["nothing is half done"] : state].join(", ");
  }
  tell(event) {
    this.request.onEvent({ ...event, target: this.request.target.name });
  }
};
function blocks(count) {
  return count === 1 ? "1 block" : `${count} blocks`;
}

// src/deployer/run-statements.ts
import { randomUUID } from "node:crypto";
async function runStatements(run, block) {
  if (!run.hasTable) {
    const made = await runTransaction(run, []);
    if (made.kind === "changed") {
      return made;
    }
  }
  const work = await begin(run, block);
  if (work === void 0) {
    return { kind: "changed", error: takenError(block) };
  }
  return work === "settled" ? { kind: "done" } : carryOut(work);
}
async function begin(run, block) {
  const { bundle, dialect, target } = run.request;
  const claim = { block, run: randomUUID() };
  try {
    const invalid = parseInvalidIndexes(await run.session.query(dialect.invalidIndexesQuery));
    const [row] = await run.session.query(await dialect.claim.take(target.versions, bundle, claim));
    const work = { run, claim, invalid, current: void 0, done: Number(row?.["done"] ?? 0) };
    return ["true", "t"].includes(String(row?.["claimed"])) ? work : void 0;
  } catch (error) {
    if (isConnectionLost(error)) {
      await settleBlock(run, block, error);
      return "settled";
    }
    throw error instanceof DatabaseError ? explain(error, { dialect }) : error;
  }
}
async function carryOut(work) {
  const { run, claim } = work;
  const { block } = claim;
  const started = run.clock.now();
  run.tell({ event: "started", id: block.id, name: block.name });
  try {
    await sendAll(work);
  } catch (error) {
    if (isConnectionLost(error)) {
      await settleBlock(run, block, error);
      return { kind: "done" };
    }
    if (error instanceof DatabaseError || error instanceof RowgateError) {
      throw await giveUp(work, error);
    }
    throw error;
  }
  const durationMs = Math.round(run.clock.now() - started);
  run.tell({ event: "applied", id: block.id, name: block.name, durationMs });
  run.isFirst = false;
  run.settle([block], [block.id]);
  return { kind: "done" };
}
async function sendAll(work) {
  const { run, claim } = work;
  const { dialect, target } = run.request;
  await run.session.query(settingsOf2(work));
  let number = 0;
  for await (const piece of claim.block.pieces()) {
    number += 1;
    if (number > work.done) {
      await sendOne(work, piece);
      work.done = number;
      await run.session.query(await dialect.claim.progress(target.versions, claim, number));
    }
  }
  work.current = void 0;
  await run.session.query(await dialect.claim.finish(target.versions, claim));
}
async function sendOne(work, piece) {
  const packet = packetOf(piece, work.claim.block);
  work.current = { piece, sent: packet.kind === "sql" ? packet.text : packet.piece.text };
  await work.run.session.send(packet);
  if (/\bindex\b/i.test(piece.text)) {
    await refuseInvalidIndexes(work, piece);
  }
}
function settingsOf2({ run, claim }) {
  const { statementTimeoutMs = 0 } = run.request.options;
  const settings = {
    lock_timeout: "0",
    statement_timeout: `${statementTimeoutMs}ms`,
    ...claim.block.settings
  };
  return Object.entries(settings).map(([name, value]) => `SET ${name} = '${value.replaceAll("'", "''")}'`).join("; ");
}
async function refuseInvalidIndexes({ run }, piece) {
  const rows = await run.session.query(run.request.dialect.invalidIndexesQuery);
  const left = parseInvalidIndexes(rows).filter(({ name }) => isNamedIn(name, piece.text));
  if (left.length > 0) {
    throw new RowgateError("index-invalid", {
      message: `the statement succeeded, but ${namesOf(left)} invalid`,
      hint: dropHint(left),
      at: piece.at
    });
  }
}
async function giveUp(work, error) {
  const { run, claim } = work;
  const { dialect, target } = run.request;
  await run.session.cleanUp("ROLLBACK");
  const left = await findLeft(work);
  const failure = error instanceof RowgateError ? error : explainStatement(work, error);
  await run.session.cleanUp(await dialect.claim.fail(target.versions, claim, failure.message));
  run.breakOff(
    claim.block,
    await recordedDone(work),
    left.length === 0 ? void 0 : `${namesOf(left)} left invalid`
  );
  return withState(work, failure, left);
}
function explainStatement({ run, current }, error) {
  const { dialect } = run.request;
  const place = current === void 0 ? void 0 : dialect.locate(error, current.sent);
  return explain(error, { dialect, place });
}
async function findLeft({ run, invalid, current }) {
  const rows = await run.session.cleanUp(run.request.dialect.invalidIndexesQuery) ?? [];
  return leftBehind(invalid, parseInvalidIndexes(rows), current?.piece.text ?? "");
}
async function recordedDone({ run, claim, done }) {
  const { dialect, target } = run.request;
  const rows = await run.session.cleanUp(dialect.historyQuery(target.versions));
  const row = dialect.parseHistory(rows ?? []).find(({ id }) => id === claim.block.id);
  return row?.done ?? done;
}
function withState({ run, claim }, failure, left) {
  const { block } = claim;
  const done = run.pending.find((pending) => pending.block.id === block.id)?.done ?? 0;
  const isCancelled = failure.code === "cancelled";
  if (left.length > 0) {
    return elaborate(failure, {
      code: isCancelled ? "cancelled" : "index-invalid",
      message: failure.code === "index-invalid" ? failure.message : `${failure.message}; ${namesOf(left)} left invalid`,
      hint: dropHint(left)
    });
  }
  return done === 0 ? failure : elaborate(failure, {
    code: isCancelled ? "cancelled" : "block-unfinished",
    message: `${failure.message}; ${done} of ${block.statements} statements of block ${block.id} (${block.name}) are done`,
    hint: `${failure.hint ?? "Remove the cause, without a change to the file."} Then deploy again, which goes on with statement ${done + 1}.`
  });
}
function namesOf(indexes) {
  const names = indexes.map(({ name }) => name).join(", ");
  return indexes.length === 1 ? `the index ${names} is` : `the indexes ${names} are`;
}
function dropHint(indexes) {
  return `Run: ${indexes.map(({ drop }) => drop.replace(/;?$/, ";")).join(" ")} and deploy again.`;
}
function takenError({ id, name }) {
  return new RowgateError("lock-busy", {
    message: `another deployment has taken block ${id} (${name})`,
    hint: "Deploy again when it is done."
  });
}

// src/deployer/session.ts
var Session = class _Session {
  #request;
  #connection;
  #listener;
  #isMuted = false;
  constructor(request, connection) {
    this.#request = request;
    this.#connection = connection;
    this.#hear();
  }
  /** Connects. Throws what `connect` throws. */
  static async open(request) {
    const connection = await request.connect(request.target.connection);
    request.onEvent({
      event: "connected",
      target: request.target.name,
      server: connection.description
    });
    return new _Session(request, connection);
  }
  get serverVersion() {
    return this.#connection.serverVersion;
  }
  /**
   * As `Connection.query`; aborting the request's signal cancels it.
   *
   * @throws RowgateError `cancelled`; without a word to the server when the signal is aborted already.
   */
  async query(sql) {
    return this.#cancellable(() => this.#connection.query(sql));
  }
  /** As `query`, for one packet. */
  async send(packet) {
    if (packet.kind === "sql") {
      await this.query(packet.text);
    } else {
      await this.copyIn(packet.piece);
    }
  }
  async copyIn(piece) {
    await this.#cancellable(() => this.#connection.copyIn(piece));
  }
  /**
   * Runs what must be tried after a failure, even a cancelled one. Returns undefined when the
   * server refuses it or is gone: the first failure is the one to tell. Its notices are not heard.
   */
  async cleanUp(sql) {
    this.#isMuted = true;
    try {
      return await this.#connection.query(sql);
    } catch (error) {
      if (error instanceof DatabaseError || error instanceof RowgateError) {
        return void 0;
      }
      throw error;
    } finally {
      this.#isMuted = false;
    }
  }
  /** Hears what Rowgate's own SQL says from now on; one listener at a time. */
  listen(listener) {
    this.#listener = listener;
  }
  /** Replaces a lost connection by a new one. Throws what `connect` throws. */
  async reopen() {
    await this.#connection.close();
    this.#connection = await this.#request.connect(this.#request.target.connection);
    this.#hear();
  }
  async close() {
    await this.#connection.close();
  }
  #hear() {
    this.#connection.onNotice((notice) => {
      if (!this.#isMuted) {
        this.#tell(notice);
      }
    });
  }
  #tell(notice) {
    const { dialect, onEvent, target } = this.#request;
    const event = dialect.parseEvent(notice);
    if (event !== void 0) {
      this.#listener?.(event);
    } else if (!notice.sqlState.startsWith("RG")) {
      onEvent({
        event: "notice",
        target: target.name,
        severity: notice.severity,
        message: notice.message
      });
    }
  }
  async #cancellable(action) {
    const { signal } = this.#request;
    if (signal.aborted) {
      throw new RowgateError("cancelled", { message: "the deployment was cancelled" });
    }
    let cancelling;
    const onAbort = () => {
      cancelling = this.#connection.cancel().catch(() => void 0);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await action();
    } catch (error) {
      if (signal.aborted && error instanceof DatabaseError) {
        throw new RowgateError("cancelled", { message: error.message, cause: error });
      }
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      await cancelling;
    }
  }
};

// src/deployer/try-blocks.ts
async function tryBlocks(run, blocks2) {
  const cut = blocks2.findIndex((block) => block.commitAfter);
  const reachable = cut < 0 ? blocks2 : blocks2.slice(0, cut + 1);
  const tried = reachable.filter((block) => block.transaction === "shared");
  sayLeftOut(
    run,
    "they cannot run in a transaction that is rolled back",
    reachable.filter((block) => block.transaction === "none")
  );
  sayLeftOut(
    run,
    `block ${blocks2[cut]?.id ?? ""} must be committed before them`,
    blocks2.slice(reachable.length)
  );
  return tried.length === 0 ? { kind: "done" } : runTransaction(run, tried, "ROLLBACK");
}
function sayLeftOut(run, reason, blocks2) {
  if (blocks2.length > 0) {
    const names = blocks2.map(({ id, name }) => `${id} (${name})`).join(", ");
    run.tell({
      event: "notice",
      severity: "NOTICE",
      message: `the dry run leaves out ${names}: ${reason}`
    });
  }
}

// src/deployer/deploy-target.ts
var MOST_CHANGES = 5;
async function deployTarget(request) {
  const clock = request.clock ?? systemClock;
  const started = clock.now();
  const applied = /* @__PURE__ */ new Set();
  let pending = [];
  let error;
  try {
    await withRun(request, applied, async (run) => {
      try {
        await deploy(run);
      } catch (failure) {
        throw withState2(run, failure);
      } finally {
        pending = run.pending;
      }
    });
  } catch (failure) {
    if (!(failure instanceof RowgateError)) {
      throw failure;
    }
    error = failure;
  }
  return {
    name: request.target.name,
    outcome: error === void 0 ? outcomeOf(applied, pending) : "failed",
    applied: [...applied],
    pending,
    durationMs: Math.round(clock.now() - started),
    ...error === void 0 ? {} : { error }
  };
}
function outcomeOf(applied, pending) {
  if (pending.length > 0) {
    return "skipped";
  }
  return applied.size > 0 ? "deployed" : "up-to-date";
}
async function withRun(request, applied, action) {
  const own = { ...request, signal: AbortSignal.any([request.signal]) };
  const session = await Session.open(own);
  try {
    await action(new Run(own, session, applied));
  } finally {
    await session.close();
  }
}
async function deploy(run) {
  let fewest = Infinity;
  let changes = 0;
  for (; ; ) {
    const pending = await findPending(run);
    if (pending.length === 0) {
      return;
    }
    changes = pending.length < fewest ? 0 : changes + 1;
    fewest = Math.min(fewest, pending.length);
    const result = await runPending(run, pending);
    if (result.kind === "done") {
      return;
    }
    if (changes === MOST_CHANGES) {
      throw result.error;
    }
  }
}
async function runPending(run, pending) {
  const { bundle, options } = run.request;
  const blocks2 = await bundle.compile(pending.map(({ block }) => block));
  return options.dryRun ? tryBlocks(run, blocks2) : runSegments(run, segmentsOf(blocks2, options.transaction));
}
async function runSegments(run, segments) {
  for (const segment of segments) {
    const [block] = segment.blocks;
    const result = segment.transaction === "none" && block !== void 0 ? await runStatements(run, block) : await runTransaction(run, segment.blocks);
    if (result.kind === "changed") {
      return result;
    }
  }
  return { kind: "done" };
}
function withState2(run, failure) {
  return failure instanceof RowgateError && failure.code === "cancelled" ? elaborate(failure, {
    message: `cancelled: ${run.describe()}`,
    hint: failure.hint ?? "Deploy again to go on."
  }) : failure;
}
export {
  deployTarget
};
