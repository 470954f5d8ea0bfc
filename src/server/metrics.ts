/** What Prometheus reads: gauges of how things are now, and counts of what happened since the start. */
import type { Registry } from "prom-client";
import type { WatchView } from "../domain/watch.ts";
import { followChanges } from "./metrics/changes.ts";
import { countEvents, type HookResult } from "./metrics/counters.ts";
import { addGauges } from "./metrics/gauges.ts";

export interface Metrics {
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  countHook(result: HookResult): void;
  /** Ends its subscription to the view. */
  close(): void;
}

export interface MetricsOptions {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export async function createMetrics(view: WatchView, options: MetricsOptions): Promise<Metrics> {
  const prometheus = await import("prom-client");
  const registry: Registry = new prometheus.Registry();
  const changes = followChanges(prometheus, registry, view);
  const counters = countEvents(prometheus, registry, view);
  addGauges(prometheus, registry, { view, changes, ...options });

  const unsubscribe = view.subscribe((event) => {
    changes.look();
    if (event !== undefined) {
      counters.count(event);
    }
  });

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    countHook: (result) => counters.countHook(result),
    close: unsubscribe,
  };
}
