/**
 * Does something with a signal of its own, which is aborted with the given one or by itself.
 * `AbortSignal.any` leaves a trace in a signal for as long as that lives, which can be years: here it
 * lives as long as the work.
 */
export async function withOwnSignal<T>(
  signal: AbortSignal,
  work: (own: AbortController) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) {
    abort();
  }

  try {
    return await work(own);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
