/**
 * grate: folders in a fixed order. Files in `up` run once, those of most others whenever they
 * change, and those of `beforeMigration`, `permissions` and `afterMigration`, or with `EVERYTIME` in
 * their names, each time; within a folder by path.
 *
 * Rules: grate `FoldersConfiguration.cs` (folders and their order), docs `ScriptTypes/EverytimeScripts.md`,
 * `EnvironmentScripts.md`.
 */
import type { BlockKind } from "../../domain/block.ts";
import { compareText } from "../tree/order.ts";
import { baseOf, type Layout, type LayoutEntry, noteAt } from "./layout.ts";

const FOLDERS: readonly (readonly [folder: string, kind: BlockKind])[] = [
  ["beforemigration", "always"],
  ["alterdatabase", "on-change"],
  ["runaftercreatedatabase", "on-change"],
  ["runbeforeup", "on-change"],
  ["up", "once"],
  ["runfirstafterup", "on-change"],
  ["functions", "on-change"],
  ["views", "on-change"],
  ["sprocs", "on-change"],
  ["triggers", "on-change"],
  ["indexes", "on-change"],
  ["runafterotheranytimescripts", "on-change"],
  ["permissions", "always"],
  ["aftermigration", "always"],
];

/** Other trees have these as well. */
const COMMON = new Set(["functions", "views", "triggers", "indexes", "permissions", "up"]);

/** They make and remove databases, before a deployment could begin. */
const DATABASE = new Set(["createdatabase", "dropdatabase"]);

export const grate: Layout = {
  name: "grate",
  evidence({ sql }) {
    const paths = sql.map(({ path }) => path);
    const own = paths.filter((path) => rankOf(path) !== -1 && !COMMON.has(folderOf(path)));

    return paths.some((path) => folderOf(path) === "up") ? own : [];
  },
  read({ sql }) {
    const paths = sql.map(({ path }) => path);
    const left = paths.filter(
      (path) =>
        DATABASE.has(folderOf(path)) || (rankOf(path) !== -1 && /\.ENV\./iu.test(baseOf(path))),
    );

    return {
      entries: sql
        .filter(({ path }) => rankOf(path) !== -1 && !left.includes(path))
        .toSorted(
          (one, other) =>
            rankOf(one.path) - rankOf(other.path) || compareText(one.path, other.path),
        )
        .map(({ path, stem }): LayoutEntry => ({ id: stem, path, kind: kindOf(path) })),
      notes: left.map((path) =>
        noteAt(
          path,
          1,
          DATABASE.has(folderOf(path))
            ? `${path} is not run: the database must be there`
            : `${path} is for one environment only, and not part of the bundle`,
        ),
      ),
      aside: left,
    };
  },
};

/** Of the root; grate finds it in capital or small letters. */
function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")).toLowerCase() : "";
}

function rankOf(path: string): number {
  return FOLDERS.findIndex(([folder]) => folder === folderOf(path));
}

function kindOf(path: string): BlockKind {
  const isEveryTime = /(?:^|\.)everytime\./iu.test(baseOf(path));

  return isEveryTime ? "always" : (FOLDERS[rankOf(path)]?.[1] ?? "once");
}
