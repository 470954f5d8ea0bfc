/** `rowgate deploy`: a source or a script → databases. */
import type { DeployEvent, TargetReport } from "../../domain/report.ts";
import { deploy as deployTo } from "../../rowgate.ts";
import { formatEvent } from "../format/event.ts";
import { formatFleet, formatReport, type ReportStyle } from "../format/report.ts";
import type { Output } from "../output.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { describeSource, findTargets, prepare, requireSource } from "./prepare.ts";

export async function deploy(context: CommandContext): Promise<CommandResult> {
  const { options, io, output } = context;
  const prepared = await prepare(context);
  const { settings } = prepared;
  const source = await requireSource(context, prepared);
  const targets = await findTargets(context, prepared, source);

  const dryRun = options.dryRun ?? false;
  const narrator = createNarrator(output, {
    dryRun,
    isFleet: targets.length > 1,
    blocks: source.bundle.blocks.length,
  });
  const reports = await deployTo(source.bundle, targets, {
    lockWaitMs: settings.lockWaitMs,
    lockTimeoutMs: settings.lockTimeoutMs,
    transaction: settings.transaction ?? source.about?.transaction ?? "release",
    to: options.to,
    outOfOrder: options.outOfOrder ?? false,
    dryRun,
    concurrency: settings.concurrency,
    signal: io.signal,
    onNote: source.notes.tell,
    ...narrator,
  });

  if (targets.length > 1) {
    output.result(formatFleet(reports));
  }
  return {
    targets: reports.map((report) => resultOf(report, narrator.serverOf(report.name))),
    more: { dryRun, ...describeSource(source) },
  };
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

function resultOf(
  report: TargetReport,
  server: string | undefined,
): CommandResult["targets"][number] {
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
