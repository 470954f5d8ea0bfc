/** A source in which everything that people may write is hostile, with many targets. */
import type { SourceState } from "../../../src/domain/watch.ts";
import { candidate, environment, NOW, progress, targetProgress, upToDate } from "./sample.ts";

export function hostile(now = NOW): SourceState {
  const fleet = environment(
    "fleet",
    Array.from({ length: 60 }, (_, index) => `tenant-${index + 1}`),
  );
  const source = upToDate("legacy", now);
  const targets = fleet.targets.map((name, index) =>
    index === 17
      ? targetProgress(name, "failed", { error: HOSTILE })
      : targetProgress(name, index < 44 ? "deployed" : "pending", { pending: 2 }),
  );
  return {
    ...source,
    address: "svn+ssh://svn.example.com/legacy/trunk/db",
    ref: "",
    environments: [fleet],
    deployed: {},
    candidate: candidate(
      {
        revision: "18211",
        name: "18211",
        state: "failed",
        author: HOSTILE,
        subject: HOSTILE,
        reason: {
          code: "sql-failed",
          message: HOSTILE,
          command: "rowgate watch retry legacy",
          until: undefined,
        },
        environments: [progress(fleet, "failed", { targets })],
      },
      now,
    ),
  };
}

export const HOSTILE = `</title><script>document.title="owned"</script><img src=x onerror="document.title='owned'">'"\`&lt;\u202Edrow\u0007`;
