/** `rowgate watch pause`, `resume`, `sync`, `approve`, `reject` and `retry`: what people ask of a watcher. */
import { userInfo } from "node:os";
import { RowgateError } from "../../domain/errors.ts";
import { nearestName } from "../../domain/nearest.ts";
import type { WatchEvent, WatchRequest } from "../../domain/watch.ts";
import { readWatch, sendRequest, storeOf, watchOf } from "../../rowgate-watch/watch.ts";
import { sleep } from "../../system/sleep.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { watchConfig } from "./watch.ts";

/** How often `--wait` looks for the answer. */
const LOOK_MS = 200;

/** The command of one action. */
export function watchRequest(
  action: WatchRequest["action"],
): (context: CommandContext) => Promise<CommandResult> {
  return async (context) => {
    const { options, io, output } = context;
    const config = await watchConfig(context);
    const source = context.source ?? "";
    checkSource(source, [...watchOf(config).sources.keys()]);
    const directory = storeOf(config);
    const { isRunning } = await readWatch(directory);

    const request = await sendRequest(directory, {
      source,
      action,
      by: options.by ?? io.env["USER"] ?? systemUser(),
      reason: options.reason,
      plan: options.plan,
    });
    if (!isRunning) {
      refuseWaiting(options.wait === true);
      output.result(`${source}: ${action} is noted; no watcher runs now, the next one takes it`);
    } else if (options.wait === true) {
      const answer = await answerTo(request, directory, io.signal);
      output.result(`${source}: ${answer.message}`);
    } else {
      output.result(`${source}: ${action} is handed to the watcher`);
    }
    return { targets: [], more: { request: { id: request.id, source, action } } };
  };
}

/** In a container the number of a user may have no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}

function checkSource(name: string, known: readonly string[]): void {
  if (!known.includes(name)) {
    const nearest = nearestName(name, known);
    throw new RowgateError("usage-invalid", {
      message: `there is no source "${name}" under watch in rowgate.yaml`,
      hint: nearest === undefined ? `Choose from ${known.join(", ")}.` : `Write it as ${nearest}.`,
    });
  }
}

function refuseWaiting(isAsked: boolean): void {
  if (isAsked) {
    throw new RowgateError("usage-invalid", {
      message: "no watcher runs now, so that there is no answer to wait for",
      hint: "Leave --wait out: the next watcher takes the request.",
    });
  }
}

/** @throws RowgateError `usage-invalid`, when the watcher refused it; `cancelled`. */
async function answerTo(
  request: WatchRequest,
  directory: string,
  signal: AbortSignal,
): Promise<WatchEvent> {
  for (;;) {
    const { events } = await readWatch(directory);
    const answer = events.find(({ data }) => data["request"] === request.id);
    if (answer?.code === "request.refused") {
      throw new RowgateError("usage-invalid", {
        message: `${request.source}: ${answer.message}`,
        hint: "`rowgate watch status` shows what waits.",
      });
    }
    if (answer !== undefined) {
      return answer;
    }
    if (signal.aborted) {
      throw new RowgateError("cancelled", { message: "cancelled; the request still stands" });
    }
    await sleep(LOOK_MS, signal);
  }
}
