import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/config/versions-table.ts
var PART = String.raw`(?:"(?:[^"]|"")+"|[^\s".]+)`;
var NAME = new RegExp(`^(?:(${PART})\\.)?(${PART})$`, "u");
var LONGEST_BYTES = 63 - "_log".length;
var DEFAULT_VERSIONS_TABLE = { schema: void 0, name: "versions" };
function parseVersionsTable(text) {
  const [, schema, name] = NAME.exec(text) ?? [];
  if (name === void 0) {
    throw new RowgateError("usage-invalid", {
      message: `"${text}" is not the name of a table`,
      hint: "Write it as NAME or SCHEMA.NAME, such as rowgate.versions."
    });
  }
  const table = { schema: schema === void 0 ? void 0 : unquote(schema), name: unquote(name) };
  const bytes = new TextEncoder().encode(table.name).length;
  if (bytes > LONGEST_BYTES) {
    throw new RowgateError("usage-invalid", {
      message: `the name of the versions table has ${bytes} bytes; at most ${LONGEST_BYTES} are possible`,
      hint: "Choose a shorter name."
    });
  }
  return table;
}
function formatVersionsTable(table) {
  return table.schema === void 0 ? table.name : `${table.schema}.${table.name}`;
}
function unquote(part) {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

// src/config/expand.ts
var REFERENCE = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\{)/g;
function expandVariables(text, env, at) {
  return text.replace(
    REFERENCE,
    (reference, name, fallback) => {
      if (reference === "$$") {
        return "$";
      }
      if (name === void 0) {
        throw new RowgateError("config-invalid", {
          message: "a variable is not written as ${NAME} or ${NAME:-default}",
          hint: "Write $$ where a plain dollar sign is meant.",
          at
        });
      }
      return valueOf({ name, fallback }, env, at);
    }
  );
}
function valueOf(reference, env, at) {
  const value = env[reference.name];
  if (reference.fallback !== void 0 && (value === void 0 || value === "")) {
    return reference.fallback;
  }
  if (value === void 0) {
    throw new RowgateError("config-invalid", {
      message: `the environment variable ${reference.name} is not set`,
      hint: `Set ${reference.name}, or give a default: \${${reference.name}:-value}.`,
      at
    });
  }
  return value;
}

// src/config/nearest.ts
function nearestName(word, names) {
  const limit = Math.min(word.length - 1, Math.max(2, Math.floor(word.length * 0.4)));
  let best;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === void 0 || distance < best.distance)) {
      best = { name, distance };
    }
  }
  return best?.name;
}
function editDistance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, character] of Array.from(from).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (character === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

// src/config/config.ts
var DEFAULTS = {
  lockWait: 6e4,
  lockTimeout: 2e3,
  transaction: void 0,
  concurrency: 1
};

// src/config/concurrency.ts
function parseConcurrency(text, name) {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 1e3) {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}", which is not a whole number from 1 to 1000`,
      hint: "Give the number of targets to deploy to at the same time."
    });
  }
  return value;
}

// src/config/duration.ts
var UNITS_MS = {
  ms: 1,
  s: 1e3,
  min: 6e4,
  h: 36e5,
  d: 864e5
};
var LIMIT_MS = 2147483647;
function parseDuration(text, name) {
  if (text === "0") {
    return 0;
  }
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim()) ?? [];
  const milliseconds = Math.round(Number(digits) * (UNITS_MS[unit] ?? Number.NaN));
  if (digits === "" || Number.isNaN(milliseconds) || milliseconds > LIMIT_MS) {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}", which is not a length of time`,
      hint: "Write a number with ms, s, min, h or d, such as 500ms or 60s, and at most 24d."
    });
  }
  return milliseconds;
}
function formatDuration(milliseconds) {
  if (milliseconds < 1e3) {
    return `${Math.round(milliseconds)} ms`;
  }
  if (milliseconds < 59950) {
    return `${(milliseconds / 1e3).toFixed(1)} s`;
  }
  const seconds = Math.round(milliseconds / 1e3);
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

export {
  DEFAULT_VERSIONS_TABLE,
  parseVersionsTable,
  formatVersionsTable,
  DEFAULTS,
  expandVariables,
  nearestName,
  parseConcurrency,
  parseDuration,
  formatDuration
};
