/** Numbers that follow from the measurements, and what they should be. */
import { median, type Sample, type Series } from "./measure.ts";

export interface Claim {
  readonly what: string;
  /** NaN when it could not be measured here. */
  readonly value: number;
  readonly unit: "x" | "MiB" | "round trips";
  /** The target; undefined for a number that is only worth knowing. */
  readonly limit?: number | undefined;
}

/** The same claim with a target; undefined for none. */
export function atMost(limit: number | undefined, claim: Claim): Claim {
  return { ...claim, limit };
}

/** Whether a claim meets its target; undefined without a target or a value. */
export function isMet({ value, limit }: Claim): boolean | undefined {
  return limit === undefined || Number.isNaN(value) ? undefined : value <= limit;
}

/** The median time of the first as a multiple of the second's. */
export function ratioOf(
  series: readonly Series[],
  [subject, baseline]: readonly [string, string],
): Claim {
  const time = (name: string): number => median(valuesOf(series, name, ({ ms }) => ms));

  return {
    what: `${subject}, against ${baseline}`,
    value: time(subject) / time(baseline),
    unit: "x",
  };
}

/** The largest peak of memory that was seen. */
export function peakOf(series: readonly Series[], name: string): Claim {
  const peaks = valuesOf(series, name, ({ peakMiB }) => peakMiB);

  return { what: `${name}: memory`, value: largest(peaks), unit: "MiB" };
}

/** The largest number of round trips that was seen. */
export function roundTripsOf(series: readonly Series[], name: string): Claim {
  const counts = valuesOf(series, name, ({ roundTrips }) => roundTrips);

  return { what: `${name}: round trips`, value: largest(counts), unit: "round trips" };
}

/** What `pick` says of every sample of one contestant, without what was not measured. */
export function valuesOf(
  series: readonly Series[],
  name: string,
  pick: (sample: Sample) => number | undefined,
): readonly number[] {
  return series
    .filter(({ contestant }) => contestant === name)
    .flatMap(({ samples }) => samples.map(pick))
    .filter((value) => value !== undefined);
}

function largest(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values);
}
