/** Versions as most tools compare them: number by number, not as dates. */
import { compareText, withoutZeros } from "../tree/order.ts";
import { baseOf, type LayoutEntry } from "./layout.ts";

/** The parts of `1_2.03`, without leading zeros: 1, 2 and 3. */
export function versionOf(text: string): readonly string[] {
  return text.split(/[._]/u).map(withoutZeros);
}

/** The id of a file: the group `version` of the pattern of its base name, `1.2` for `01_02`. */
export function idIn(path: string, pattern: RegExp): string {
  return versionOf(pattern.exec(baseOf(path))?.groups?.["version"] ?? "").join(".");
}

/** By version, then by path: two files of one version keep an order until that is refused. */
export function byVersion(left: LayoutEntry, right: LayoutEntry): number {
  return compareIds(left.id, right.id) || compareText(left.path, right.path);
}

/** Compares ids that are versions, such as `1.2` and `1.10`. */
export function compareIds(left: string, right: string): number {
  const [one, other] = [left.split("."), right.split(".")];

  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [a, b] = [one[index] ?? "", other[index] ?? ""];
    // Without leading zeros the longer number is the greater one, however long they are.
    const order = a.length - b.length || compareText(a, b);

    if (order !== 0) {
      return order;
    }
  }
  return 0;
}
