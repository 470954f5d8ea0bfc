import {
  DatabaseError,
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/deployer/explain.ts
var HINTS = {
  "25006": "Deploy to the primary server, with a role whose sessions may write.",
  "42501": "Grant the role what the server names, or deploy with a role that has it.",
  "53200": "Raise max_locks_per_transaction on the server, or deploy with `--transaction block`, which needs fewer locks at a time.",
  "57014": "Allow it more time with `--statement-timeout`, or `-- rowgate: statement-timeout` in its file.",
  "55006": "Deploy with `--transaction block`, so that the waiting checks are done before this block.",
  "55P04": "Move what uses the new value to the next file, or write `-- rowgate: commit-after` into the file that adds it."
};
var COMMIT_HINT = "Deploy with `--transaction block` to learn which block it is; a constraint that is checked late fails at COMMIT.";
function explain(error, context) {
  const { place, isAtCommit = false } = context;
  const said = error.message.replace(/^rowgate: /, "");
  return new RowgateError(codeOf(error, context.dialect), {
    message: isAtCommit ? `the transaction failed at COMMIT: ${said}` : said,
    hint: isAtCommit ? COMMIT_HINT : HINTS[error.server.sqlState],
    at: place?.at,
    excerpt: place?.excerpt,
    server: error.server,
    cause: error
  });
}
function elaborate(failure, change) {
  return new RowgateError(change.code ?? failure.code, {
    message: change.message,
    hint: change.hint ?? failure.hint,
    at: failure.at,
    excerpt: failure.excerpt,
    server: failure.server,
    cause: failure.cause ?? failure
  });
}
function codeOf(error, dialect) {
  const code = dialect.errorCode(error);
  return code === "undefined-table" || code === "history-changed" || code === "cancelled" ? "sql-failed" : code;
}

// src/deployer/read-history.ts
async function readIfThere(sql, access) {
  try {
    return await access.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    if (access.dialect.errorCode(error) === "undefined-table") {
      return void 0;
    }
    throw explain(error, { dialect: access.dialect });
  }
}
async function readHistory(versions, access) {
  const rows = await readIfThere(access.dialect.historyQuery(versions), access);
  return rows === void 0 ? void 0 : access.dialect.parseHistory(rows);
}

export {
  explain,
  elaborate,
  readIfThere,
  readHistory
};
