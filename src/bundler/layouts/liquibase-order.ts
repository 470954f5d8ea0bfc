/** The order of Liquibase's SQL files, from the changelog that includes them. */
import type { Note } from "../../domain/source.ts";
import { invalidLayout } from "./invalid.ts";
import { type LayoutFiles, noteAt } from "./layout.ts";

const INCLUDE = /\bfile["']?\s*[=:]\s*["']?(?<file>[^"'\s,}>]+\.sql)\b/gu;

interface Changelog {
  readonly path: string;
  readonly content: string;
}

/**
 * @throws RowgateError `layout-invalid` for a changelog with change sets of its own, for several,
 * and for one that includes what is not there.
 */
export function includedOrder(
  formatted: readonly string[],
  files: LayoutFiles,
): { readonly paths: readonly string[]; readonly notes: readonly Note[] } {
  const log = onlyChangelog(files);

  if (log === undefined || /\bincludeAll\b/u.test(log.content)) {
    return { paths: formatted, notes: [] };
  }

  const paths = [...log.content.matchAll(INCLUDE)].map((match) => {
    const file = match.groups?.["file"] ?? "";
    const path = formatted.find((own) => isSame(own, file));

    if (path === undefined) {
      throw invalidLayout(
        { path: log.path, line: lineAt(log.content, match.index) },
        `${log.path} includes ${file}, which is no formatted SQL file of the source`,
        "Correct the path, or begin that file with -- liquibase formatted sql.",
      );
    }
    return path;
  });

  return {
    paths,
    notes: formatted
      .filter((path) => !paths.includes(path))
      .map((path) =>
        noteAt(path, 1, `${log.path} does not include ${path}: not part of the bundle`),
      ),
  };
}

function onlyChangelog({ others, text }: LayoutFiles): Changelog | undefined {
  const logs = others
    .filter((path) => /\.(?:xml|ya?ml|json)$/iu.test(path))
    .map((path) => ({ path, content: text(path) }))
    .filter(({ content }) => /\bdatabaseChangeLog\b/u.test(content));

  for (const { path, content } of logs) {
    refuseChangeSets(path, content);
  }
  if (logs.length > 1) {
    throw invalidLayout(
      { path: logs[1]?.path ?? "" },
      `${logs.map(({ path }) => path).join(" and ")} both say in which order files run`,
      "Keep one changelog that includes the SQL files.",
    );
  }
  return logs[0];
}

function refuseChangeSets(path: string, content: string): void {
  const at = content.search(/<changeSet\b|\bchangeSet["']?\s*:/u);

  if (at !== -1) {
    throw invalidLayout(
      { path, line: lineAt(content, at) },
      `${path} holds change sets that are not SQL`,
      "Write them as formatted SQL; liquibase update-sql shows what they run.",
    );
  }
}

function lineAt(content: string, index: number): number {
  return content.slice(0, index).split("\n").length;
}

/** Changelogs name files below the source or from one of its parents. */
function isSame(own: string, file: string): boolean {
  const path = file.replace(/^classpath:/u, "").replace(/^(?:\.?\/)+/u, "");

  return own === path || own.endsWith(`/${path}`) || path.endsWith(`/${own}`);
}
