import {
  formatUtc
} from "./chunk-PDQ375RN.js";
import {
  askTargets
} from "./chunk-52WCCRFY.js";
import {
  counted,
  findTargets,
  formatTable,
  prepare,
  readLog
} from "./chunk-72NNT2MV.js";
import "./chunk-OGWT2MUN.js";
import "./chunk-TWNGBNEF.js";
import "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import "./chunk-HR4OSDN2.js";
import "./chunk-3NATZIJ7.js";

// src/cli/format/log.ts
var COLUMNS = [
  { title: "NO", align: "right", value: ({ sequence }) => String(sequence) },
  { title: "AT (UTC)", value: ({ at }) => formatUtc(at) },
  { title: "EVENT", value: ({ event }) => event },
  { title: "ID", value: ({ id }) => id },
  { title: "RELEASE", value: ({ release }) => release },
  { title: "BY", value: ({ by }) => by },
  {
    title: "MS",
    align: "right",
    value: ({ durationMs }) => durationMs === null ? "-" : String(durationMs)
  },
  { title: "DETAIL", value: ({ detail }) => firstLine(detail ?? "") }
];
function formatLog({ name, server, rows }) {
  const table = rows.length === 0 ? [] : formatTable(COLUMNS, rows);
  return [`target ${name}   ${server}`, ...table, counted(rows.length, "event")].join("\n");
}
function firstLine(text) {
  return text.split("\n")[0] ?? "";
}

// src/cli/commands/log.ts
async function log(context) {
  const prepared = await prepare(context);
  const targets = await findTargets(context, prepared, void 0);
  const limit = Number(context.options.limit);
  return {
    targets: await askTargets(targets, prepared.settings.concurrency, {
      context,
      ask: async (target) => {
        const { server, rows } = await readLog(target, limit);
        return {
          text: formatLog({ name: target.name, server, rows }),
          result: {
            name: target.name,
            outcome: "skipped",
            applied: [],
            pending: [],
            more: { server, log: rows }
          }
        };
      }
    })
  };
}
export {
  log
};
