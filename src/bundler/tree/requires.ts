/** What blocks require of each other, by `-- rowgate: requires`. */
import { RowgateError } from "../../domain/errors.ts";
import type { SourcePosition } from "../../domain/source.ts";
import type { Requirement } from "../../scan/directives.ts";
import { findId } from "./order.ts";

/** A block on its way into the bundle. */
export interface Requiring {
  readonly id: string;
  readonly path: string;
  readonly requires: readonly Requirement[];
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

  for (const block of blocks) {
    const missing = firstMissing(block);

    if (missing !== undefined) {
      throw laterError(block, missing);
    }
  }
  return ordered;

  function place(first: T): void {
    const ready = [first];

    for (let block = ready.shift(); block !== undefined; block = ready.shift()) {
      const missing = firstMissing(block);

      if (missing === undefined) {
        done.add(block.id);
        ordered.push(block);
        ready.unshift(...(waiting.get(block.id) ?? []));
      } else if (block.movable) {
        const id = idOf(missing);
        waiting.set(id, [...(waiting.get(id) ?? []), block]);
      } else {
        throw laterError(block, missing);
      }
    }
  }

  function firstMissing(block: T): Requirement | undefined {
    return block.requires.find((requirement) => !done.has(idOf(requirement)));
  }

  function idOf({ id }: Requirement): string {
    return findId(byId, id) ?? id;
  }
}

function checkKnown(block: Requiring, byId: ReadonlyMap<string, Requiring>): void {
  const unknown = block.requires.find(({ id }) => findId(byId, id) === undefined);

  if (unknown !== undefined) {
    throw new RowgateError("block-unknown", {
      message: `${block.path} requires ${unknown.id}, which is not in the source`,
      hint: "Name a block by its number, or by its path without .sql.",
      at: placeOf(block, unknown),
    });
  }
}

function laterError(block: Requiring, missing: Requirement): RowgateError {
  return new RowgateError("block-unknown", {
    message: `${block.path} requires ${missing.id}, which runs later or requires it in turn`,
    hint: "Move what is required to an earlier place, or remove the requirement.",
    at: placeOf(block, missing),
  });
}

function placeOf({ path }: Requiring, { line, column }: Requirement): SourcePosition {
  return { path, line, column };
}
