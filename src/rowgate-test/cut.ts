/** Breaking off behind every statement, and going on. */
import { withConnection } from "../deployer/connection.ts";
import { markTarget } from "../deployer/mark-target.ts";
import { CUT } from "../dialects/catalog.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Connect } from "../domain/ports.ts";
import type { ProofStep } from "../domain/proof.ts";
import { formatPosition } from "../domain/source.ts";
import { type CutPoint, cutBehind, cutPoints, sampleOf } from "./cuts.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import { type Scratch, withScratch } from "./scratch.ts";

/**
 * The deployment is broken off behind each statement in turn: on one database, each goes on where the
 * one before was broken off, and the last one comes to the same catalog. Outside of transactions the
 * next one stops, and has to know what became of the statement: then it goes on once that is marked.
 */
export async function proveCuts(proving: Proving, expected: readonly string[]): Promise<ProofStep> {
  const { points: all, joined } = await cutPoints(proving.blocks, proving.dialect);
  const points = sampleOf(all, proving.cuts);
  const uncut: string[] = [];
  let tried = 0;
  let marked = 0;

  while (tried < points.length) {
    const found = await cutFrom(proving, expected, points.slice(tried));
    if (found.fault !== undefined) {
      return (
        (found.isVague ? await findFault(proving, expected, points) : undefined) ?? found.fault
      );
    }
    tried += found.tried;
    marked += found.marked;
    uncut.push(...found.uncut);
  }

  if (points.length === 0) {
    return open("cut", "the source has no statements");
  }
  const cuts = points.length - uncut.length;
  const summary = summaryOf(proving, { all: all.length, tried: cuts, marked, joined });
  return uncut.length === 0 ? proved("cut", summary) : open("cut", summary, uncut);
}

/** What came of the cuts on one database. */
interface Found {
  /** What speaks against the source; undefined when nothing does. */
  readonly fault: ProofStep | undefined;
  /** Whether the fault only shows in the end. */
  readonly isVague: boolean;
  readonly marked: number;
  /** How many points were tried: the last of them, when there are more, could not be cut at. */
  readonly tried: number;
  /** Lines about the point that could not be cut at. */
  readonly uncut: readonly string[];
}

/** On a new database, up to the first point that cannot be cut at. */
async function cutFrom(
  proving: Proving,
  expected: readonly string[],
  points: readonly CutPoint[],
): Promise<Found> {
  return withScratch(proving.place, async (scratch) => {
    const course = new Course(proving, scratch);
    const uncut: string[] = [];
    let tried = 0;

    for (const point of points) {
      proving.onProgress(`cut behind ${formatPosition(point.at)}`);
      const ending = await course.cutBehind(point);
      if (ending.fault !== undefined) {
        return { fault: ending.fault, isVague: false, marked: course.marked, tried, uncut };
      }
      tried += 1;
      if (!ending.isCut) {
        uncut.push(`not behind ${nameOf(point)}: ${ending.reason}`);
        break;
      }
    }

    const fault = await course.end(expected);
    return { fault, isVague: tried > 1, marked: course.marked, tried, uncut };
  });
}

