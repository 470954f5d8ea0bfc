/** The two ways to the server. */
import type { Way } from "./contestants.ts";
import type { MeasureOptions } from "./measure.ts";
import type { World } from "./world.ts";

export function optionsFor({ sizes, link }: World, way: Way): MeasureOptions {
  return way === "near"
    ? { rounds: sizes.rounds, memory: false }
    : { rounds: sizes.slowRounds, memory: false, countRoundTrips: () => link.roundTrips };
}

export function farWords({ sizes }: World, way: Way): string {
  return way === "near" ? "" : `, ${sizes.roundTripMs} ms away`;
}
