/**
 * What another tool's row and a block of the source have in common: a name, a number or a word, each
 * written as `kind:value`. Equal keys mean that the two may be one.
 */
import type { BlockHeader } from "./block.ts";

/** The name of a file or of a folder that holds one step, or an id. */
export function nameKey(name: string): string {
  return `name:${name}`;
}

/**
 * The keys of a path whose first folders a block may lack, or that lacks the first folders of a
 * block. It may begin with a scheme.
 */
export function pathKeys(path: string): readonly string[] {
  const plain = path.replace(/^[a-z]+:/u, "");

  return [nameKey(plain), ...endingsOf(plain).map(wholeKey)];
}

/** The keys of one of the steps that a file has, which Liquibase's layout names `PATH#STEP`. */
export function stepKeys(path: string, step: string): readonly string[] {
  const stem = stemOf(path.replace(/^[a-z]+:/u, ""));

  return endingsOf(stem).map((ending) => nameKey(`${ending}#${step}`));
}

/** A number as tools write it, with any zeros and any of `.`, `_` and `-` between its parts. */
export function numberKey(number: string): string {
  return `number:${plainNumber(number)}`;
}

/** A word of a file's name, such as the revision that Alembic puts there. */
export function wordKey(word: string): string {
  return `word:${word}`;
}

/** The number of a key; undefined for a key of another kind. */
export function numberOfKey(key: string): string | undefined {
  return /^number:(.*)$/u.exec(key)?.[1];
}

/** Every key of a block. */
export function keysOf(block: BlockHeader): readonly string[] {
  const [, path, step] = /^([^#]+)#(.+)$/su.exec(block.id) ?? [];
  if (path !== undefined && step !== undefined) {
    // The file is not only its own.
    return stepKeys(path, step);
  }

  const stem = stemOf(block.name);
  const names = new Set([block.id, ...endingsOf(block.name), ...endingsOf(stem)]);
  const number = blockNumber(block);

  return [
    ...[...names].map(nameKey),
    ...new Set([block.name, stem].map(wholeKey)),
    ...(number === undefined ? [] : [`number:${number}`]),
    ...new Set(baseOf(stem).split("_").map(wordKey)),
  ];
}

/** The number of a block, without leading zeros; undefined for one without. */
export function blockNumber({ id, name }: BlockHeader): string | undefined {
  if (/^\d+(?:\.\d+)*$/u.test(id)) {
    return plainNumber(id);
  }

  const base = baseOf(stemOf(name));
  const [, flyway] = /^[VUB](\d+(?:[._]\d+)*)__/iu.exec(base) ?? [];
  const [, day] = /^(\d{4}-\d\d-\d\d(?:-\d{4,6})?)(?!\d)/u.exec(base) ?? [];
  const [number] = /^\d+(?:\.\d+)*/u.exec(base) ?? [];
  const found = flyway ?? day?.replaceAll("-", "") ?? number;

  return found === undefined ? undefined : plainNumber(found);
}

/** Compares part by part: `1.10` comes after `1.9`, and `1` is `1.0`. */
export function compareNumbers(left: string, right: string): number {
  const [lefts, rights] = [left.split("."), right.split(".")];

  for (let index = 0; index < Math.max(lefts.length, rights.length); index += 1) {
    const [one, other] = [BigInt(lefts[index] ?? 0), BigInt(rights[index] ?? 0)];

    if (one !== other) {
      return one < other ? -1 : 1;
    }
  }
  return 0;
}

function plainNumber(number: string): string {
  return number
    .split(/[._-]/u)
    .map((part) => part.replace(/^0+(?=\d)/u, ""))
    .join(".");
}

function wholeKey(path: string): string {
  return `path:${path}`;
}

/** The path without the suffixes of SQL files, and without what only says that the file goes forward. */
function stemOf(name: string): string {
  const stem = name
    .replace(/\.ejs$/iu, "")
    .replace(/\.sql$/iu, "")
    .replace(/\.(?:pg|postgres|mysql|mariadb)$/iu, "")
    .replace(/\.up$/iu, "");

  return stem.replace(/\/(?:up|migration)$/iu, "");
}

function endingsOf(path: string): readonly string[] {
  const parts = path.split("/");

  return parts.map((_, index) => parts.slice(index).join("/"));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
