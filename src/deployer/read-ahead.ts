/** Makes the next thing while the last one is in use. */

/** The items in their order, each asked for when the one before it is handed out. */
export async function* readAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();

  try {
    let next = ask(iterator);

    for (let result = await next; result.done !== true; result = await next) {
      next = ask(iterator);
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}

function ask<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T, unknown>> {
  const next = iterator.next();
  // An error waits for its turn.
  next.catch(() => undefined);

  return next;
}
