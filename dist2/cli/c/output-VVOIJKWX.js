import {
  blankOut
} from "./chunk-OGWT2MUN.js";
import {
  redactDocument,
  userContext
} from "./chunk-5NZLASUI.js";
import {
  redactSecrets
} from "./chunk-6ZJTVCRM.js";
import {
  formatPosition
} from "./chunk-Y4Q7Q4O7.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/cli/output.ts
import { existsSync } from "node:fs";
import { join, relative } from "node:path";

// src/cli/format/colors.ts
var plain = (text) => text;
var NO_COLORS = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain
};
async function loadColors(isWanted) {
  if (!isWanted) {
    return NO_COLORS;
  }
  const { createColors } = (await import("picocolors")).default;
  return createColors(true);
}

// src/cli/format/error.ts
var EXCERPT_SIGNS = 120;
function formatError(error, { colors, locate }) {
  const where = error.at === void 0 ? "" : `${formatPlace(error.at, locate)}: `;
  const title = `${colors.bold(where)}${colors.red("error")} [${error.code}]: ${error.message}`;
  return [
    title,
    ...formatExcerpt(error, colors),
    ...formatServer(error),
    ...error.hint === void 0 ? [] : [`${colors.bold("hint:")} ${error.hint}`]
  ].join("\n");
}
function formatNote(note, locate) {
  return `${formatPlace(note.at, locate)}: note: ${note.message}`;
}
function formatBug(error) {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return [
    "error: this is a bug in Rowgate, not in your files.",
    "hint: Please report it with the text below and the command that you ran.",
    stack
  ].join("\n");
}
function formatPlace(at, locate) {
  return formatPosition({ ...at, path: locate(at.path) });
}
function formatExcerpt({ at, excerpt }, colors) {
  if (at === void 0 || excerpt === void 0) {
    return [];
  }
  const number = String(at.line);
  const margin = " ".repeat(number.length);
  const { text, before } = clip(excerpt, at.column);
  return [
    ` ${colors.dim(`${number} |`)} ${text}`,
    ` ${colors.dim(`${margin} |`)} ${blankOut(before)}${colors.red("^")}`
  ];
}
function clip(excerpt, column) {
  const signs = Array.from(excerpt.replace(/[\r\n]+$/, ""));
  const index = Math.min(column - 1, signs.length);
  const start = signs.length <= EXCERPT_SIGNS ? 0 : Math.max(0, index - EXCERPT_SIGNS / 2);
  const end = start + EXCERPT_SIGNS;
  const head = start > 0 ? "\u2026" : "";
  return {
    text: `${head}${signs.slice(start, end).join("")}${end < signs.length ? "\u2026" : ""}`,
    before: `${head}${signs.slice(start, index).join("")}`
  };
}
function formatServer({ server, message }) {
  if (server === void 0) {
    return [];
  }
  const parts = [
    ["server", message.includes(server.message) ? void 0 : server.message],
    ["detail", server.detail],
    ["server hint", server.hint],
    ["context", userContext(server.context)],
    ["SQLSTATE", server.sqlState]
  ];
  return parts.flatMap(
    ([name, text]) => text === void 0 || text === "" ? [] : [`  ${name}: ${text.replaceAll("\n", "\n    ")}`]
  );
}

// src/cli/output.ts
var Output = class _Output {
  colors;
  #io;
  #options;
  #secrets = [];
  #root;
  constructor(io, options, colors) {
    this.#io = io;
    this.#options = options;
    this.colors = colors;
  }
  static async create(io, options) {
    return new _Output(io, options, await loadColors(isColored(io.stderr, io.env)));
  }
  /** Takes these texts out of every later line. */
  hide(secrets) {
    this.#secrets = [.../* @__PURE__ */ new Set([...this.#secrets, ...secrets])];
  }
  /** From now on names files of the source as the terminal can open them. */
  setSourceRoot(root) {
    this.#root = root;
  }
  /** One or more lines for people about what goes on; nothing with `quiet`. */
  progress(text) {
    if (!this.#options.quiet) {
      this.#print(this.#io.stderr, text);
    }
  }
  note(note) {
    this.progress(formatNote(note, (path) => this.#locate(path)));
  }
  /** One or more lines of the result; nothing with `json`. */
  result(text) {
    if (!this.#options.json) {
      this.#print(this.#io.stdout, text);
    }
  }
  /** An error, of one of several targets where its name is given. */
  error(error, target) {
    const prefix = target === void 0 ? "" : `[${target}] `;
    this.#print(this.#io.stderr, prefix + this.#textOf(error));
  }
  /** The one document of `--json`. */
  document(document) {
    const redacted = redactDocument(document, this.#secrets);
    this.#io.stdout.write(`${JSON.stringify(redacted, void 0, 2)}
`);
  }
  #textOf(error) {
    if (!(error instanceof RowgateError)) {
      return formatBug(error);
    }
    const isOfSource = !error.code.startsWith("config-");
    const locate = (path) => isOfSource ? this.#locate(path) : path;
    return formatError(error, { colors: this.colors, locate });
  }
  /** A path that is relative to the source's root, as seen from the working directory. */
  #locate(path) {
    const file = this.#root === void 0 ? path : join(this.#root, path);
    if (this.#root === void 0 || !existsSync(file)) {
      return path;
    }
    const name = relative(this.#io.directory, file).replaceAll("\\", "/");
    return name.startsWith("../") ? file : name;
  }
  #print(stream, text) {
    stream.write(`${replaceControls(redactSecrets(text, this.#secrets))}
`);
  }
};
function isColored(stream, env) {
  const isRefused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return stream.isTTY === true && !isRefused;
}
function replaceControls(text) {
  return text.replace(
    CONTROLS,
    (sign, color) => color === void 0 ? sign === "\r" ? "" : "\uFFFD" : color
  );
}
var CONTROLS = new RegExp(
  String.raw`(\u001B\[[0-9;]*m)|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]`,
  "g"
);
export {
  Output,
  isColored,
  replaceControls
};
