/** What programs said when they failed, as people read it. */
import { RowgateError } from "../domain/errors.ts";

/** Advice that git adds to every failure. */
const ADVICE =
  /^(?:please make sure you have the correct access rights|and the repository exists|\s*$)/i;

/** What a program said on its standard error, as one line of at most 300 letters. */
export function summary(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/\p{Cc}+/gu, " ").trim())
    .filter((line) => !ADVICE.test(line))
    .map((line) => line.replace(/^(?:fatal|error|svn): /i, ""));

  return lines.length === 0 ? "it said nothing" : [...new Set(lines)].join("; ").slice(0, 300);
}

/** The repository did not answer within its time, or answered without end. */
export function brokenOff(
  url: string,
  broken: "timeout" | "output",
  timeoutMs: number,
): RowgateError {
  const reason =
    broken === "timeout"
      ? `did not answer within ${timeoutMs / 1000} s`
      : "answered with more than anybody could use";

  return new RowgateError("repository-unreachable", {
    message: `the repository ${url} ${reason}`,
    hint: "It is asked again by itself; check the network and the host when this lasts.",
  });
}
