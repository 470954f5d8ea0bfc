/** Transaction control that a bundle can leave out: one BEGIN first and one COMMIT last. */
import type { Control } from "./rules.ts";

/** What `misplacedControl` needs of a statement. */
export interface PlacedControl {
  readonly index: number;
  readonly control: Control;
}

/**
 * The statement that breaks the rule of one BEGIN before place `first` and one COMMIT at place
 * `last`; undefined when the rule is kept or there is no control at all.
 */
export function misplacedControl<T extends PlacedControl>(
  controls: readonly T[],
  place: { readonly first: number; readonly last: number },
): T | undefined {
  const [begin, commit] = controls;

  if (begin === undefined || begin.control !== "begin" || begin.index >= place.first) {
    return begin;
  }

  const ends = controls.length === 2 && commit?.control === "commit" && commit.index === place.last;

  return ends ? undefined : (commit ?? begin);
}

/** The words of a short statement, without the comments before it and without `;`. */
export function commandOf(text: string): string {
  return text
    .replace(/^(?:\s+|(?:--|#)[^\n]*\n?|\/\*[\s\S]*?\*\/)+/u, "")
    .replace(/;[\s\S]*$/u, "")
    .trim()
    .replaceAll(/\s+/gu, " ")
    .slice(0, 60);
}
