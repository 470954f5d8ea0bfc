import {
  formatStatus
} from "./chunk-PDQ375RN.js";
import {
  askTargets
} from "./chunk-52WCCRFY.js";
import {
  describeSource,
  findSource,
  findTargets,
  prepare,
  status
} from "./chunk-72NNT2MV.js";
import "./chunk-OGWT2MUN.js";
import {
  formatVersionsTable
} from "./chunk-TWNGBNEF.js";
import "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import "./chunk-HR4OSDN2.js";
import "./chunk-3NATZIJ7.js";

// src/cli/commands/status.ts
async function status2(context) {
  const prepared = await prepare(context);
  const source = await findSource(context, prepared.settings);
  const targets = await findTargets(context, prepared, source);
  const results = await askTargets(targets, prepared.settings.concurrency, {
    context,
    ask: async (target) => {
      const { server, blocks } = await status(target, source?.bundle);
      const { name } = target;
      const versions = formatVersionsTable(target.versions);
      const pending = idsIn(blocks, PENDING);
      return {
        text: formatStatus({ name, server, versions, blocks }),
        result: {
          name,
          outcome: source !== void 0 && pending.length === 0 ? "up-to-date" : "skipped",
          applied: idsIn(blocks, APPLIED),
          pending,
          more: { server, versions, blocks: blocks.map(jsonStatus) }
        }
      };
    }
  });
  return {
    targets: results,
    more: source === void 0 ? {} : { ...describeSource(source) }
  };
}
var PENDING = ["pending", "changed", "late", "unfinished"];
var APPLIED = [
  "applied",
  "adopted",
  "changed",
  "edited",
  "missing",
  "ahead",
  "removed"
];
function idsIn(blocks, states) {
  return blocks.filter(({ state }) => states.includes(state)).map(({ id }) => id);
}
function jsonStatus({ id, name, kind, state, row }) {
  return {
    id,
    name,
    kind,
    state,
    ...row === void 0 ? {} : {
      release: row.release,
      checksum: row.checksum,
      appliedAt: row.appliedAt,
      appliedBy: row.appliedBy,
      durationMs: row.durationMs,
      statements: row.statements,
      done: row.done
    }
  };
}
export {
  status2 as status
};
