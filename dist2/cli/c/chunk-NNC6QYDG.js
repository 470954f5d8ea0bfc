import {
  redactSecrets
} from "./chunk-6ZJTVCRM.js";
import {
  DatabaseError,
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/drivers/server-errors.ts
function isServerError(error) {
  return error instanceof Error && "code" in error && /^[0-9A-Z]{5}$/.test(String(error.code)) && "severity" in error;
}
function queryError(error, session) {
  scrub(error, session.secrets);
  if (!isServerError(error) || endsSession(error)) {
    return lostError(error, session);
  }
  return new DatabaseError(
    {
      sqlState: error.code ?? "",
      message: error.message,
      detail: error.detail,
      hint: error.hint,
      context: error.where
    },
    {
      position: numberOf(error.position),
      internalPosition: numberOf(error.internalPosition),
      internalQuery: error.internalQuery
    },
    error
  );
}
function lostError(error, session) {
  scrub(error, session.secrets);
  return new RowgateError("connection-lost", {
    message: `the connection to ${session.address} was lost: ${textOf(error)}`,
    hint: "Run the same command again; what was committed is recorded and is not run twice.",
    cause: error
  });
}
function noticeOf(fields, secrets) {
  const clean = (text) => text === void 0 ? void 0 : redactSecrets(text, secrets);
  return {
    severity: fields.severity ?? "NOTICE",
    sqlState: fields.code ?? "",
    message: clean(fields.message) ?? "",
    detail: clean(fields.detail),
    hint: clean(fields.hint),
    context: clean(fields.where),
    data: fields.constraint ?? ""
  };
}
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
function textOf(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text === "" ? codeOf(error) : text;
}
function endsSession(error) {
  return error.severity === "FATAL" || error.severity === "PANIC" || /^(?:08|57P)/.test(error.code ?? "");
}
function numberOf(text) {
  return text === void 0 ? void 0 : Number(text);
}
function scrub(error, secrets) {
  if (!(error instanceof Error)) {
    return;
  }
  for (const name of ["message", "stack", ...Object.keys(error)]) {
    const value = Reflect.get(error, name);
    if (typeof value === "string") {
      Reflect.set(error, name, redactSecrets(value, secrets));
    }
  }
}

export {
  isServerError,
  queryError,
  lostError,
  noticeOf,
  codeOf,
  textOf,
  scrub
};
