/** Numbers that come too late, twice or with gaps, and blocks that were edited or are gone. */
import type { BlockHeader } from "../domain/block.ts";
import type { Finding } from "../domain/finding.ts";

/** The blocks of one source in three states. */
export interface BranchBlocks {
  /** As they are here. */
  readonly mine: readonly BlockHeader[];
  /** Where the branch began. */
  readonly fork: readonly BlockHeader[];
  /** In the branch that this one is to be merged into. */
  readonly tip: readonly BlockHeader[];
  /** How that branch was named. */
  readonly base: string;
}

/** The names of what may be found, as those of rules. */
export const BRANCH_RULES = {
  "branch-duplicate": "error",
  "branch-late": "error",
  "branch-gap": "warn",
  "branch-edited": "error",
  "branch-deleted": "error",
} as const;

type BranchRule = keyof typeof BRANCH_RULES;

/** In the order of the blocks; those about what is gone last. */
export function branchFindings(branch: BranchBlocks): readonly Finding[] {
  return [...addedFindings(branch), ...gapFindings(branch), ...keptFindings(branch)];
}

function addedFindings({ mine, fork, tip, base }: BranchBlocks): readonly Finding[] {
  const old = idsOf(fork);
  const there = new Map(tip.map((block) => [block.id, block]));
  const newest = tip.findLast(isNumbered);

  return mine
    .filter((block) => isNumbered(block) && !old.has(block.id))
    .flatMap((block) => {
      const other = there.get(block.id);

      if (other !== undefined) {
        const isSame = other.checksum === block.checksum && other.name === block.name;
        return isSame
          ? []
          : [
              finding("branch-duplicate", block, {
                message: `number ${block.id} is taken: ${base} has ${other.name}`,
                safe: nextNumber(tip, mine),
              }),
            ];
      }
      return newest !== undefined && !block.outOfOrder && compareNumbers(block.id, newest.id) < 0
        ? [
            finding("branch-late", block, {
              message: `number ${block.id} comes before ${newest.id} (${newest.name}), which ${base} has already: databases that have that one refuse it as out of order`,
              safe: nextNumber(tip, mine),
            }),
          ]
        : [];
    });
}

/** Only where the numbers so far are 1, 2, 3 and so on. */
function gapFindings({ mine, fork, tip, base }: BranchBlocks): readonly Finding[] {
  const before = integersOf([...tip, ...fork]);
  const isHabit = before.length > 1 && before.at(-1) === (before[0] ?? 0) + before.length - 1;
  const old = new Set(before);
  const all = new Set([...before, ...integersOf(mine)]);

  return isHabit
    ? mine
        .filter(({ id }) => /^\d+$/u.test(id) && !old.has(Number(id)) && !all.has(Number(id) - 1))
        .map((block) =>
          finding("branch-gap", block, {
            message: `number ${Number(block.id) - 1} is missing before ${block.id}, and ${base} has no gaps`,
            safe: "Take the number without a gap, unless another branch has it.",
          }),
        )
    : [];
}

function keptFindings({ mine, fork, base }: BranchBlocks): readonly Finding[] {
  const now = new Map(mine.map((block) => [block.id, block]));
  const byChecksum = new Map(mine.map((block) => [block.checksum, block]));

  return fork
    .filter(({ kind }) => kind === "once")
    .flatMap((old) => {
      const block = now.get(old.id);

      if (block !== undefined) {
        return block.checksum === old.checksum
          ? []
          : [
              finding("branch-edited", block, {
                message: `block ${old.id} was edited, and ${base} has it: databases that have it refuse the new text`,
                safe: "Restore the file, and put the change into a new one.",
              }),
            ];
      }
      const moved = byChecksum.get(old.checksum);
      return [
        finding("branch-deleted", moved ?? old, {
          message:
            moved === undefined
              ? `block ${old.id} (${old.name}) is gone, and ${base} has it`
              : `block ${old.id} became ${moved.id}: databases that have it would run it again`,
          safe: "Restore the file under its number, and put what takes it back into a new one.",
        }),
      ];
    });
}

function finding(
  rule: BranchRule,
  block: BlockHeader,
  { message, safe }: Pick<Finding, "message" | "safe">,
): Finding {
  return {
    rule,
    level: BRANCH_RULES[rule],
    block: block.id,
    at: { path: block.name, line: 1, column: 1 },
    message,
    safe,
    table: undefined,
    allowed: undefined,
  };
}

function idsOf(blocks: readonly BlockHeader[]): ReadonlySet<string> {
  return new Set(blocks.map(({ id }) => id));
}

function isNumbered({ id, kind }: BlockHeader): boolean {
  return kind === "once" && /^\d+(?:\.\d+)*$/u.test(id);
}

/** In order, each once; without timestamps, between which nothing is missing. */
function integersOf(blocks: readonly BlockHeader[]): readonly number[] {
  const numbers = blocks
    .filter(isNumbered)
    .flatMap(({ id }) => (/^\d{1,7}$/u.test(id) ? [Number(id)] : []));

  return [...new Set(numbers)].toSorted((one, other) => one - other);
}

function compareNumbers(one: string, other: string): number {
  const left = one.split(".");
  const right = other.split(".");
  const length = Math.max(left.length, right.length);
  const differences = Array.from({ length }, (_, part) => partOf(left, part) - partOf(right, part));

  return Number(differences.find((difference) => difference !== 0n) ?? 0n);
}

/** A number that ends is below all that go on. */
function partOf(parts: readonly string[], index: number): bigint {
  return BigInt(parts[index] ?? -1);
}

function nextNumber(tip: readonly BlockHeader[], mine: readonly BlockHeader[]): string {
  const numbers = integersOf([...tip, ...mine]);
  const last = numbers.at(-1);

  return last === undefined ||
    tip.some((block) => isNumbered(block) && !/^\d{1,7}$/u.test(block.id))
    ? "Give the file a newer number, before it is merged."
    : `Give the file a number above ${last}, before it is merged.`;
}
