/**
 * Sqitch: `sqitch.plan` gives the order; each change has `deploy/NAME.sql`, and perhaps
 * `revert/NAME.sql` and `verify/NAME.sql`. A change that comes again was reworked:
 * the files of its earlier instance are `NAME@TAG.sql`.
 *
 * Rules: sqitch `lib/App/Sqitch/Plan.pm` (the plan), `Plan/Change.pm` (names of files); sqitchchanges(7).
 */
import { posix } from "node:path";

import { RowgateError } from "../../domain/errors.ts";
import type { Note } from "../../domain/source.ts";
import { invalidLayout } from "./invalid.ts";
import {
  baseOf,
  directoryOf,
  type Layout,
  type LayoutEntry,
  type LayoutFiles,
  noteAt,
  type Section,
} from "./layout.ts";

const LINE =
  /^\s*(?<operator>[+-])?\s*(?<name>[^\s@[\]#:+-][^\s@[\]#:]*)\s*(?:\[(?<requires>[^\]]*)\])?\s+\d{4}-\d\d-\d\dT/u;
const TAG = /^\s*@(?<tag>\S+)\s/u;

interface Change {
  readonly name: string;
  readonly line: number;
  readonly requires: readonly string[];
  /** Tags between it and the next change of its name; empty unless it was reworked. */
  readonly reworkTags: string[];
}

interface Folders {
  readonly deploy: string;
  readonly revert: string;
  readonly verify: string;
}

export const sqitch: Layout = {
  name: "sqitch",
  namesAll: true,
  evidence: ({ others }) => others.filter(isPlan),
  read(files) {
    const plan = findPlan(files);
    const folders = foldersOf(plan, settingsFor(plan, files));
    const { changes, notes } = readPlan(plan, files.text(plan));
    const paths = new Set(files.sql.map(({ path }) => path));
    const inFolder = (folder: string): readonly string[] =>
      [...paths].filter((path) => path.startsWith(folder));
    const entries = changes.map((change) => entryOf(change, { plan, folders, paths }));
    const deployed = new Set(entries.map(({ path }) => path));

    return {
      entries,
      notes: [
        ...notes,
        ...inFolder(folders.deploy)
          .filter((path) => !deployed.has(path))
          .map((path) => noteAt(path, 1, `${plan} does not name ${path}: not part of the bundle`)),
      ],
      aside: Object.values(folders).flatMap(inFolder),
    };
  },
};

type Settings = (key: string) => string | undefined;

/** The paths that the nearest sqitch.conf, there or above, gives to its keys. */
function settingsFor(place: string, { others, text }: LayoutFiles): Settings {
  const conf = others.findLast(
    (path) => baseOf(path) === "sqitch.conf" && place.startsWith(directoryOf(path)),
  );
  const content = conf === undefined ? "" : text(conf);

  return (key) => {
    const value = new RegExp(`^\\s*${key}\\s*=\\s*(.+?)\\s*$`, "mu").exec(content)?.[1];

    return value === undefined ? undefined : posix.join(directoryOf(conf ?? ""), value);
  };
}

/** Beside the plan, unless sqitch.conf names other directories. */
function foldersOf(plan: string, setting: Settings): Folders {
  const top = setting("top_dir") ?? directoryOf(plan);
  const folder = (name: string): string =>
    posix.join(setting(`${name}_dir`) ?? posix.join(top, name), "/");

  return { deploy: folder("deploy"), revert: folder("revert"), verify: folder("verify") };
}

function isPlan(path: string): boolean {
  return baseOf(path) === "sqitch.plan";
}

/** Of several plans the one that Sqitch itself would take. */
function findPlan(files: LayoutFiles): string {
  const plans = files.others.filter(isPlan);
  const setting = settingsFor("", files);
  const wanted = setting("plan_file") ?? posix.join(setting("top_dir") ?? "", "sqitch.plan");
  const plan = plans.length > 1 ? plans.find((path) => path === wanted) : plans[0];

  if (plan === undefined) {
    throw new RowgateError("layout-unclear", {
      message:
        plans.length === 0
          ? "there is no sqitch.plan"
          : `there are ${plans.length} plans: ${plans.join(", ")}`,
      hint: "Name the directory of one sqitch.plan as the source.",
    });
  }
  return plan;
}

function readPlan(
  plan: string,
  text: string,
): { readonly changes: readonly Change[]; readonly notes: readonly Note[] } {
  const changes: Change[] = [];
  const notes: Note[] = [];
  const lines = text.split("\n").map((line) => line.replace(/#.*$/u, "").trimEnd());

  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const tag = TAG.exec(content)?.groups?.["tag"];

    if (tag !== undefined) {
      tagReworked(changes, tag, lines.slice(index + 1));
    } else if (/^\s*[^\s%]/u.test(content)) {
      const change = readChange(content, { plan, line });

      notes.push(...foreignNotes(change, plan));
      checkRequires(change, changes, plan);
      changes.push(change);
    }
  }
  return { changes, notes };
}

/** A tag counts for the changes before it that come again behind it. */
function tagReworked(changes: readonly Change[], tag: string, later: readonly string[]): void {
  const again = new Set(later.map((line) => LINE.exec(line)?.groups?.["name"]));
  const last = new Map(changes.map((change) => [change.name, change]));

  for (const [name, change] of last) {
    if (again.has(name)) {
      change.reworkTags.push(tag);
    }
  }
}

function readChange(content: string, { plan, line }: { plan: string; line: number }): Change {
  const { operator, name, requires = "" } = LINE.exec(content)?.groups ?? {};

  if (name === undefined || operator === "-") {
    throw invalidLayout(
      { path: plan, line },
      name === undefined
        ? "this line of the plan is neither a change with its time nor a tag"
        : `the plan takes ${name} back, which a bundle cannot do in between`,
      "Correct the plan with the sqitch command.",
    );
  }
  return { name, line, requires: requires.split(/\s+/u).filter(Boolean), reworkTags: [] };
}

function foreignNotes({ requires, line }: Change, plan: string): readonly Note[] {
  return requires
    .filter((id) => id.includes(":"))
    .map((id) => noteAt(plan, line, `${id} is of another project, and is not checked`));
}

function checkRequires(
  { name, line, requires }: Change,
  before: readonly Change[],
  plan: string,
): void {
  for (const required of requires.filter((id) => !id.includes(":"))) {
    const isConflict = required.startsWith("!");
    const wanted = required.replace(/^!/u, "").replace(/@.*$/u, "");
    const isThere = wanted === "" || before.some((change) => change.name === wanted);

    if (isConflict === isThere && wanted !== "") {
      throw invalidLayout(
        { path: plan, line },
        isConflict
          ? `${name} conflicts with ${wanted}, which the plan has before it`
          : `${name} requires ${wanted}, which the plan does not have before it`,
        "Correct the plan with the sqitch command.",
      );
    }
  }
}

function entryOf(
  { name, line, reworkTags }: Change,
  {
    plan,
    folders,
    paths,
  }: {
    readonly plan: string;
    readonly folders: Folders;
    readonly paths: ReadonlySet<string>;
  },
): LayoutEntry {
  const names = reworkTags.length === 0 ? [name] : reworkTags.map((tag) => `${name}@${tag}`);
  const id = names.find((each) => paths.has(`${folders.deploy}${each}.sql`));

  if (id === undefined) {
    throw invalidLayout(
      { path: plan, line },
      `the plan names ${name}, but there is no ${folders.deploy}${names[0]}.sql`,
      "Add the file, or take the change out of the plan.",
    );
  }

  const section = (folder: string): Section | undefined => {
    const path = `${folder}${id}.sql`;

    return paths.has(path) ? { path } : undefined;
  };

  return {
    id,
    path: `${folders.deploy}${id}.sql`,
    kind: "once",
    undo: section(folders.revert),
    verify: section(folders.verify),
  };
}
