import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/domain/comparison.ts
function compareHistory(blocks, history, options) {
  const rows = new Map(history.map((row) => [row.id, row]));
  const end = lastPosition(blocks, options.to);
  const lastApplied = lastAppliedBlock(blocks, rows);
  const pending = [];
  const conflicts = [];
  let present = 0;
  for (const block of blocks) {
    const finding = judge(block, rows.get(block.id));
    if (finding.kind === "conflict") {
      conflicts.push(finding.conflict);
    }
    if (block.position > end) {
      continue;
    }
    if (finding.kind === "pending") {
      pending.push(finding.pending);
      conflicts.push(...orderConflict(finding.pending, lastApplied, options));
    } else if (finding.kind === "present" || finding.conflict.kind === "edited") {
      present += 1;
    }
  }
  const unknown = unknownRows(blocks, history, lastApplied?.row.position ?? 0);
  return {
    pending,
    present,
    conflicts: [...conflicts, ...unknown.conflicts],
    removed: unknown.removed
  };
}
function judge(block, row) {
  if (row === void 0) {
    return pendingAs(block, "new");
  }
  const isSame = row.checksum === block.checksum;
  if (row.state === "failed" && isSame) {
    return pendingAs(block, "resume", row.done);
  }
  if (row.state === "failed" && row.done === 0) {
    return pendingAs(block, "new");
  }
  if (row.state === "failed" || row.state === "running") {
    return { kind: "conflict", conflict: { kind: "unfinished", row } };
  }
  if (block.kind === "always") {
    return pendingAs(block, "always");
  }
  return isSame ? { kind: "present" } : judgeOther(block, row);
}
function judgeOther(block, row) {
  if (block.kind === "on-change") {
    return pendingAs(block, "changed");
  }
  return row.state === "adopted" ? { kind: "present" } : { kind: "conflict", conflict: { kind: "edited", block, row } };
}
function pendingAs(block, reason, done = 0) {
  return { kind: "pending", pending: { block, reason, done } };
}
function isThere(row) {
  return row.state === "applied" || row.state === "adopted";
}
function lastAppliedBlock(blocks, rows) {
  for (const block of blocks.toReversed()) {
    const row = rows.get(block.id);
    if (block.kind === "once" && row !== void 0 && isThere(row)) {
      return { block, row };
    }
  }
  return void 0;
}
function orderConflict({ block, reason }, lastApplied, options) {
  const isFree = options.outOfOrder || block.outOfOrder;
  if (isFree || block.kind !== "once" || reason !== "new" || lastApplied === void 0) {
    return [];
  }
  return block.position < lastApplied.block.position ? [{ kind: "out-of-order", block, other: lastApplied.row }] : [];
}
function unknownRows(blocks, history, lastShared) {
  const ids = new Set(blocks.map((block) => block.id));
  const unknown = history.filter((row) => !ids.has(row.id));
  const ended = unknown.filter((row) => row.state !== "running");
  const conflicts = [
    ...unknown.filter((row) => row.state === "running").map((row) => ({ kind: "unfinished", row })),
    ...ended.filter((row) => row.kind === "once").map((row) => ({ kind: row.position <= lastShared ? "missing" : "ahead", row }))
  ];
  return { conflicts, removed: ended.filter((row) => row.kind !== "once") };
}
function lastPosition(blocks, to) {
  if (to === void 0) {
    return blocks.length;
  }
  const last = blocks.find((block) => block.id === to);
  if (last === void 0) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${to}`,
      hint: `Name one of its blocks${nearestHint(
        blocks.map((block) => block.id),
        to
      )}; \`rowgate plan\` lists them.`
    });
  }
  return last.position;
}
function nearestHint(ids, wanted) {
  const bare = wanted.replace(/^0+(?=\d)/, "");
  const nearest = ids.map((id) => ({ id, distance: editDistance(id, bare) })).toSorted((a, b) => a.distance - b.distance).slice(0, 3).map(({ id }) => id);
  return nearest.length === 0 ? "" : `, such as ${nearest.join(", ")}`;
}
function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, left] of Array.from(a).entries()) {
    const current = [row + 1];
    for (const [column, right] of Array.from(b).entries()) {
      const replaced = (previous[column] ?? 0) + (left === right ? 0 : 1);
      const dropped = (previous[column + 1] ?? 0) + 1;
      current.push(Math.min(replaced, dropped, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

export {
  compareHistory
};
