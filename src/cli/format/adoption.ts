/** The list of `rowgate adopt`: what stands for what, and what does not fit. */
import { formatVersionsTable } from "../../config/versions-table.ts";
import type { AdoptResult } from "../../deployer/adopt-target.ts";
import type { AdoptedBlock, AdoptionState } from "../../domain/adoption.ts";
import { type Column, counted, formatTable } from "./table.ts";

const COLUMNS: readonly Column<AdoptedBlock>[] = [
  { title: "ID", value: ({ block }) => block.id },
  { title: "STATE", value: ({ state }) => state },
  { title: "ROW", value: formatRows },
  { title: "SOURCE", value: formatSource },
];

/** In the order in which the last line counts them. */
const STATES: Readonly<Record<AdoptionState, string>> = {
  adopt: "to adopt",
  known: "there already",
  changed: "changed since",
  failed: "failed",
  unfinished: "unfinished",
  late: "late",
  pending: "pending",
};

/** The heading, one line for each block, each row without a block, what to do, and the counts. */
export function formatAdoption(name: string, seen: AdoptResult): string {
  const { server, tool, blocks, strangers } = seen;
  const from =
    tool === undefined ? "by hand" : `from ${tool.name} ${formatVersionsTable(tool.table)}`;

  return [
    `target ${name}   ${server}   ${from}`,
    ...(blocks.length === 0 ? [] : formatTable(COLUMNS, blocks)),
    ...strangers.map((row) => `row ${row.name} has no block in the source`),
    ...advice(blocks),
    formatCounts(blocks),
  ].join("\n");
}

function formatRows({ rows }: AdoptedBlock): string {
  return rows.length > 1 ? `${rows.length} rows` : (rows[0]?.name ?? "");
}

function formatSource({ block, isSameText, isOutOfOrder }: AdoptedBlock): string {
  return [
    block.name,
    ...(isSameText === false ? ["edited since it was applied"] : []),
    ...(isOutOfOrder ? ["applied out of order"] : []),
  ].join("  ");
}

function advice(blocks: readonly AdoptedBlock[]): readonly string[] {
  const failed = blocks.find(({ state }) => state === "failed");
  const late = blocks.find(({ state }) => state === "late");

  return [
    ...(failed === undefined
      ? []
      : [
          `block ${failed.block.id} was begun, and may be half done: look, finish it or take it back, and say so with \`rowgate mark ${failed.block.id} --applied\` or leave it pending`,
        ]),
    ...(late === undefined
      ? []
      : [
          `block ${late.block.id} stands before one that is there: run it with \`rowgate deploy --out-of-order\`, or say with \`rowgate mark ${late.block.id} --applied\` that it is there`,
        ]),
  ];
}

function formatCounts(blocks: readonly AdoptedBlock[]): string {
  const counts = Object.entries(STATES).flatMap(([state, words]) => {
    const count = blocks.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });

  return counts.length === 0 ? "no blocks" : counts.join(", ");
}

/** What was done, in one sentence. */
export function adoptionSentence(name: string, { adopted, blocks }: AdoptResult): string {
  if (adopted.length > 0) {
    return `${name}: adopted ${counted(adopted.length, "block")}`;
  }
  return blocks.some(({ state }) => state === "adopt")
    ? `${name}: nothing was written`
    : `${name}: nothing to adopt`;
}
