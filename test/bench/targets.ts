/** What the numbers should be at most; undefined for what is only worth knowing. */
import type { DialectName } from "../../src/domain/bundle.ts";

export interface Targets {
  /** To apply many blocks, as a multiple of the native client's time for the raw SQL. */
  readonly apply: number;
  /** The same over the slow link. */
  readonly applyFar: number;
  readonly applyTrips: number | undefined;
  /** To find nothing to do, or one new block, as a multiple of a node that only connects. */
  readonly start: number | undefined;
  readonly noOpTrips: number;
  readonly blockMiB: number | undefined;
  readonly bulkMiB: number;
}

export const TARGETS: Readonly<Record<DialectName, Targets>> = {
  postgres: {
    apply: 1,
    applyFar: 0.04,
    applyTrips: 12,
    start: 1.3,
    noOpTrips: 6,
    blockMiB: 150,
    bulkMiB: 400,
  },
  mysql: {
    apply: 2,
    applyFar: 0.1,
    applyTrips: undefined,
    start: undefined,
    noOpTrips: 8,
    blockMiB: undefined,
    bulkMiB: 400,
  },
};
