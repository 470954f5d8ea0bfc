import {
  counted,
  deploy,
  describeSource,
  findTargets,
  prepare,
  requireSource
} from "./chunk-72NNT2MV.js";
import "./chunk-OGWT2MUN.js";
import {
  formatDuration
} from "./chunk-TWNGBNEF.js";
import "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import "./chunk-HR4OSDN2.js";
import "./chunk-3NATZIJ7.js";

// src/cli/format/event.ts
function formatEvent(event, { colors, isFleet }) {
  const text = textOf(event, colors);
  return text === void 0 || !isFleet ? text : `[${event.target}] ${text}`;
}
function textOf(event, colors) {
  if (event.event === "connected") {
    return colors.dim(`connected to ${event.server}`);
  }
  if (event.event === "applied") {
    return `ran ${event.name} ${colors.dim(formatDuration(event.durationMs))}`;
  }
  if (event.event === "committed") {
    return colors.green(`committed ${counted(event.ids.length, "block")}`);
  }
  if (event.event === "notice") {
    return colors.dim(`${event.severity.toLowerCase()}: ${event.message}`);
  }
  return event.event === "started" ? void 0 : colors.yellow(textOfWait(event));
}
function textOfWait(event) {
  return event.event === "waiting" ? `waiting for another deployment: ${event.holder}` : `trying again in ${formatDuration(event.delayMs)}: ${event.reason}`;
}

// src/cli/format/report.ts
function formatReport(report, style) {
  return `${report.name}: ${SENTENCES[report.outcome](report, style)}`;
}
var SENTENCES = {
  deployed: ({ applied, durationMs }) => `deployed ${counted(applied.length, "block")} in ${formatDuration(durationMs)}`,
  "up-to-date": (_, { blocks }) => `up to date, nothing to do (${counted(blocks, "block")} in the source)`,
  failed: ({ applied, pending }) => `failed, ${counted(applied.length, "block")} applied, ${pending.length} pending`,
  skipped: ({ pending }, { dryRun }) => dryRun && pending.length > 0 ? `dry run, ${counted(pending.length, "block")} ran and were undone; nothing was changed` : "skipped"
};
function formatFleet(reports) {
  const counts = OUTCOMES.map(([outcome, words]) => {
    const count = reports.filter((report) => report.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return `${counted(reports.length, "target")}: ${counts.flat().join(", ")}`;
}
var OUTCOMES = [
  ["deployed", "deployed"],
  ["up-to-date", "up to date"],
  ["failed", "failed"],
  ["skipped", "skipped"]
];

// src/cli/commands/deploy.ts
async function deploy2(context) {
  const { options, io, output } = context;
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, settings);
  const targets = await findTargets(context, prepared, source);
  const dryRun = options.dryRun ?? false;
  const narrator = createNarrator(output, {
    dryRun,
    isFleet: targets.length > 1,
    blocks: source.bundle.blocks.length
  });
  const reports = await deploy(source.bundle, targets, {
    lockWaitMs: settings.lockWaitMs,
    lockTimeoutMs: settings.lockTimeoutMs,
    transaction: settings.transaction ?? source.about?.transaction ?? "release",
    to: options.to,
    outOfOrder: options.outOfOrder ?? false,
    dryRun,
    concurrency: settings.concurrency,
    signal: io.signal,
    onNote: source.notes.tell,
    ...narrator
  });
  if (targets.length > 1) {
    output.result(formatFleet(reports));
  }
  return {
    targets: reports.map((report) => resultOf(report, narrator.serverOf(report.name))),
    more: { dryRun, ...describeSource(source) }
  };
}
function createNarrator(output, style) {
  const servers = /* @__PURE__ */ new Map();
  return {
    serverOf: (target) => servers.get(target),
    onEvent: (event) => {
      if (event.event === "connected") {
        servers.set(event.target, event.server);
      }
      const text = formatEvent(event, { colors: output.colors, isFleet: style.isFleet });
      if (text !== void 0) {
        output.progress(text);
      }
    },
    onReport: (report) => {
      if (report.error !== void 0) {
        output.error(report.error, style.isFleet ? report.name : void 0);
      }
      output.result(formatReport(report, style));
    }
  };
}
function resultOf(report, server) {
  const { name, outcome, applied, pending, error, durationMs } = report;
  return {
    name,
    outcome,
    applied,
    pending: pending.map(({ block }) => block.id),
    error,
    more: { ...server === void 0 ? {} : { server }, durationMs }
  };
}
export {
  deploy2 as deploy
};
