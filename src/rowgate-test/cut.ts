/** Breaking off behind every statement, and going on. */
import { withConnection } from "../deployer/connection.ts";
import { markTarget } from "../deployer/mark-target.ts";
import { CUT } from "../dialects/catalog.ts";
import { RowgateError } from "../domain/errors.ts";
import type { ProofStep } from "../domain/proof.ts";
import { formatPosition } from "../domain/source.ts";
import { type CutPoint, cutBehind, cutPoints, sampleOf } from "./cuts.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import { type Scratch, withScratch } from "./scratch.ts";

/** What came of one cut: `marked` when somebody had to say what had become of the statement. */
type Ending = "went-on" | "marked" | ProofStep;

/**
 * On a new database for each statement: the deployment is broken off there, and the next one goes on
 * to the same catalog. Outside of transactions the next one stops, and has to know what became of
 * the statement: then it goes on once that is marked.
 */
export async function proveCuts(proving: Proving, expected: readonly string[]): Promise<ProofStep> {
  const { points: all, joined } = await cutPoints(proving.blocks, proving.dialect);
  const points = sampleOf(all, proving.cuts);
  let marked = 0;

  for (const [index, point] of points.entries()) {
    proving.onProgress(`cut ${index + 1} of ${points.length}: ${formatPosition(point.at)}`);
    const ending = await withScratch(proving.place, async (scratch) =>
      tryCut(proving, scratch, { point, expected }),
    );
    if (typeof ending === "object") {
      return ending;
    }
    marked += ending === "marked" ? 1 : 0;
  }

  return points.length === 0
    ? open("cut", "the source has no statements")
    : proved("cut", summaryOf(proving, { all: all.length, tried: points.length, marked, joined }));
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
      : `behind ${tried} of ${all} statements, spread evenly,`;
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

  return `${where} ${how}, and the next one went on to the same catalog${person}${together}`;
}

async function tryCut(
  proving: Proving,
  scratch: Scratch,
  { point, expected }: { readonly point: CutPoint; readonly expected: readonly string[] },
): Promise<Ending> {
  const { bundle, dialect, place } = proving;
  const cut = cutBehind({ bundle, connect: scratch.connect }, point, {
    text: dialect.cutText(place.target === undefined),
    marker: CUT,
  });
  const first = await deployTo(proving, scratch, { bundle: cut.bundle, connect: cut.connect });

  if (!cut.isDone()) {
    return open(
      "cut",
      `the deployment could not be broken off behind ${nameOf(point)}: ${first.error?.message ?? "it went through"}`,
    );
  }

  const { error, isMarked } = await goOn(proving, scratch, point);

  if (error !== undefined) {
    return disproved(
      "cut",
      `broken off behind ${nameOf(point)}, the next deployment cannot go on: ${error.message}`,
      { error: placed(error, point) },
    );
  }

  const details = await differenceTo(proving, scratch, expected);

  if (details.length > 0) {
    return disproved(
      "cut",
      `broken off behind ${nameOf(point)}, the next deployment comes to another catalog`,
      { details, error: placed(undefined, point) },
    );
  }
  return isMarked ? "marked" : "went-on";
}

function nameOf({ at, number, block }: CutPoint): string {
  return `${formatPosition(at)} (statement ${number} of block ${block.id})`;
}

interface Continuation {
  readonly error: RowgateError | undefined;
  readonly isMarked: boolean;
}

async function goOn(proving: Proving, scratch: Scratch, point: CutPoint): Promise<Continuation> {
  const { error } = await deployTo(proving, scratch, proving);
  const isDone =
    error?.code === "block-unfinished" ? await outcomeOf(proving, scratch, point) : undefined;

  if (isDone === undefined) {
    return { error, isMarked: false };
  }

  await markTarget(
    { ...scratch, dialect: proving.dialect, bundle: proving.bundle },
    {
      id: point.block.id,
      statement: point.number,
      as: isDone ? "applied" : "pending",
      reason: undefined,
    },
  );
  return { error: (await deployTo(proving, scratch, proving)).error, isMarked: true };
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
function placed(error: RowgateError | undefined, { at }: CutPoint): RowgateError {
  return new RowgateError(error?.code ?? "proof-failed", {
    message: error?.message ?? "the catalog is another one",
    hint: error?.hint,
    at: error?.at ?? at,
    excerpt: error?.excerpt,
    server: error?.server,
    cause: error,
  });
}
