import {
  codeOf,
  isServerError,
  lostError,
  noticeOf,
  queryError,
  scrub,
  textOf
} from "./chunk-NNC6QYDG.js";
import "./chunk-6ZJTVCRM.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/drivers/pg-cancel.ts
import { once } from "node:events";
import { connect as connectSocket, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
var TIMEOUT_MS = 5e3;
var CANCEL_REQUEST = 80877102;
var TLS_REQUEST = 80877103;
async function sendCancel(settings, tls, { processId, secretKey }) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { host, port } = settings;
  const plain = connectSocket(
    host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  );
  try {
    await once(plain, "connect", { signal });
    const socket = tls === false ? plain : await encrypted(plain, { settings, tls, signal });
    const closed = once(socket, "close", { signal });
    socket.resume();
    socket.end(message(CANCEL_REQUEST, processId, secretKey));
    await closed;
  } finally {
    plain.destroy();
  }
}
async function encrypted(plain, how) {
  const { host, directTls } = how.settings;
  if (!directTls) {
    plain.write(message(TLS_REQUEST));
    const [answer] = await once(plain, "data", { signal: how.signal });
    if (String(answer) !== "S") {
      throw new Error("the server takes no TLS for a request to cancel");
    }
  }
  const name = isIP(host) === 0 ? { servername: host } : {};
  const direct = directTls ? { ALPNProtocols: ["postgresql"] } : {};
  const socket = connectTls({ socket: plain, host, ...name, ...direct, ...how.tls });
  await once(socket, "secureConnect", { signal: how.signal });
  return socket;
}
function message(...numbers) {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  [bytes.length, ...numbers].forEach((number, at) => bytes.writeInt32BE(number | 0, 4 * at));
  return bytes;
}

// src/drivers/pg-copy.ts
import { once as once2 } from "node:events";
var CopySourceError = class extends Error {
  name = "CopySourceError";
};
async function copyFrom(client, piece) {
  const { from } = await import("pg-copy-streams");
  const stream = client.query(from(piece.text));
  const finished = once2(stream, "finish").then(() => void 0);
  const refused = new Promise((resolve) => {
    stream.on("error", (error) => {
      resolve({ error });
    });
  });
  finished.catch(() => void 0);
  try {
    for await (const chunk of piece.data()) {
      if (await Promise.race([refused, written(stream, chunk)]) !== void 0) {
        break;
      }
    }
  } catch (error) {
    const failure = new CopySourceError("the data could not be read", { cause: error });
    stream.destroy(failure);
    await refused;
    throw failure;
  }
  stream.end();
  const refusal2 = await Promise.race([refused, finished]);
  if (refusal2 !== void 0) {
    throw refusal2.error;
  }
}
function written(stream, chunk) {
  return new Promise((resolve) => {
    stream.write(chunk, () => {
      resolve(void 0);
    });
  });
}

