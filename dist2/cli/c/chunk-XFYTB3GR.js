import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/domain/conflict-error.ts
function conflictError(conflicts, context) {
  const [first] = conflicts;
  if (first === void 0) {
    throw new TypeError("there is no conflict to explain");
  }
  const lines = conflicts.map((conflict) => describe(conflict, context));
  const message = lines.length === 1 ? lines.join("") : [`${lines.length} blocks conflict with the history of the database:`, ...lines].join(
    "\n  "
  );
  return new RowgateError(codeOf(first), { message, hint: hintFor(first, context) });
}
function codeOf({ kind }) {
  return `block-${kind}`;
}
function describe(conflict, { release }) {
  switch (conflict.kind) {
    case "edited": {
      const { block, row } = conflict;
      return `block ${block.id} (${block.name}) was edited after it was ${applied(row)}: its checksum was ${short(row.checksum)} and is now ${short(block.checksum)}`;
    }
    case "ahead":
      return `the database is ahead of release ${release}: block ${named(conflict.row)} was ${applied(conflict.row)} with release ${conflict.row.release}`;
    case "missing":
      return `block ${named(conflict.row)} was ${applied(conflict.row)} with release ${conflict.row.release}, but release ${release} does not have it`;
    case "out-of-order": {
      const { block, other } = conflict;
      return `block ${block.id} (${block.name}) is new, but stands before block ${named(other)}, which was ${applied(other)}`;
    }
    case "unfinished":
      break;
  }
  return unfinished(conflict.row);
}
function unfinished(row) {
  const progress = `${row.done} of ${row.statements} statements are done`;
  if (row.state !== "running") {
    return `block ${named(row)} is not finished: it failed on ${row.appliedAt} for ${row.appliedBy}, ${progress}, and its text is another by now`;
  }
  const session = row.holder === null ? "no session is seen to run it now" : `it runs in ${row.holder}`;
  return `block ${named(row)} is not finished: ${row.appliedBy} started it on ${row.appliedAt}, ${progress}, and ${session}`;
}
function hintFor(conflict, context) {
  const table = qualifiedName(context.versions);
  switch (conflict.kind) {
    case "edited":
      return `Put the old text back and write the change into a new block; if it changes nothing that counts, run: UPDATE ${table} SET checksum = ${literal(conflict.block.checksum)} WHERE id = ${literal(conflict.block.id)};`;
    case "ahead":
      return `Deploy release ${conflict.row.release} or a newer one.`;
    case "missing":
      return `Put the file back as it was in release ${conflict.row.release}; if it was dropped on purpose, run: DELETE FROM ${table} WHERE id = ${literal(conflict.row.id)};`;
    case "out-of-order":
      return `Give the file a number after ${conflict.other.id}, or let it run by \`--out-of-order\` or by a line \`-- rowgate: out-of-order\` in it.`;
    case "unfinished":
      break;
  }
  return unfinishedHint(conflict.row, table, context.drops);
}
function unfinishedHint(row, table, drops) {
  const id = literal(row.id);
  if (row.done === 0) {
    const steps2 = [...drops, `DELETE FROM ${table} WHERE id = ${id};`].join(" ");
    return `Make sure that it no longer runs and that nothing of it is left, then run: ${steps2} and deploy again.`;
  }
  if (row.state === "running") {
    const steps2 = [...drops, `UPDATE ${table} SET state = 'failed' WHERE id = ${id};`].join(" ");
    return `Make sure that it no longer runs and that statement ${row.done + 1} did nothing, then run: ${steps2} and deploy again, which goes on with statement ${row.done + 1}.`;
  }
  const steps = [...drops, `DELETE FROM ${table} WHERE id = ${id};`].join(" ");
  return `Put the old text back and deploy again, which goes on with statement ${row.done + 1}; or undo what is done of it, then run: ${steps} and deploy again.`;
}
function named(row) {
  return `${row.id} (${row.name})`;
}
function applied(row) {
  const verb = row.state === "failed" ? `begun (${row.done} of ${row.statements} statements)` : row.state;
  return `${verb} on ${row.appliedAt} by ${row.appliedBy}`;
}
function short(checksum) {
  return checksum.slice(0, 15);
}
function qualifiedName({ schema, name }) {
  return schema === void 0 ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}
function identifier(name) {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

export {
  conflictError
};