/** The first of the points that comes to another catalog by itself; undefined when none does. */
async function findFault(
  proving: Proving,
  expected: readonly string[],
  points: readonly CutPoint[],
): Promise<ProofStep | undefined> {
  for (const point of points) {
    const { fault } = await cutFrom(proving, expected, [point]);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
}

interface Figures {
  readonly all: number;
  readonly tried: number;
  readonly marked: number;
  readonly joined: number;
}

function summaryOf({ place }: Proving, { all, tried, marked, joined }: Figures): string {
  const where =
    tried === all
      ? `behind each of ${counted(all, "statement")}`
      : `behind ${tried} of ${counted(all, "statement")}`;
  const how =
    place.target === undefined && !place.endsSessions
      ? "the deployment was broken off by an error (an embedded database has no second session)"
      : "the deployment was broken off";
  const person =
    marked === 0
      ? ""
      : `; ${marked} of them outside of a transaction, where it first stopped, and knew what had become of the statement`;

  const together =
    joined === 0
      ? ""
      : `; ${counted(joined, "DROP")} ${joined === 1 ? "runs" : "run"} as one with the CREATE behind`;

  return `${where} ${how}, and the next one went on; the last one came to the same catalog${person}${together}`;
}

type Ending =
  | { readonly isCut: true; readonly fault?: undefined }
  | { readonly isCut: false; readonly fault: ProofStep | undefined; readonly reason: string };

/** Deployments to one database, one after the other, each broken off by the next cut. */
class Course {
  /** How often somebody had to say what had become of the statement. */
  marked = 0;
  readonly #proving: Proving;
  readonly #scratch: Scratch;
  /** The last cut. */
  #last: CutPoint | undefined;

  constructor(proving: Proving, scratch: Scratch) {
    this.#proving = proving;
    this.#scratch = scratch;
  }

  /** Goes on up to there. */
  async cutBehind(point: CutPoint): Promise<Ending> {
    const { bundle, dialect, place } = this.#proving;
    const cut = cutBehind({ bundle, connect: this.#scratch.connect }, point, {
      text: dialect.cutText(place.target === undefined),
      marker: CUT,
    });
    const error = await this.#goOn(cut);

    if (cut.isDone()) {
      if (point.block.transaction === "none") {
        // Its claim is that of the session.
        await this.#scratch.endSession();
      }
      this.#last = point;
      return { isCut: true };
    }
    const fault = error === undefined ? undefined : this.#faultOf(error);
    return { isCut: false, fault, reason: error?.message ?? "the deployment went through" };
  }

  /** Goes on to the end; what speaks against the source, undefined for nothing. */
  async end(expected: readonly string[]): Promise<ProofStep | undefined> {
    const error = await this.#goOn(this.#proving);
    if (error !== undefined) {
      return this.#faultOf(error);
    }

    const details = await differenceTo(this.#proving, this.#scratch, expected);
    return details.length === 0
      ? undefined
      : disproved(
          "cut",
          `broken off behind ${this.#place()}, the next deployment comes to another catalog`,
          {
            details,
            error: new RowgateError("proof-failed", {
              message: "the catalog is another one",
              at: this.#last?.at,
            }),
          },
        );
  }

  #faultOf(error: RowgateError): ProofStep | undefined {
    return this.#last === undefined
      ? undefined
      : disproved(
          "cut",
          `broken off behind ${this.#place()}, the next deployment cannot go on: ${error.message}`,
          { error: placed(error, this.#last) },
        );
  }

  #place(): string {
    return this.#last === undefined ? "nothing" : nameOf(this.#last);
  }

  /** Each block in a transaction of its own, so that a cut takes no more with it than it must. */
  async #goOn({
    bundle,
    connect,
  }: {
    readonly bundle: Bundle;
    readonly connect?: Connect;
  }): Promise<RowgateError | undefined> {
    const options = { bundle, connect, transaction: "block" } as const;
    const { error } = await deployTo(this.#proving, this.#scratch, options);
    const last = this.#last;
    const isDone =
      error?.code === "block-unfinished" && last !== undefined
        ? await outcomeOf(this.#proving, this.#scratch, last)
        : undefined;

    if (isDone === undefined || last === undefined) {
      return error;
    }

    await markTarget(
      { ...this.#scratch, dialect: this.#proving.dialect, bundle: this.#proving.bundle },
      {
        id: last.block.id,
        statement: last.number,
        as: isDone ? "applied" : "pending",
        reason: undefined,
      },
    );
    this.marked += 1;
    return (await deployTo(this.#proving, this.#scratch, options)).error;
  }
}

function nameOf({ at, number, block }: CutPoint): string {
  return `${formatPosition(at)} (statement ${number} of block ${block.id})`;
}

/** What the database shows of the statement, as the deployment that stopped has seen it; undefined for nothing. */
async function outcomeOf(
  { dialect }: Proving,
  scratch: Scratch,
  { text }: CutPoint,
): Promise<boolean | undefined> {
  const query = dialect.claim?.outcomeQuery(text);

  if (query === undefined) {
    return undefined;
  }
  return withConnection({ ...scratch, dialect }, async (connection) => {
    const done = (await connection.query(query))[0]?.["done"] ?? null;
    // Some drivers hand over the server's text.
    return done === null ? undefined : done === true || done === "t" || done === "true";
  });
}

/** The error, with the place of the cut where it has none. */
function placed(error: RowgateError, point: CutPoint): RowgateError {
  const { code, message, hint, at = point.at, excerpt, server } = error;

  return new RowgateError(code, { message, hint, at, excerpt, server, cause: error });
}
