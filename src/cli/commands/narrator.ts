/** What is said of a run on several databases, while it runs and at its end. */
import type { DeployEvent, TargetReport } from "../../domain/report.ts";
import type { TargetResult } from "../command-result.ts";
import { formatEvent } from "../format/event.ts";
import { formatReport, type ReportStyle } from "../format/report.ts";
import type { Output } from "../output.ts";

export interface Narrator {
  readonly onEvent: (event: DeployEvent) => void;
  readonly onReport: (report: TargetReport) => void;
  /** What a target's connection said of itself; undefined when there was none. */
  readonly serverOf: (target: string) => string | undefined;
}

/** Tells what goes on while it goes on: events as progress, each target's end as a result. */
export function createNarrator(
  output: Output,
  style: ReportStyle & { readonly isFleet: boolean },
): Narrator {
  const servers = new Map<string, string>();

  return {
    serverOf: (target) => servers.get(target),
    onEvent: (event) => {
      if (event.event === "connected") {
        servers.set(event.target, event.server);
      }
      const text = formatEvent(event, { colors: output.colors, isFleet: style.isFleet });
      if (text !== undefined) {
        output.frequentProgress(text);
      }
    },
    onReport: (report) => {
      if (report.error !== undefined) {
        output.error(report.error, style.isFleet ? report.name : undefined);
      }
      output.result(formatReport(report, style));
    },
  };
}

export function resultOf(report: TargetReport, server: string | undefined): TargetResult {
  const { name, outcome, applied, pending, tried, error, durationMs } = report;
  return {
    name,
    outcome,
    applied,
    pending: pending.map(({ block }) => block.id),
    error,
    more: {
      ...(server === undefined ? {} : { server }),
      ...(tried === undefined ? {} : { tried }),
      durationMs,
    },
  };
}
