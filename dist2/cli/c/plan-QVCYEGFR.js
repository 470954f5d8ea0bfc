import {
  askTargets
} from "./chunk-52WCCRFY.js";
import {
  counted,
  describeSource,
  findTargets,
  formatTable,
  plan,
  prepare,
  requireSource
} from "./chunk-72NNT2MV.js";
import "./chunk-OGWT2MUN.js";
import "./chunk-TWNGBNEF.js";
import "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import {
  conflictError
} from "./chunk-XFYTB3GR.js";
import "./chunk-HR4OSDN2.js";
import {
  EXIT
} from "./chunk-3NATZIJ7.js";

// src/cli/format/plan.ts
var REASONS = {
  new: "new",
  changed: "changed",
  always: "runs with every deployment",
  resume: "goes on"
};
function formatPlan(view) {
  const table = formatTable(
    [
      { title: "ID", value: ({ block }) => block.id },
      { title: "WHY", value: formatReason },
      { title: "SOURCE", value: ({ block }) => block.name }
    ],
    view.pending
  );
  return [
    `target ${view.name}   ${view.server}`,
    ...view.pending.length === 0 ? [] : table,
    ...view.removed.map((row) => `${row.name} is no longer in the source; the database keeps it`),
    formatTotals(view)
  ].join("\n");
}
function formatReason({ reason, done }) {
  return reason === "resume" ? `goes on after ${counted(done, "statement")}` : REASONS[reason];
}
function formatTotals({ pending, present }) {
  return pending.length === 0 ? `nothing to do: all ${counted(present, "block")} are there` : `${counted(pending.length, "block")} to apply, ${present} there already`;
}

// src/cli/commands/plan.ts
async function plan2(context) {
  const { options } = context;
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, settings);
  const targets = await findTargets(context, prepared, source);
  const { bundle } = source;
  const results = await askTargets(targets, settings.concurrency, {
    context,
    ask: async (target) => {
      const planned = await plan(bundle, target, {
        to: options.to,
        outOfOrder: options.outOfOrder ?? false
      });
      return answer(target, planned, bundle.release);
    }
  });
  const isPending = results.some(({ outcome }) => outcome === "skipped");
  return {
    targets: results,
    exitCode: options.exitCode === true && isPending ? EXIT.pending : EXIT.ok,
    more: { ...describeSource(source) }
  };
}
function answer(target, { server, comparison }, release) {
  const { name, versions } = target;
  const { pending, present, removed, conflicts } = comparison;
  const isUpToDate = pending.every(({ reason }) => reason === "always");
  const error = conflicts.length === 0 ? void 0 : conflictError(conflicts, { versions, release, drops: [] });
  return {
    text: formatPlan({ name, server, pending, present, removed }),
    result: {
      name,
      outcome: error !== void 0 ? "failed" : isUpToDate ? "up-to-date" : "skipped",
      applied: [],
      pending: pending.map(({ block }) => block.id),
      error,
      more: {
        server,
        present,
        blocks: pending.map(({ block, reason, done }) => ({
          id: block.id,
          name: block.name,
          kind: block.kind,
          reason,
          done
        })),
        conflicts: conflicts.map(jsonConflict),
        removed: removed.map((row) => row.id)
      }
    }
  };
}
function jsonConflict(conflict) {
  const { id, name } = "block" in conflict ? conflict.block : conflict.row;
  return { kind: conflict.kind, id, name };
}
export {
  plan2 as plan
};
