/** Asking several databases, each with its own outcome. */
import { RowgateError } from "../../domain/errors.ts";
import type { Target } from "../../domain/target.ts";
import type { CommandContext } from "../command-context.ts";
import type { TargetResult } from "../command-result.ts";

/**
 * Asks each target, so many at a time, prints what `ask` returns as text, and returns the results
 * in the order of the targets. What fails on one target is its result; it does not stop the others.
 */
export async function askTargets(
  targets: readonly Target[],
  concurrency: number,
  options: AskOptions,
): Promise<readonly TargetResult[]> {
  const results = new Map<Target, TargetResult>();
  const waiting = [...targets];

  const worker = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      results.set(target, await askOne(target, targets.length > 1, options));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, targets.length) }, worker));

  return targets.flatMap((target) => results.get(target) ?? []);
}

export interface AskOptions {
  readonly context: CommandContext;
  /** Whether it may be writing by now: then nobody knows what was written when it is broken off. */
  readonly mayWrite?: () => boolean;
  readonly ask: (target: Target) => Promise<Answer>;
}

export interface Answer {
  readonly text: string;
  readonly result: TargetResult;
}

async function askOne(
  target: Target,
  isOneOfMany: boolean,
  { context, ask, mayWrite = () => false }: AskOptions,
): Promise<TargetResult> {
  const { output, io } = context;
  try {
    const { text, result } = await untilAborted(ask(target), io.signal, mayWrite);
    output.result(text);
    if (result.error !== undefined) {
      output.error(result.error, isOneOfMany ? target.name : undefined);
    }
    return result;
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    output.error(error, isOneOfMany ? target.name : undefined);
    return { name: target.name, outcome: "failed", applied: [], pending: [], error };
  }
}

const CANCELLED = new RowgateError("cancelled", { message: "cancelled; nothing was changed" });

const CANCELLED_WRITE = new RowgateError("cancelled", {
  message: "cancelled; all of it may be written by now, or nothing",
  hint: "`rowgate status` shows it.",
});

/** Work can simply be left: the server ends it when the process goes. */
async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  mayWrite: () => boolean,
): Promise<T> {
  const cancelled = (): RowgateError => (mayWrite() ? CANCELLED_WRITE : CANCELLED);
  if (signal.aborted) {
    throw cancelled();
  }

  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(cancelled());
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
