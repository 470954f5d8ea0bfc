/** What was proved of a source on a scratch database: plain data, ready for JSON and for a script. */
import { RowgateError } from "./errors.ts";

export type ProofName = "apply" | "verify" | "again" | "on-change" | "undo" | "cut";

/** `open`: it could not be proved, and could not be disproved. */
export type ProofState = "proved" | "disproved" | "open";

export interface ProofStep {
  readonly name: ProofName;
  readonly state: ProofState;
  /** One line without a full stop, with figures: what was proved, or why not. */
  readonly summary: string;
  /** What speaks against it, or is left out: lines for people; often empty. */
  readonly details: readonly string[];
  readonly error?: RowgateError | undefined;
}

export interface Proof {
  /** The kind of server and its version, such as `PostgreSQL 18`; free of hosts. */
  readonly server: string;
  /** In the order in which they were tried. */
  readonly steps: readonly ProofStep[];
}

/** The error of a proof with a step that is disproved; undefined for all others. */
export function proofError({ server, steps }: Proof): RowgateError | undefined {
  const disproved = steps.filter(({ state }) => state === "disproved");
  const [first] = disproved;

  return first === undefined
    ? undefined
    : new RowgateError("proof-failed", {
        message: `disproved on ${server}: ${disproved.map(({ name, summary }) => `${name}: ${summary}`).join("; ")}`,
        hint: "Mend the source at the places that are named, and prove it again.",
        at: first.error?.at,
        excerpt: first.error?.excerpt,
        server: first.error?.server,
        cause: first.error,
      });
}

/** What a script says of a proof, a line each: the same for the same source and server. */
export function proofLines({ server, steps }: Proof): readonly string[] {
  return [
    `Proved by "rowgate test" on ${server}:`,
    ...steps.map(
      ({ name, state, summary }) =>
        `    ${name}: ${state === "proved" ? "" : "NOT PROVED: "}${summary.replaceAll(/\s+/g, " ")}`,
    ),
  ];
}
