/** What is measured, and what comes of it. */
import type { DialectName } from "../../src/domain/bundle.ts";
import type { Claim } from "./claims.ts";
import type { Series } from "./measure.ts";
import type { World } from "./world.ts";

export interface Result {
  readonly title: string;
  readonly series: readonly Series[];
  readonly claims: readonly Claim[];
}

export interface Experiment {
  readonly name: string;
  /** The only family of servers that it makes sense on; every server unless given. */
  readonly dialect?: DialectName;
  /** It measures no server, so that one is as good as all. */
  readonly once?: boolean;
  run(world: World): Promise<Result>;
}
