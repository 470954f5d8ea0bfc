/** What a deployment says while it runs, one line for each event. */
import { formatDuration } from "../../config/duration.ts";
import type { DeployEvent } from "../../domain/report.ts";
import type { Colors } from "./colors.ts";
import { counted } from "./table.ts";

export interface EventStyle {
  readonly colors: Colors;
  /** Lines of several targets are mixed, so each says whose it is. */
  readonly isFleet: boolean;
}

/**
 * The line for an event; undefined for one that needs none. A block that ran is `ran`, not done:
 * it counts only once its transaction is committed.
 */
export function formatEvent(
  event: DeployEvent,
  { colors, isFleet }: EventStyle,
): string | undefined {
  const text = textOf(event, colors);
  return text === undefined || !isFleet ? text : `[${event.target}] ${text}`;
}

function textOf(event: DeployEvent, colors: Colors): string | undefined {
  if (event.event === "connected") {
    return colors.dim(`connected to ${event.server}`);
  }
  if (event.event === "applied") {
    return `ran ${event.name} ${colors.dim(formatDuration(event.durationMs))}`;
  }
  if (event.event === "committed") {
    return colors.green(`committed ${counted(event.ids.length, "block")}`);
  }
  if (event.event === "notice") {
    return colors.dim(`${event.severity.toLowerCase()}: ${event.message}`);
  }
  return event.event === "started" ? undefined : colors.yellow(textOfWait(event));
}

function textOfWait(event: Extract<DeployEvent, { event: "waiting" | "retrying" }>): string {
  return event.event === "waiting"
    ? `waiting for another deployment: ${event.holder}`
    : `trying again in ${formatDuration(event.delayMs)}: ${event.reason}`;
}
