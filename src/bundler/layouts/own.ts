/** Rowgate's own layout: numbers, routine folders, hooks. What it says of each name is in `tree/order.ts`. */
import { compareFiles, nameFile } from "../tree/order.ts";
import type { Layout } from "./layout.ts";

export const own: Layout = {
  name: "rowgate",
  // It is what a tree has when it has no other.
  evidence: () => [],
  read({ sql }) {
    const named = sql.map(({ path, stem }) => ({ path, naming: nameFile(path, stem) }));

    return {
      entries: named
        .map(({ naming }) => naming)
        .filter((naming) => typeof naming !== "string")
        .toSorted(compareFiles)
        .map(({ id, path, kind }) => ({ id, path, kind })),
      notes: [],
      aside: named.filter(({ naming }) => naming === "aside").map(({ path }) => path),
    };
  },
};
