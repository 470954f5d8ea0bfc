/** What blocks require of each other, by `-- rowgate: requires`. */
import { RowgateError } from "../domain/errors.ts";
import { normalizeId } from "./order.ts";

/** A block on its way into the bundle. */
export interface Requiring {
  readonly id: string;
  readonly path: string;
  readonly requires: readonly string[];
  /** Whether it may move behind what it requires; all others keep their place. */
  readonly movable: boolean;
}

/**
 * The blocks in an order in which each comes after what it requires. A movable block moves back
 * until then, and no further; without requirements the order stays.
 *
 * @throws RowgateError `block-unknown`, when a block requires one that is not there, that runs
 * later, or that requires it in turn.
 */
export function orderByRequires<T extends Requiring>(blocks: readonly T[]): readonly T[] {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const done = new Set<string>();
  const waiting = new Map<string, T[]>();
  const ordered: T[] = [];

  for (const block of blocks) {
    checkKnown(block, byId);
    place(block);
  }

  const stuck = blocks.find((block) => !done.has(block.id));

  if (stuck !== undefined) {
    throw laterError(stuck, firstMissing(stuck, done) ?? stuck.id);
  }
  return ordered;

  function place(first: T): void {
    const ready = [first];

    for (let block = ready.shift(); block !== undefined; block = ready.shift()) {
      const missing = firstMissing(block, done);

      if (missing === undefined) {
        done.add(block.id);
        ordered.push(block);
        ready.unshift(...(waiting.get(block.id) ?? []));
      } else if (block.movable) {
        waiting.set(missing, [...(waiting.get(missing) ?? []), block]);
      } else {
        throw laterError(block, missing);
      }
    }
  }
}

function firstMissing(block: Requiring, done: ReadonlySet<string>): string | undefined {
  return block.requires.map(normalizeId).find((id) => !done.has(id));
}

function checkKnown(block: Requiring, byId: ReadonlyMap<string, Requiring>): void {
  const unknown = block.requires.find((id) => !byId.has(normalizeId(id)));

  if (unknown !== undefined) {
    throw new RowgateError("block-unknown", {
      message: `${block.path} requires ${unknown}, which is not in the source`,
      hint: "Name a block by its number, or by its path without .sql.",
      at: { path: block.path, line: 1, column: 1 },
    });
  }
}

function laterError(block: Requiring, missing: string): RowgateError {
  return new RowgateError("block-unknown", {
    message: `${block.path} requires ${missing}, which runs later or requires it in turn`,
    hint: "Move what is required to an earlier place, or remove the requirement.",
    at: { path: block.path, line: 1, column: 1 },
  });
}
