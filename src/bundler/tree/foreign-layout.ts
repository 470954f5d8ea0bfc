/** Trees that were laid out for another tool, told by the names of their files. */

interface Layout {
  /** Matches a file that takes a database forward. */
  readonly forward: RegExp;
  readonly description: string;
}

const LAYOUTS: readonly Layout[] = [
  {
    forward: /(?:^|\/)V\d[\d._]*__[^/]+\.sql$/iu,
    description: "These files are named as Flyway wants them",
  },
  {
    forward: /(?:^|\/)\d[^/]*\/(?:up|migration)\.sql$/iu,
    description: "Here each step has a folder, as Diesel and Prisma want it",
  },
  {
    forward: /\.up\.sql$/iu,
    description: "Here each step has a file for up and one for down, as golang-migrate wants it",
  },
];

/** What to do with such a tree; undefined when the paths look like no layout that is known. */
export function foreignLayoutHint(paths: readonly string[]): string | undefined {
  for (const { forward, description } of LAYOUTS) {
    const example = paths.find((path) => forward.test(path));

    if (example !== undefined) {
      return `${description}. Add a main.sql at the root of the source that includes those that go forward, in order, one a line: \\ir ${example} (for MySQL: source ${example}).`;
    }
  }

  return undefined;
}
