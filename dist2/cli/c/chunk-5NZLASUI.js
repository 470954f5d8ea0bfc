import {
  redactSecrets
} from "./chunk-6ZJTVCRM.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/cli/format/context.ts
var OWN_STATEMENT = 'SQL statement "/* ';
var OWN_PROCEDURE = /^PL\/pgSQL function (?:inline_code_block|\S*rowgate\S*) line \d+ at EXECUTE$/;
function userContext(context) {
  const end = (context ?? "").lastIndexOf(OWN_STATEMENT);
  const own = end === -1 ? context ?? "" : (context ?? "").slice(0, end);
  const lines = own.split("\n").filter((line) => line !== "" && !OWN_PROCEDURE.test(line));
  return lines.length === 0 ? void 0 : lines.join("\n");
}

// src/cli/json.ts
function jsonDocument(command, exitCode, result) {
  return {
    schemaVersion: 1,
    command,
    exitCode,
    targets: result.targets.map(({ name, outcome, applied, pending, error, more }) => ({
      name,
      outcome,
      applied,
      pending,
      ...error === void 0 ? {} : { error: jsonError(error) },
      ...more
    })),
    ...result.error === void 0 ? {} : { error: jsonError(result.error) },
    ...result.more
  };
}
function jsonError(error) {
  if (!(error instanceof RowgateError)) {
    return { code: "bug", message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint, at, server } = error;
  return {
    code,
    message,
    hint,
    file: at?.path,
    line: at?.line,
    column: at?.column,
    server: server === void 0 ? void 0 : { ...server, context: userContext(server.context) }
  };
}
function jsonNote({ at, message }) {
  return { file: at.path, line: at.line, column: at.column, message };
}
var OWN_KEYS = /* @__PURE__ */ new Set([
  "applied",
  "checksum",
  "code",
  "command",
  "event",
  "id",
  "kind",
  "outcome",
  "pending",
  "reason",
  "sqlState",
  "state"
]);
function redactDocument(document, secrets) {
  const redact = (value) => {
    if (typeof value === "string") {
      return redactSecrets(value, secrets);
    }
    if (Array.isArray(value)) {
      return value.map(redact);
    }
    return typeof value === "object" && value !== null ? redactFields(value) : value;
  };
  const redactFields = (value) => Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, isOwn(key, field) ? field : redact(field)])
  );
  return redactFields(document);
}
function isOwn(key, value) {
  const isText = typeof value === "string";
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return OWN_KEYS.has(key) && (isText || isList);
}

export {
  userContext,
  jsonDocument,
  jsonError,
  jsonNote,
  redactDocument
};
