/** Breaking off behind every statement, and going on. */
import { CUT } from "../dialects/catalog.ts";
import { RowgateError } from "../domain/errors.ts";
import type { ProofStep } from "../domain/proof.ts";
import { formatPosition } from "../domain/source.ts";
import { type CutPoint, cutBehind, cutPoints, sampleOf } from "./cuts.ts";
import { counted, deployTo, differenceTo, disproved, open, proved, type Proving } from "./proof.ts";
import { type Scratch, withScratch } from "./scratch.ts";

/** On a new database for each statement: the deployment is broken off there, and the next one goes on to the same catalog. */
export async function proveCuts(
  proving: Proving,
  expected: readonly string[],
): Promise<ProofStep> {
  const all = await cutPoints(proving.blocks);
  const points = sampleOf(all, proving.cuts);

  if (points.length === 0) {
    return open("cut", all.length === 0 ? "the source has no statements" : "no cuts were asked for");
  }

  for (const [index, point] of points.entries()) {
    proving.onProgress(
      `cut ${index + 1} of ${points.length}: ${formatPosition(point.at)}`,
    );
    const fault = await withScratch(proving.place, async (scratch) =>
      tryCut(proving, scratch, { point, expected }),
    );
    if (fault !== undefined) {
      return fault;
    }
  }

  const how =
    proving.place.target === undefined
      ? "the deployment was broken off by an error (an embedded database has no second session)"
      : "the deployment lost its session";
  const where =
    points.length === all.length
      ? `behind each of ${counted(all.length, "statement")}`
      : `behind ${points.length} of ${all.length} statements, spread evenly,`;

  return proved("cut", `${where} ${how}, and the next one went on to the same catalog`);
}

async function tryCut(
  proving: Proving,
  scratch: Scratch,
  { point, expected }: { readonly point: CutPoint; readonly expected: readonly string[] },
): Promise<ProofStep | undefined> {
  const { bundle, dialect, place } = proving;
  const where = `${formatPosition(point.at)} (statement ${point.number} of block ${point.block.id})`;
  const cut = cutBehind({ bundle, connect: scratch.connect }, point, {
    text: dialect.cutText(place.target === undefined),
    marker: CUT,
  });
  const first = await deployTo(proving, scratch, { bundle: cut.bundle, connect: cut.connect });

  if (!cut.isDone()) {
    return open(
      "cut",
      `the deployment could not be broken off behind ${where}: ${first.error?.message ?? "it went through"}`,
    );
  }

  const second = await deployTo(proving, scratch, { bundle });

  if (second.error !== undefined) {
    return disproved(
      "cut",
      `broken off behind ${where}, the next deployment cannot go on: ${second.error.message}`,
      { error: placed(second.error, point) },
    );
  }

  const details = await differenceTo(proving, scratch, expected);

  return details.length === 0
    ? undefined
    : disproved("cut", `broken off behind ${where}, the next deployment comes to another catalog`, {
        details,
        error: placed(undefined, point),
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