// src/drivers/pg-errors.ts
var ForeignServerError = class extends Error {
  name = "ForeignServerError";
};
var NoPasswordError = class extends Error {
  name = "NoPasswordError";
};
function connectError(error, peer) {
  scrub(error, peer.secrets);
  const { code, message: message2, hint } = reasonOf(error, peer);
  return new RowgateError(code, { message: message2, hint, cause: error });
}
var CHECK_ADDRESS = "Check the host and the port, and that the server runs and may be reached from here.";
function reasonOf(error, peer) {
  if (isServerError(error)) {
    return refusal(error, peer);
  }
  if (error instanceof ForeignServerError) {
    return {
      code: "server-unsupported",
      message: `${peer.address} answers, but not as PostgreSQL: ${error.message}`,
      hint: "Check the host and the port of the URL."
    };
  }
  if (error instanceof NoPasswordError) {
    return {
      code: "login-refused",
      message: `${peer.address} asks for the password of user ${peer.user}, and none was given`,
      hint: "Put it into ~/.pgpass or PGPASSWORD."
    };
  }
  return networkReason(error, peer);
}
var LOGIN_REFUSED = /* @__PURE__ */ new Set(["28P01", "28000", "42501"]);
function refusal(error, peer) {
  const code = error.code ?? "";
  const text = error.message ?? "";
  if (LOGIN_REFUSED.has(code)) {
    return {
      code: "login-refused",
      message: `${peer.address} refuses user ${peer.user} for database ${peer.database}: ${text}`,
      hint: "Check the user and the password, and pg_hba.conf on the server."
    };
  }
  if (code === "3D000") {
    return {
      code: "database-missing",
      message: `${peer.address} has no database ${peer.database}`,
      hint: `Create it: createdb ${peer.database}`
    };
  }
  return {
    code: "database-unreachable",
    message: `${peer.address} refuses the connection: ${text}`,
    hint: "Try again when the server is ready."
  };
}
function asksOtherTls(error) {
  return isServerError(error) ? error.code === "28000" : /does not support SSL|establishing an SSL/.test(textOf(error)) || isTlsError(error);
}
var SPOKEN = {
  "timeout expired": "no answer in time",
  "Connection terminated unexpectedly": "it closed the connection before the log-in"
};
var NETWORK = {
  ECONNREFUSED: "nothing listens there",
  ENOENT: "there is no such socket",
  EACCES: "the socket may not be used",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "no answer in time",
  ECONNRESET: "it broke off the connection",
  EPIPE: "it broke off the connection"
};
function networkReason(error, peer) {
  const text = textOf(error);
  const tls = tlsReason(error, text, peer);
  return tls ?? {
    code: "database-unreachable",
    message: `cannot reach ${peer.address}: ${NETWORK[codeOf(error)] ?? SPOKEN[text] ?? text}`,
    hint: CHECK_ADDRESS
  };
}
function tlsReason(error, text, peer) {
  if (/does not support SSL/.test(text)) {
    return {
      code: "database-unreachable",
      message: `${peer.address} does not offer TLS, and sslmode=${peer.sslMode} asks for it`,
      hint: "Turn on ssl at the server, or add sslmode=disable to the URL if the network is trusted."
    };
  }
  if (isTlsError(error)) {
    return {
      code: "database-unreachable",
      message: `no secure connection to ${peer.address} with sslmode=${peer.sslMode}: ${text}`,
      hint: "Name the certificate of the authority with sslrootcert=FILE in the URL."
    };
  }
  return void 0;
}
function isTlsError(error) {
  return /^(?:CERT_|DEPTH_|SELF_|UNABLE_|HOSTNAME_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/.test(
    codeOf(error)
  );
}

// src/drivers/pg-socket.ts
import { Socket } from "node:net";
function guardedSocket(answersTls) {
  const socket = new Socket();
  const push = socket.push.bind(socket);
  socket.push = (chunk, encoding) => {
    const reason = Buffer.isBuffer(chunk) ? foreignReason(chunk, answersTls) : void 0;
    socket.push = push;
    if (reason !== void 0) {
      socket.destroy(new ForeignServerError(reason));
      return false;
    }
    return push(chunk, encoding);
  };
  return socket;
}
function foreignReason(bytes, answersTls) {
  if (isMysql(bytes)) {
    return "it greets like MySQL or MariaDB";
  }
  const text = bytes.toString("latin1", 0, 8);
  if (text.startsWith("HTTP/")) {
    return "it speaks HTTP";
  }
  if (text.startsWith("SSH-")) {
    return "it speaks SSH";
  }
  const [first = ""] = text;
  const expected = answersTls ? bytes.length === 1 && /[SN]/.test(first) : /[RNv]/.test(first);
  return expected || first === "E" ? void 0 : "its first bytes make no sense";
}
function isMysql(bytes) {
  return bytes.length > 4 && bytes.readUIntBE(1, 3) === 0 && (bytes[4] === 10 || bytes[4] === 255) && bytes[0] !== 0;
}

// src/drivers/pg-tls.ts
import { isIP as isIP2 } from "node:net";
var MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
var NO_FILES = {
  ca: void 0,
  cert: void 0,
  key: void 0,
  passphrase: void 0,
  serverName: void 0
};
function tlsSettings(given, host, around) {
  const mode = modeOf(given.sslmode) ?? (isLocal(host) ? "disable" : "verify-full");
  const asked = host.startsWith("/") ? "disable" : mode;
  const home = `${around.home}/.postgresql`;
  const file = (path, standard) => path === void 0 ? around.readFile(`${home}/${standard}`) : readNamed(path, around);
  if (asked === "disable") {
    return { sslMode: asked, tls: NO_FILES };
  }
  const system = given.sslrootcert === "system";
  const ca = system ? void 0 : file(given.sslrootcert, "root.crt");
  const verifies = asked === "require" && ca !== void 0;
  return {
    sslMode: verifies ? "verify-ca" : asked,
    tls: {
      ca,
      cert: file(given.sslcert, "postgresql.crt"),
      key: file(given.sslkey, "postgresql.key"),
      passphrase: given.sslpassword,
      serverName: given.hostaddr === void 0 ? void 0 : given.host
    }
  };
}
function tlsAttempts({
  sslMode,
  tls
}) {
  if (sslMode === "disable") {
    return [false];
  }
  const encrypted2 = optionsOf(sslMode, tls);
  const fallback = sslMode === "prefer" ? [false] : [];
  return sslMode === "allow" ? [false, encrypted2] : [encrypted2, ...fallback];
}
function isLocal(host) {
  return host.startsWith("/") || host === "::1" || isIP2(host) === 4 && host.startsWith("127.") || /^(?:.+\.)?localhost$/i.test(host);
}
function optionsOf(mode, files) {
  return {
    ca: files.ca,
    cert: files.cert,
    key: files.key,
    passphrase: files.passphrase,
    ...files.serverName === void 0 ? {} : { servername: files.serverName },
    rejectUnauthorized: mode === "verify-ca" || mode === "verify-full",
    // Only verify-full compares the host's name with the certificate's.
    ...mode === "verify-full" ? {} : { checkServerIdentity: () => void 0 }
  };
}
function modeOf(text) {
  if (text === void 0 || text === "no-verify") {
    return text === void 0 ? void 0 : "require";
  }
  const mode = MODES.find((known) => known === text);
  if (mode === void 0) {
    throw new RowgateError("usage-invalid", {
      message: `sslmode ${text} is unknown`,
      hint: `Use one of ${MODES.join(", ")}.`
    });
  }
  return mode;
}
function readNamed(path, around) {
  const text = around.readFile(path);
  if (text === void 0) {
    throw new RowgateError("file-unreadable", {
      message: `the certificate file ${path} does not exist`,
      hint: "Correct sslrootcert, sslcert or sslkey."
    });
  }
  return text;
}

// src/drivers/pg-login.ts
var OLDEST_MAJOR = 13;
async function login(settings) {
  const peer = peerOf(settings);
  const attempts = tlsAttempts(settings);
  for (const [at, tls] of attempts.entries()) {
    try {
      return await attempt({ settings, tls }, peer);
    } catch (error) {
      if (error instanceof RowgateError) {
        throw error;
      }
      if (at === attempts.length - 1 || !asksOtherTls(error)) {
        throw connectError(error, peer);
      }
    }
  }
  throw new Error("there is always an attempt");
}
async function attempt({ settings, tls }, peer) {
  const { Client: PgClient } = await import("pg");
  const client = new PgClient(configOf({ settings, tls }));
  const parameters = /* @__PURE__ */ new Map();
  client.on("error", () => void 0);
  client.connection.on("parameterStatus", (status) => {
    parameters.set(status.parameterName, status.parameterValue);
  });
  try {
    await client.connect();
    const key = {
      processId: numberIn(client, "processID"),
      secretKey: numberIn(client, "secretKey")
    };
    return { client, settings, peer, tls, key, ...versionOf(parameters, peer) };
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}
function configOf({ settings, tls }) {
  const { host, port, database, user, password, options } = settings;
  return {
    host,
    port,
    database,
    user,
    password: password ?? refusePassword,
    options,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    enableChannelBinding: settings.channelBinding,
    ssl: tls,
    sslnegotiation: settings.directTls && tls !== false ? "direct" : "postgres",
    // A long statement sends nothing for hours; without it a dead server is never noticed.
    keepAlive: true,
    stream: () => guardedSocket(tls !== false)
  };
}
function refusePassword() {
  throw new NoPasswordError("no password");
}
function versionOf(parameters, peer) {
  const text = parameters.get("server_version") ?? "unknown";
  const [versionText = text, major = "0", minor = "0"] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (parameters.has("crdb_version")) {
    throw unsupported(`${peer.address} is CockroachDB, whose procedures cannot run DDL`);
  }
  if (Number(major) < OLDEST_MAJOR) {
    throw unsupported(
      `${peer.address} is PostgreSQL ${text}; Rowgate needs ${OLDEST_MAJOR} or newer`
    );
  }
  return { versionText, serverVersion: Number(major) * 1e4 + Number(minor) };
}
function unsupported(message2) {
  return new RowgateError("server-unsupported", {
    message: message2,
    hint: `Deploy to PostgreSQL ${OLDEST_MAJOR} or newer.`
  });
}
function numberIn(client, field) {
  return Number(Reflect.get(client, field));
}
function peerOf({ host, port, database, user, password, sslMode, tls }) {
  const name = host.includes(":") ? `[${host}]` : host;
  const secrets = [password, tls.passphrase].filter((secret) => secret !== void 0);
  return {
    address: host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${name}:${port}`,
    database,
    user,
    sslMode,
    secrets: [...secrets, ...secrets.map(encodeURIComponent)]
  };
}

// src/drivers/pg-query.ts
var SimpleQuery = class {
  text;
  /** Settled when the server answered. */
  rows;
  #names = [];
  #rows = [];
  #resolve = () => void 0;
  #reject = () => void 0;
  constructor(text) {
    this.text = text;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }
  submit(connection) {
    connection.query(this.text);
  }
  handleRowDescription(message2) {
    this.#names = message2.fields.map(({ name }) => name);
    this.#rows = [];
  }
  handleDataRow(message2) {
    this.#rows.push(
      Object.fromEntries(this.#names.map((name, at) => [name, message2.fields[at] ?? null]))
    );
  }
  handleCommandComplete() {
  }
  handleEmptyQuery() {
  }
  handlePortalSuspended() {
  }
  handleCopyData() {
  }
  /** COPY … FROM STDIN without data: the server answers with an error. */
  handleCopyInResponse(connection) {
    connection.sendCopyFail("no data was sent");
  }
  handleReadyForQuery() {
    this.#resolve(this.#rows);
  }
  handleError(error) {
    this.#reject(error);
  }
};

// src/drivers/pg-pass.ts
function findPassword(login2, passfile, around) {
  const path = passfile ?? `${around.home}/.pgpass`;
  const text = ((around.modeOf(path) ?? 0) & 63) === 0 ? around.readFile(path) : void 0;
  const wanted = [
    login2.host.startsWith("/") ? "localhost" : login2.host,
    String(login2.port),
    login2.database,
    login2.user
  ];
  return text?.split(/\r?\n/).filter((line) => !line.startsWith("#")).map(fieldsOf).find(
    (fields) => wanted.every((value, at) => fields[at] === "*" || unescape(fields[at]) === value)
  )?.slice(4).map(unescape).at(0);
}
function fieldsOf(line) {
  const fields = /^((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):(.*)$/.exec(line);
  return fields?.slice(1) ?? [];
}
function unescape(field) {
  return field?.replace(/\\(.)/g, "$1");
}

// src/drivers/pg-url.ts
var PARAMETERS = [
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "passfile",
  "service",
  "application_name",
  "connect_timeout",
  "options",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "sslnegotiation",
  "channel_binding",
  "client_encoding",
  "fallback_application_name",
  "gssencmode",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "krbsrvname",
  "sslcompression",
  "sslsni",
  "target_session_attrs",
  "tcp_user_timeout"
];
var EXAMPLE = "Write it as postgresql://user@host:5432/database.";
var ENCODE = "Percent-encode special characters in the password: @ is %40, / is %2F, ? is %3F.";
var URL_PARTS = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?(?<rest>#.*)?$/is;
function parsePgUrl(url) {
  const parts = URL_PARTS.exec(url)?.groups;
  if (parts === void 0) {
    throw wrongForm(url);
  }
  if (parts["rest"] !== void 0 || parts["database"]?.includes("@") === true) {
    throw invalid("the database URL cannot be read", ENCODE);
  }
  return {
    ...authorityOf(parts["authority"] ?? ""),
    ...named("dbname", parts["database"]),
    ...Object.assign({}, ...(parts["query"] ?? "").split("&").filter(Boolean).map(parameterOf))
  };
}
function isParameter(name) {
  return PARAMETERS.some((known) => known === name);
}
function authorityOf(authority) {
  const split = authority.lastIndexOf("@");
  const [user, ...password] = split < 0 ? [] : authority.slice(0, split).split(":");
  const hosts = authority.slice(split + 1);
  if (hosts.includes(",")) {
    throw severalHosts();
  }
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hosts) ?? [];
  if (host === void 0) {
    throw invalid("the port in the database URL is not a number", ENCODE);
  }
  return {
    ...named("user", user),
    ...named("password", password.join(":")),
    ...named("host", host.replace(/^\[(.*)\]$/, "$1")),
    ...named("port", port)
  };
}
function parameterOf(text) {
  const split = text.indexOf("=");
  const name = decode(split < 0 ? text : text.slice(0, split));
  const value = split < 0 ? "" : text.slice(split + 1);
  if (name === "ssl" && /^(?:true|1)$/i.test(value)) {
    return { sslmode: "require" };
  }
  if (!isParameter(name)) {
    throw invalid(
      `the database URL has a parameter that libpq does not know: ${name}`,
      "Take it out of the URL that Rowgate gets."
    );
  }
  if (/^(?:host|hostaddr|port)$/.test(name) && decode(value).includes(",")) {
    throw severalHosts();
  }
  return named(name, value);
}
function named(name, value) {
  return value === void 0 || value === "" ? {} : { [name]: decode(value) };
}
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new RowgateError("usage-invalid", {
      message: "the database URL has a % that begins no escape",
      hint: "Write a % as %25.",
      // Node's message does not repeat the text.
      cause: error
    });
  }
}
function wrongForm(text) {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(text)?.[0];
  if (scheme !== void 0) {
    return invalid(`the database URL has the scheme ${scheme}, which is not PostgreSQL's`, EXAMPLE);
  }
  return text.includes("=") ? invalid("a connection string of key=value pairs is not supported", EXAMPLE) : invalid("the database URL does not begin with postgresql://", EXAMPLE);
}
function severalHosts() {
  return invalid(
    "the database URL names several hosts",
    "Name one host; list several databases as targets in rowgate.yaml."
  );
}
function invalid(message2, hint) {
  return new RowgateError("usage-invalid", { message: message2, hint });
}

// src/drivers/pg-service.ts
function findService(name, around) {
  const own = around.env["PGSERVICEFILE"] ?? `${around.home}/.pg_service.conf`;
  const shared = `${around.env["PGSYSCONFDIR"] ?? "/etc/postgresql-common"}/pg_service.conf`;
  for (const path of [own, shared]) {
    const service = parseService(around.readFile(path) ?? "", name, path);
    if (service !== void 0) {
      return service;
    }
  }
  throw new RowgateError("config-missing", {
    message: `the connection service ${name} is in neither ${own} nor ${shared}`,
    hint: `Add a section [${name}] to the file, or name the file in PGSERVICEFILE.`
  });
}
function parseService(text, name, path) {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const start = lines.indexOf(`[${name}]`);
  if (start < 0) {
    return void 0;
  }
  const end = lines.findIndex((line, at) => at > start && line.startsWith("["));
  const entries = lines.map((line, at) => ({ line, number: at + 1 })).slice(start + 1, end < 0 ? void 0 : end).filter(({ line }) => line !== "" && !line.startsWith("#")).map(({ line, number }) => parameterOf2(line, { path, number }));
  return Object.fromEntries(entries);
}
function parameterOf2(line, { path, number }) {
  const split = line.indexOf("=");
  const name = line.slice(0, Math.max(split, 0)).trim();
  if (!isParameter(name) || name === "service") {
    throw new RowgateError("config-invalid", {
      message: `${path}:${number} is no connection parameter of libpq`,
      hint: "Write it as name=value."
    });
  }
  return [name, line.slice(split + 1).trim()];
}

// src/drivers/pg-settings.ts
var ENVIRONMENT = {
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  port: "PGPORT",
  dbname: "PGDATABASE",
  user: "PGUSER",
  password: "PGPASSWORD",
  passfile: "PGPASSFILE",
  service: "PGSERVICE",
  application_name: "PGAPPNAME",
  connect_timeout: "PGCONNECT_TIMEOUT",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslnegotiation: "PGSSLNEGOTIATION",
  channel_binding: "PGCHANNELBINDING"
};
var SOCKET_DIRECTORIES = ["/var/run/postgresql", "/tmp"];
function resolvePgSettings(url, around, applicationName = "rowgate") {
  const given = withGaps(parsePgUrl(url), around);
  const port = portOf(given.port);
  const { user = around.osUser, dbname: database = user } = given;
  const { host: name = localHost(port, around), hostaddr: host = name } = given;
  const login2 = { host, port, database, user };
  return {
    ...login2,
    password: given.password ?? findPassword({ ...login2, host: name }, given.passfile, around),
    applicationName: given.application_name ?? applicationName,
    options: given.options,
    connectTimeoutMs: timeoutOf(given.connect_timeout),
    channelBinding: /^(?:prefer|require)$/.test(String(given.channel_binding)),
    directTls: given.sslnegotiation === "direct",
    ...tlsSettings(given, host, around)
  };
}
function withGaps(url, around) {
  const env = fromEnvironment(around.env);
  const service = url.service ?? env.service;
  return { ...env, ...service === void 0 ? {} : findService(service, around), ...url };
}
function fromEnvironment(env) {
  const entries = Object.entries(ENVIRONMENT).map(([name, variable]) => [name, env[variable]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== void 0 && value !== ""));
}
function localHost(port, around) {
  const directory = SOCKET_DIRECTORIES.find((path) => around.exists(`${path}/.s.PGSQL.${port}`));
  return directory ?? "localhost";
}
function portOf(text = "5432") {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new RowgateError("usage-invalid", {
      message: "the port of the database is not a number from 1 to 65535",
      hint: "Correct it in the URL, the service file or PGPORT."
    });
  }
  return port;
}
function timeoutOf(text) {
  if (text === void 0) {
    return 1e4;
  }
  if (!/^-?\d+$/.test(text)) {
    throw new RowgateError("usage-invalid", {
      message: `connect_timeout is not a number of seconds: ${text}`,
      hint: "Correct it in the URL, the service file or PGCONNECT_TIMEOUT."
    });
  }
  return Math.max(0, Number(text)) * 1e3;
}

// src/drivers/pg-surroundings.ts
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
function realSurroundings() {
  return {
    env: process.env,
    home: homedir(),
    osUser: osUser(),
    readFile,
    exists: existsSync,
    modeOf: (path) => process.platform === "win32" ? void 0 : statSync(path, { throwIfNoEntry: false })?.mode
  };
}
function osUser() {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"] ?? "postgres";
  }
}
function readFile(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") {
      return void 0;
    }
    throw new RowgateError("file-unreadable", {
      message: `cannot read ${path}: ${code}`,
      hint: "Let the user that runs Rowgate read it.",
      cause: error
    });
  }
}

