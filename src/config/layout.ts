import { RowgateError } from "../domain/errors.ts";
import { isLayoutName, type LayoutName, LAYOUTS } from "../domain/layout.ts";
import { nearestName } from "../domain/nearest.ts";

/**
 * How the files of a source are laid out. `name` says in the error whose value it is.
 *
 * @throws RowgateError `usage-invalid`, when there is no such layout.
 */
export function parseLayout(text: string, name: string): LayoutName {
  if (!isLayoutName(text)) {
    const names = Object.keys(LAYOUTS);
    const nearest = nearestName(text, names);

    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}", which is no layout`,
      hint:
        nearest === undefined
          ? `Choose from ${names.join(", ")}; without it the files show it.`
          : `Write it as ${nearest}.`,
    });
  }
  return text;
}
