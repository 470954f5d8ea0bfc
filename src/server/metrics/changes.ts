/** What is known only from comparing sources with how they were: questions asked, and since when each is behind. */
import type * as prometheusClient from "prom-client";
import type { Registry } from "prom-client";
import type { Candidate, SourceState, WatchView } from "../../domain/watch.ts";

export type Prometheus = typeof prometheusClient;

export interface Changes {
  /** To be called after each change. */
  look(): void;
  /**
   * The time of the oldest revision that a source has not deployed, in milliseconds since 1970: a
   * newer revision does not make it younger. Undefined when nothing is to be deployed.
   */
  behindSince(source: string): number | undefined;
}

/** States of a candidate after which nothing of it is to be deployed. */
const SETTLED: ReadonlySet<Candidate["state"]> = new Set(["deployed", "covered", "rejected"]);

export function followChanges(
  prometheus: Prometheus,
  registry: Registry,
  view: WatchView,
): Changes {
  const probes = new prometheus.Counter({
    name: "rowgate_watch_probe_total",
    help: "Questions to the repository, by what they found.",
    labelNames: ["watch", "result", "class"] as const,
    registers: [registry],
  });
  const durations = new prometheus.Histogram({
    name: "rowgate_watch_probe_duration_seconds",
    help: "How long the repository took for an answer.",
    labelNames: ["watch"] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  let before = byName(view);
  let since = behind(before, new Map());

  return {
    behindSince: (source) => since.get(source),

    look() {
      const after = byName(view);
      for (const [name, source] of after) {
        const previous = before.get(name);
        if (source.probedAt !== undefined && source.probedAt !== previous?.probedAt) {
          probes.inc({ watch: name, ...resultOf(previous, source) });
          if (source.trouble === undefined && source.probeMs !== undefined) {
            durations.observe({ watch: name }, source.probeMs / 1000);
          }
        }
      }
      since = behind(after, since);
      before = after;
    },
  };
}

/** The source has a revision that is not deployed everywhere, and nobody refused it. */
export function isBehind({ candidate }: SourceState): boolean {
  return candidate !== undefined && !SETTLED.has(candidate.state);
}

function behind(
  sources: ReadonlyMap<string, SourceState>,
  since: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const entries = [...sources].flatMap(([name, source]): readonly [string, number][] => {
    const { candidate } = source;
    if (candidate === undefined || !isBehind(source)) {
      return [];
    }
    const began = Date.parse(candidate.committedAt ?? candidate.seenAt);
    return [[name, Math.min(since.get(name) ?? Infinity, began)]];
  });
  return new Map(entries);
}

function resultOf(
  before: SourceState | undefined,
  { trouble, candidate }: SourceState,
): { readonly result: string; readonly class: string } {
  if (trouble !== undefined) {
    return { result: "error", class: trouble.code };
  }
  const isSame = before?.candidate?.revision === candidate?.revision;
  return { result: isSame ? "unchanged" : "changed", class: "" };
}

function byName(view: WatchView): ReadonlyMap<string, SourceState> {
  return new Map(view.sources().map((source) => [source.name, source]));
}
