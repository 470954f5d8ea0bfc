/**
 * Rowgate's own layout: numbers, routine folders, hooks. What it says of each name is in `tree/order.ts`.
 * Behind a line `-- rowgate: undo` stands what takes the block of a numbered file back.
 */
import { compareFiles, nameFile, type NamedFile } from "../tree/order.ts";
import { invalidLayout } from "./invalid.ts";
import { baseOf, type Layout, type LayoutEntry, type LayoutFiles } from "./layout.ts";
import { linesOf, partOf, sectionOf } from "./part.ts";

const UNDO = /^--\s*rowgate:\s*undo\s*$/iu;

export const own: Layout = {
  name: "rowgate",
  // It is what a tree has when it has no other.
  evidence: () => [],
  read(files) {
    const { sql } = files;
    const named = sql.map(({ path, stem }) => ({ path, naming: nameFile(path, stem) }));

    return {
      entries: named
        .map(({ naming }) => naming)
        .filter((naming) => typeof naming !== "string")
        .toSorted(compareFiles)
        .map((file) => entryOf(file, files)),
      notes: [],
      aside: named.filter(({ naming }) => naming === "aside").map(({ path }) => path),
    };
  },
};

function entryOf({ id, path, kind }: NamedFile, { marks, text }: LayoutFiles): LayoutEntry {
  const entry = { id, path, kind };

  if (kind !== "once" || !marks(path).some((mark) => UNDO.test(mark))) {
    return entry;
  }

  const lines = linesOf(text(path));
  const mark = lines.findIndex((line) => UNDO.test(line.text.trimEnd()));

  if (/\.ejs$/iu.test(path)) {
    throw invalidLayout(
      { path, line: mark + 1 },
      "a template is rendered as a whole, so that it has no undo section",
      `Put what takes block ${id} back into undo/${baseOf(path)}.`,
    );
  }

  return {
    ...entry,
    part: partOf(lines.slice(0, mark)),
    undo: sectionOf(path, lines.slice(mark + 1)),
  };
}
