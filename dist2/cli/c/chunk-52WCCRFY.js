import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/cli/commands/targets.ts
async function askTargets(targets, concurrency, { context, ask }) {
  const results = /* @__PURE__ */ new Map();
  const waiting = [...targets];
  const worker = async () => {
    for (let target = waiting.shift(); target !== void 0; target = waiting.shift()) {
      results.set(target, await askOne(target, targets.length > 1, { context, ask }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, targets.length) }, worker));
  return targets.flatMap((target) => results.get(target) ?? []);
}
async function askOne(target, isOneOfMany, { context, ask }) {
  const { output, io } = context;
  try {
    const { text, result } = await untilAborted(ask(target), io.signal);
    output.result(text);
    if (result.error !== void 0) {
      output.error(result.error, isOneOfMany ? target.name : void 0);
    }
    return result;
  } catch (error) {
    if (!(error instanceof RowgateError)) {
      throw error;
    }
    output.error(error, isOneOfMany ? target.name : void 0);
    return { name: target.name, outcome: "failed", applied: [], pending: [], error };
  }
}
async function untilAborted(work, signal) {
  const cancelled = new RowgateError("cancelled", { message: "cancelled; nothing was changed" });
  if (signal.aborted) {
    throw cancelled;
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export {
  askTargets
};
