/** The order of routines by what their texts name: a view comes after the function that it calls. */
import type { NamedText } from "../../scan/references.ts";
import type { Requiring } from "./requires.ts";

/**
 * The blocks in an order in which each movable block comes after the movable ones whose definitions
 * it names; all others keep their order. Of blocks that name each other one comes first.
 */
export function orderByReferences<T extends Requiring>(
  blocks: readonly T[],
  textOf: (block: T) => NamedText | undefined,
): readonly T[] {
  const movable = blocks.filter((block) => block.movable);
  const definers = new Map<string, T[]>();
  const placed = new Set<T>();
  const ordered: T[] = [];

  for (const block of movable) {
    for (const name of textOf(block)?.defines ?? []) {
      definers.set(name, [...(definers.get(name) ?? []), block]);
    }
  }

  const place = (block: T): void => {
    if (placed.has(block)) {
      return;
    }
    placed.add(block);
    named(block).forEach(place);
    ordered.push(block);
  };

  /** In the order that they have. */
  const named = (block: T): readonly T[] => {
    const names = textOf(block)?.names ?? new Set<string>();
    const found = new Set([...names].flatMap((name) => definers.get(name) ?? []));

    return movable.filter((other) => found.has(other));
  };

  movable.forEach(place);
  const next = ordered.values();

  return blocks.map((block) => (block.movable ? (next.next().value ?? block) : block));
}