// src/drivers/pg.ts
var CLOSE_TIMEOUT_MS = 2e3;
async function connectPg(url, options = {}) {
  const settings = resolvePgSettings(
    url === "" ? "postgresql://" : url,
    realSurroundings(),
    options.applicationName
  );
  return new PgConnection(await login(settings));
}
var PgConnection = class {
  description;
  serverVersion;
  #session;
  #lost;
  #listener = () => void 0;
  constructor(session) {
    const { client, peer } = session;
    this.#session = session;
    this.serverVersion = session.serverVersion;
    this.description = `PostgreSQL ${session.versionText}, database ${peer.database} on ${peer.address}, user ${peer.user}`;
    client.on("error", (error) => {
      this.#lost ??= lostError(error, peer);
    });
    client.on("notice", (fields) => {
      this.#listener(noticeOf(fields, peer.secrets));
    });
  }
  query(sql) {
    return this.#run(() => this.#session.client.query(new SimpleQuery(sql)).rows);
  }
  async copyIn(piece) {
    await this.#run(() => copyFrom(this.#session.client, piece));
  }
  onNotice(listener) {
    this.#listener = listener;
  }
  async cancel() {
    const { settings, peer, tls, key } = this.#session;
    try {
      await sendCancel(settings, tls, key);
    } catch (error) {
      throw connectError(error, peer);
    }
  }
  async close() {
    const { client } = this.#session;
    let timer;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([client.end().catch(() => void 0), timeout]);
    clearTimeout(timer);
    client.connection.stream.destroy();
  }
  async #run(action) {
    if (this.#lost !== void 0) {
      throw this.#lost;
    }
    try {
      return await action();
    } catch (error) {
      throw this.#failure(error);
    }
  }
  #failure(error) {
    const { peer } = this.#session;
    if (error instanceof CopySourceError) {
      return error.cause;
    }
    const failure = queryError(error, peer);
    if (failure instanceof RowgateError) {
      this.#lost ??= failure;
    }
    return failure;
  }
};
export {
  connectPg
};
