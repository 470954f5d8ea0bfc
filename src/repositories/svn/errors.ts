/** What svn says when the repository does not answer as it should. */
import { RowgateError, type ErrorCode } from "../../domain/errors.ts";
import { summary } from "../summary.ts";

/** There is nothing at the URL in that revision, or no such revision. */
export class NothingThere extends Error {
  override readonly name = "NothingThere";
}

interface Kind {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly verdict: string;
  readonly hint: string;
}

/** svn gives each error a number, whatever its language; the first kind that fits tells. */
const KINDS: readonly Kind[] = [
  {
    pattern:
      /E170001|E215004|E175013|E220001|E230001|E000013|permission denied \(|host key verification failed|host identification has changed/i,
    code: "repository-refused",
    verdict: "lets nobody in",
    hint: "Check the credentials, the rights of their user, the certificate and the keys of known hosts.",
  },
  {
    pattern: /E170011|^Redirecting to URL/m,
    code: "repository-missing",
    verdict: "has moved",
    hint: "Set the URL to where it is now.",
  },
  {
    pattern: /E210005|E180001|E175003|requested SVN filesystem/,
    code: "repository-missing",
    verdict: "is not there",
    hint: "Check the URL.",
  },
  {
    pattern: /E000028|E000122|E000030/,
    code: "cache-unwritable",
    verdict: "cannot be copied to this machine",
    hint: "Make room there, or let Rowgate write to it.",
  },
];

const UNREACHABLE = {
  code: "repository-unreachable",
  verdict: "cannot be reached",
  hint: "It is asked again by itself; check the network and the host when this lasts.",
} as const;

const NOTHING = /E160013|W160013|W170000|E195012|E160006|E170000|E160005/;

/** The error for what svn said on its standard error. */
export function svnFailure(url: string, stderr: string): Error {
  const known = KINDS.find(({ pattern }) => pattern.test(stderr));

  if (known === undefined && NOTHING.test(stderr)) {
    return new NothingThere(summary(stderr));
  }

  const { code, verdict, hint } = known ?? UNREACHABLE;
  const message = `the repository ${url} ${verdict}: ${summary(stderr)}`;
  return new RowgateError(code, { message, hint, cause: new Error(stderr) });
}
