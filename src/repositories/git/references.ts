/** From what a repository lists to the one commit that is followed. */
import { RowgateError } from "../../domain/errors.ts";
import { nearestName } from "../../domain/nearest.ts";
import type { Tip } from "../../domain/repository.ts";
import type { GitRef } from "./ref.ts";
import { describeRef, highestTag, tagName } from "./ref.ts";
import type { References } from "./remote.ts";

/** What to ask `git ls-remote` for; empty when nothing has to be asked. */
export function patternsOf(ref: GitRef): readonly string[] {
  if (ref.kind === "name") {
    return [ref.name, peeled(ref.name)];
  }
  if (ref.kind === "range") {
    return ["refs/tags/*"];
  }

  return ref.kind === "commit" ? [] : ["HEAD"];
}

/** The tip; undefined when the reference is not there. */
export function chooseTip(ref: GitRef, { ids, head }: References): Tip | undefined {
  if (ref.kind === "name") {
    return tipAt(ids, ref.name, ref.shown);
  }
  if (ref.kind === "range") {
    const tags = [...ids.keys()].flatMap((name) => tagName(name) ?? []);
    const tag = highestTag(ref.range, tags);
    return tag === undefined ? undefined : tipAt(ids, `refs/tags/${tag}`, tag);
  }

  return ref.kind === "commit"
    ? { revision: ref.id, name: ref.id }
    : tipAt(ids, "HEAD", shortName(head ?? "HEAD"));
}

/** The error for a reference that is not there, given all that is. */
export function missingRef(ref: GitRef, url: string, { ids, head }: References): RowgateError {
  const names = [...ids.keys()].map(shortName);
  const near = ref.kind === "name" ? nearestName(ref.shown, names) : undefined;
  const others =
    head === undefined
      ? "It is looked for again by itself."
      : `Its default branch is ${shortName(head)}; it is looked for again by itself.`;

  return new RowgateError("ref-missing", {
    message:
      ids.size === 0
        ? `the repository ${url} is empty`
        : `the repository ${url} has no ${describeRef(ref)}`,
    hint: near === undefined ? others : `Is it ${near}? ${others}`,
  });
}

function tipAt(ids: ReadonlyMap<string, string>, name: string, shown: string): Tip | undefined {
  const id = ids.get(name);
  const commit = ids.get(peeled(name));

  if (id === undefined) {
    return undefined;
  }

  return commit === undefined
    ? { revision: id, name: shown }
    : { revision: commit, name: shown, tag: id };
}

/** How Git lists the commit that an annotated tag leads to. */
function peeled(name: string): string {
  return `${name}^{}`;
}

function shortName(name: string): string {
  return name.replace(/^refs\/(?:heads|tags)\//, "");
}
