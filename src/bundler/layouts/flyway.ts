/**
 * Flyway: `V1.2__name.sql` once, `R__name.sql` whenever it changes, behind all versions by its
 * description; `U1.2__name.sql` takes back, `B1.2__name.sql` stands for the versions up to it.
 *
 * Rules: flyway-core `ResourceNameParser`, `MigrationVersion` (zeros at the end do not count),
 * `CallbackEvent`; documentation.red-gate.com/fd, "Migrations", "Script configuration".
 */
import { compareText } from "../tree/order.ts";
import { invalidLayout, refusePrograms } from "./invalid.ts";
import {
  baseOf,
  type Layout,
  type LayoutEntry,
  type LayoutFiles,
  type LayoutReading,
  noteAt,
} from "./layout.ts";
import { byVersion, compareIds, versionOf } from "./version.ts";

const VERSIONED = /^(?<prefix>[VUB])(?<version>\d+(?:[._]\d+)*)__.*\.sql$/u;
const REPEATABLE = /^R__(?<description>.+)\.sql$/u;
const MISNAMED = /^(?:[VUB]\d.*|R_[^_].*)\.sql$/u;
const CALLBACK = /^(?:(?:before|after)[A-Z][A-Za-z]*|createSchema)(?:__.*)?\.sql$/u;
const PROGRAM =
  /^(?:[VUB]\d[\d._]*|R)__.*\.(?:java|kt|scala|groovy|class|py|sh|bash|ps1|bat|cmd)$/u;

interface Versioned {
  readonly path: string;
  readonly prefix: string;
  readonly id: string;
}

export const flyway: Layout = {
  name: "flyway",
  hasPlaceholders: true,
  evidence: ({ sql }) =>
    sql
      .map(({ path }) => path)
      .filter((path) => VERSIONED.test(baseOf(path)) || REPEATABLE.test(baseOf(path))),
  read(files) {
    refusePrograms(files.others, PROGRAM, "Flyway");

    const paths = files.sql.map(({ path }) => path);
    const versioned = paths.flatMap(versionedOf);
    const ofKind = (prefix: string): readonly Versioned[] =>
      versioned.filter((file) => file.prefix === prefix);
    const undo = new Map(ofKind("U").map(({ id, path }) => [id, path]));
    const baselines = baselinesOf(ofKind("B"), ofKind("V"));
    const once = [...baselines.used, ...ofKind("V")].map(({ id, path }): LayoutEntry => ({
      id,
      path,
      kind: "once",
      transaction: transactionOf(files, path),
      undo: undo.has(id) ? { path: undo.get(id) ?? "" } : undefined,
    }));
    const entries = [...once.toSorted(byVersion), ...repeatables(files)];

    return {
      entries,
      notes: [
        ...baselines.notes,
        ...paths
          .filter((path) => CALLBACK.test(baseOf(path)))
          .map((path) => noteAt(path, 1, `${path} is a callback of Flyway, which is not run`)),
        ...entries.flatMap(({ path }) => settingNotes(files, path)),
      ],
      aside: [
        ...ofKind("U").map(({ path }) => path),
        ...baselines.left,
        ...paths.filter((path) => CALLBACK.test(baseOf(path))),
      ],
    };
  },
};

function versionedOf(path: string): readonly Versioned[] {
  const { prefix, version } = VERSIONED.exec(baseOf(path))?.groups ?? {};

  if (prefix !== undefined && version !== undefined) {
    return [{ path, prefix, id: withoutZerosBehind(versionOf(version)).join(".") }];
  }
  if (MISNAMED.test(baseOf(path))) {
    throw invalidLayout(
      { path },
      `${path} has no __ between its version and its description, so that Flyway would not see it`,
      "Name it as V1__description.sql or R__description.sql.",
    );
  }
  return [];
}

/** 1.0 is 1. */
function withoutZerosBehind(parts: readonly string[]): readonly string[] {
  const last = parts.findLastIndex((part) => part !== "0");

  return parts.slice(0, Math.max(last, 0) + 1);
}

/**
 * The newest baseline counts where the versions that it stands for are gone; where they are still
 * there, they do the same.
 */
function baselinesOf(
  baselines: readonly Versioned[],
  versions: readonly Versioned[],
): { used: readonly Versioned[]; left: readonly string[]; notes: LayoutReading["notes"] } {
  const [newest] = baselines.toSorted((left, right) => compareIds(right.id, left.id));
  const isUsed = newest !== undefined && versions.every(({ id }) => compareIds(id, newest.id) > 0);
  const left = baselines.filter((baseline) => !isUsed || baseline !== newest);

  return {
    used: isUsed ? [newest] : [],
    left: left.map(({ path }) => path),
    notes: left.map(({ path }) =>
      noteAt(path, 1, `${path} is left out: the versioned files below it are run instead`),
    ),
  };
}

function repeatables({ sql }: LayoutFiles): readonly LayoutEntry[] {
  return sql
    .map(({ path, stem }) => ({
      path,
      stem,
      description: REPEATABLE.exec(baseOf(path))?.groups?.["description"],
    }))
    .filter(({ description }) => description !== undefined)
    .toSorted(
      (left, right) =>
        compareText(left.description ?? "", right.description ?? "") ||
        compareText(left.path, right.path),
    )
    .map(({ path, stem }) => ({ id: stem, path, kind: "on-change" }));
}

/** `V1__name.sql.conf` may say so. */
function transactionOf({ others, text }: LayoutFiles, path: string): "none" | undefined {
  const conf = `${path}.conf`;

  return others.includes(conf) && /^\s*executeInTransaction\s*=\s*false\s*$/imu.test(text(conf))
    ? "none"
    : undefined;
}

function settingNotes({ others, text }: LayoutFiles, path: string): LayoutReading["notes"] {
  const conf = `${path}.conf`;
  const other = others.includes(conf)
    ? /^\s*(?!executeInTransaction\b)(\w[\w.]*)\s*=/imu.exec(text(conf))
    : null;

  return other === null ? [] : [noteAt(conf, 1, `${other[1]} in ${conf} has no effect`)];
}
