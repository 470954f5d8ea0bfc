/** A run on one database or several, forward or back, and what is said of it. */
import type { DeployEvent, TargetReport } from "../../domain/report.ts";
import type { Target } from "../../domain/target.ts";
import type { RunOptions } from "../../rowgate.ts";
import type { CommandContext } from "../command-context.ts";
import type { TargetResult } from "../command-result.ts";
import { formatEvent } from "../format/event.ts";
import { formatFleet, formatReport, type ReportStyle } from "../format/report.ts";
import type { Output } from "../output.ts";
import type { OpenedSource, Prepared } from "./prepare.ts";

export interface Work {
  readonly prepared: Prepared;
  readonly source: Pick<OpenedSource, "about" | "notes"> & {
    readonly bundle: Pick<OpenedSource["bundle"], "blocks">;
  };
  readonly targets: readonly Target[];
}

/** Runs it with the options of the settings, tells what goes on, and returns the results. */
export async function runTargets(
  { io, output }: CommandContext,
  { prepared: { settings }, source, targets }: Work,
  {
    run,
    ...style
  }: Omit<ReportStyle, "blocks"> & {
    readonly run: (options: RunOptions) => Promise<readonly TargetReport[]>;
  },
): Promise<readonly TargetResult[]> {
  const isFleet = targets.length > 1;
  const { serverOf, ...narrator } = createNarrator(output, {
    ...style,
    isFleet,
    blocks: source.bundle.blocks.length,
  });
  const reports = await run({
    lockWaitMs: settings.lockWaitMs,
    lockTimeoutMs: settings.lockTimeoutMs,
    transaction: settings.transaction ?? source.about?.transaction ?? "release",
    concurrency: settings.concurrency,
    signal: io.signal,
    onNote: source.notes.tell,
    ...narrator,
  });

  if (isFleet) {
    output.result(formatFleet(reports));
  }
  return reports.map((report) => resultOf(report, serverOf(report.name)));
}

interface Narrator {
  readonly onEvent: (event: DeployEvent) => void;
  readonly onReport: (report: TargetReport) => void;
  /** What a target's connection said of itself; undefined when there was none. */
  readonly serverOf: (target: string) => string | undefined;
}

/** Tells what goes on while it goes on: events as progress, each target's end as a result. */
function createNarrator(
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

function resultOf(report: TargetReport, server: string | undefined): TargetResult {
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
