/** What git says when the repository does not answer as it should. */
import { RowgateError, type ErrorCode } from "../../domain/errors.ts";
import { summary } from "../summary.ts";

/** Something of the cache is not as Git left it; it can be deleted and made anew. */
export class CacheBroken extends Error {
  override readonly name: string = "CacheBroken";
}

/** The repository has no such object any more. */
export class ObjectGone extends Error {
  override readonly name = "ObjectGone";
}

/** The repository's host does not leave out the objects that it is asked to. */
export class FilterRefused extends Error {
  override readonly name = "FilterRefused";
}

/** The patterns of one kind of failure; the first kind that fits tells, whatever else was said. */
const KINDS = [
  { kind: "damaged", pattern: /on the remote side/i },
  {
    kind: "gone",
    pattern: /not our ref|unadvertised object|no such remote ref|couldn't find remote ref/i,
  },
  {
    kind: "filter",
    pattern: /filter '[^']*' not supported|filtering not recognized by server, dying/i,
  },
  {
    kind: "space",
    pattern:
      /^(?!remote:).*(?:no space left on device|disk quota exceeded|read-only file system|unable to create temporary file)/im,
  },
  {
    kind: "refused",
    pattern:
      /authentication failed|permission denied|could not read (?:username|password)|returned error: 40[13]\b|HTTP 40[13]\b|host key verification failed|host identification has changed|no matching host key|terminal prompts disabled|certificate problem|certificate verif|dubious ownership|access denied|not authorized|load key .*:/i,
  },
  {
    kind: "missing",
    pattern:
      /repository not found|repository '[^']*' not found|does not appear to be a git repository|returned error: 404|could not be found|no such file or directory/i,
  },
  {
    kind: "broken",
    pattern:
      /^(?!remote:).*(?:not a git repository|bad object|corrupt|loose object|object file|packfile|\.pack\b|\.idx\b|index file|inflate|file exists|invalid sha1|missing (?:tree|commit|blob)|could not read [0-9a-f]{40})/im,
  },
] as const;

interface Explanation {
  readonly code: ErrorCode;
  readonly verdict: string;
  readonly hint: string;
}

const UNREACHABLE: Explanation = {
  code: "repository-unreachable",
  verdict: "cannot be reached",
  hint: "It is asked again by itself; check the network and the host when this lasts.",
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  refused: {
    code: "repository-refused",
    verdict: "lets nobody in",
    hint: "Check the credentials, the rights of their user, and the keys of known hosts.",
  },
  missing: {
    code: "repository-missing",
    verdict: "is not there",
    hint: "Check the URL; some hosts say so, too, when the credentials have no right to see it.",
  },
  space: {
    code: "cache-unwritable",
    verdict: "cannot be copied to this machine",
    hint: "Make room for the cache, or let Rowgate write there.",
  },
};

/** The error for what a git that talks to a repository said on its standard error, in English. */
export function remoteFailure(url: string, stderr: string): Error {
  const kind = KINDS.find(({ pattern }) => pattern.test(stderr))?.kind;
  const said = summary(stderr);

  if (kind === "gone") {
    return new ObjectGone(said);
  }
  if (kind === "filter") {
    return new FilterRefused(said);
  }
  if (kind === "broken") {
    return new CacheBroken(said);
  }

  const { code, verdict, hint } = EXPLANATIONS[kind ?? ""] ?? UNREACHABLE;
  const message = `the repository ${url} ${verdict}: ${said}`;
  return new RowgateError(code, { message, hint, cause: new Error(stderr) });
}
