// src/deployer/deploy-fleet.ts
async function deployFleet(targets, deploy, options) {
  let mustStop = false;
  const begin = async (target) => {
    if (mustStop || options.signal.aborted) {
      return skipped(target);
    }
    try {
      const report = await deploy(target);
      mustStop ||= options.failFast && report.outcome === "failed";
      return report;
    } catch (error) {
      mustStop = true;
      throw error;
    }
  };
  return options.concurrency > 1 && targets.length > 1 ? inParallel(targets, begin, options.concurrency) : inTurn(targets, begin);
}
async function inTurn(targets, begin) {
  const reports = [];
  for (const target of targets) {
    reports.push(await begin(target));
  }
  return reports;
}
async function inParallel(targets, begin, concurrency) {
  const { default: PQueue } = await import("p-queue");
  const queue = new PQueue({ concurrency });
  const settled = await Promise.allSettled(targets.map((target) => queue.add(() => begin(target))));
  return settled.map((result) => {
    if (result.status === "rejected") {
      throw result.reason;
    }
    return result.value;
  });
}
function skipped(target) {
  return { name: target.name, outcome: "skipped", applied: [], pending: [], durationMs: 0 };
}
export {
  deployFleet
};
