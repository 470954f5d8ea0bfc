/** Which of a repository's references is followed. */
import semver from "semver";
import { RowgateError } from "../../domain/errors.ts";

export type GitRef =
  /** The branch that the repository itself names. */
  | { readonly kind: "default" }
  /** A full name, such as `refs/heads/main`. `shown` is how people call it. */
  | { readonly kind: "name"; readonly name: string; readonly shown: string }
  /** The highest version among the tags. */
  | { readonly kind: "range"; readonly range: semver.Range }
  | { readonly kind: "commit"; readonly id: string };

const TAG_PREFIX = "refs/tags/";

/**
 * Reads `main`, `tag:v1.2`, `semver:^1.2`, `refs/…` or `commit:SHA`; undefined and `HEAD` mean the
 * default branch.
 *
 * @throws RowgateError `config-invalid`.
 */
export function parseRef(text: string | undefined): GitRef {
  if (text === undefined || text === "HEAD") {
    return { kind: "default" };
  }

  if (text.startsWith("tag:")) {
    const tag = text.slice("tag:".length);
    return named(TAG_PREFIX + tag, tag);
  }
  if (text.startsWith("semver:")) {
    return parseRange(text.slice("semver:".length));
  }
  if (text.startsWith("commit:")) {
    return parseCommit(text.slice("commit:".length));
  }

  return named(text.startsWith("refs/") ? text : `refs/heads/${text}`, text);
}

/** The kind of reference and its name, for messages. */
export function describeRef(ref: GitRef): string {
  if (ref.kind === "name") {
    return `${kindOf(ref.name)} ${ref.shown}`;
  }
  if (ref.kind === "range") {
    return `tag in the range ${ref.range.raw}`;
  }

  return ref.kind === "commit" ? `commit ${ref.id}` : "default branch";
}

/** Whether a tag is followed, which is meant to stay where it is. */
export function leadsToTag(ref: GitRef): boolean {
  return ref.kind === "range" || (ref.kind === "name" && tagName(ref.name) !== undefined);
}

/** The name without the part that says that it is a tag; undefined for other references. */
export function tagName(name: string): string | undefined {
  return name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : undefined;
}

/** The tag with the highest version in a range; `v` before the number does not count. */
export function highestTag(range: semver.Range, tags: readonly string[]): string | undefined {
  const [best] = tags
    .map((tag) => ({ tag, version: semver.parse(tag) }))
    .filter(({ version }) => version !== null && range.test(version))
    // Of 1.0.0+a and 1.0.0+b, and of v1.0.0 and 1.0.0, always the same one.
    .toSorted(
      (a, b) => semver.compareBuild(b.version ?? "", a.version ?? "") || (a.tag < b.tag ? -1 : 1),
    );

  return best?.tag;
}

function parseRange(text: string): GitRef {
  if (text.trim() === "" || semver.validRange(text) === null) {
    throw new RowgateError("config-invalid", {
      message: `${JSON.stringify(text)} is not a range of versions`,
      hint: "Write it as npm does, such as semver:^1.2 or semver:>=1.2 <3.",
    });
  }

  return { kind: "range", range: new semver.Range(text) };
}

function parseCommit(text: string): GitRef {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) {
    throw new RowgateError("config-invalid", {
      message: `${JSON.stringify(text)} is not the full SHA of a commit`,
      hint: "Write all of its 40 or 64 hexadecimal digits.",
    });
  }

  return { kind: "commit", id: text.toLowerCase() };
}

function named(name: string, shown: string): GitRef {
  if (!isRefName(name) || shown.startsWith("-")) {
    throw new RowgateError("config-invalid", {
      message: `Git allows no ${kindOf(name)} of the name ${JSON.stringify(shown)}`,
      hint: "Write a branch, or tag:NAME, semver:RANGE, commit:SHA or refs/… under ref.",
    });
  }

  return { kind: "name", name, shown };
}

function kindOf(name: string): string {
  if (name.startsWith("refs/heads/")) {
    return "branch";
  }

  return name.startsWith(TAG_PREFIX) ? "tag" : "reference";
}

/** The rules of `git check-ref-format`. */
function isRefName(name: string): boolean {
  const parts = name.split("/");

  return (
    parts.length > 2 &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{/u.test(name) &&
    !name.endsWith(".") &&
    parts.every((part) => part !== "" && !/^\.|\.lock$/.test(part))
  );
}
