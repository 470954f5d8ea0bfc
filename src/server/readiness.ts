/** Whether the watcher lives, and whether it does its work. */
import type { LoopHealth, SourceState, WatchView } from "../domain/watch.ts";

export interface Verdict {
  readonly ok: boolean;
  /** Why not; empty when all is well. */
  readonly reasons: readonly VerdictReason[];
}

export interface VerdictReason {
  /** Undefined when it is none of one source. */
  readonly source: string | undefined;
  readonly code: string;
  readonly message: string;
  /** The command that ends it; undefined when it ends by itself. */
  readonly command: string | undefined;
}

export interface ReadinessRules {
  readonly holdsUnready: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A fetch, a build and the longest pause after failures fit into it. */
const PATIENCE_MS = 15 * 60_000;

/** A source that was not reached for so many intervals makes the watcher unready. */
const SILENT_INTERVALS = 10;
/** With very short intervals, one slow answer is no silence. */
const LEAST_SILENCE_MS = 30_000;

/** Falls only when a loop stands still, so that no trouble of Git or a database restarts the process. */
export function healthOf(loops: readonly LoopHealth[]): Verdict {
  return verdict(
    loops
      .filter(
        ({ quietMs, intervalMs, isDeploying }) =>
          !isDeploying && quietMs > 3 * intervalMs + PATIENCE_MS,
      )
      .map(({ source, quietMs }) => ({
        source,
        code: "loop-stalled",
        message: `nothing has moved for ${Math.round(quietMs / 1000)} s`,
        command: undefined,
      })),
  );
}

/** Falls whenever the watcher cannot do its work, and rises again when it can. */
export function readinessOf(
  view: Pick<WatchView, "sources" | "loops" | "trouble">,
  rules: ReadinessRules,
): Verdict {
  const trouble = view.trouble();
  const intervals = new Map(view.loops().map(({ source, intervalMs }) => [source, intervalMs]));

  return verdict([
    ...(trouble === undefined ? [] : [{ source: undefined, ...trouble }]),
    ...healthOf(view.loops()).reasons,
    ...view
      .sources()
      .flatMap((source) => silenceOf(source, intervals.get(source.name) ?? 0, rules.now)),
    ...(rules.holdsUnready ? view.sources().flatMap(holdOf) : []),
  ]);
}

function silenceOf(
  { name, reachedAt, trouble }: SourceState,
  intervalMs: number,
  now: number,
): readonly VerdictReason[] {
  const silentMs = reachedAt === undefined ? Infinity : now - Date.parse(reachedAt);
  if (silentMs <= Math.max(LEAST_SILENCE_MS, SILENT_INTERVALS * intervalMs)) {
    return [];
  }
  const since = reachedAt === undefined ? "" : ` since ${reachedAt}`;
  return [
    {
      source: name,
      code: trouble?.code ?? "source-silent",
      message: `the repository was not reached${since}${trouble === undefined ? "" : `: ${trouble.message}`}`,
      command: trouble?.command,
    },
  ];
}

function holdOf({ name, candidate }: SourceState): readonly VerdictReason[] {
  const { state, reason } = candidate ?? {};
  return (state === "held" || state === "failed") && reason !== undefined
    ? [{ source: name, code: reason.code, message: reason.message, command: reason.command }]
    : [];
}

function verdict(reasons: readonly VerdictReason[]): Verdict {
  return { ok: reasons.length === 0, reasons: reasons.map(plain) };
}

function plain({ source, code, message, command }: VerdictReason): VerdictReason {
  return { source, code, message, command };
}
