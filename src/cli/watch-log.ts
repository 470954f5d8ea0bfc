/** What a watcher says while it runs: one line for each event, for machines or for people. */
import type { WatchEvent } from "../domain/watch.ts";
import type { Colors } from "./format/colors.ts";
import { visible } from "./format/visible.ts";

/** Where lines go, without their line ends. */
export type Write = (line: string) => void;

/** JSON by pino: `level`, `time`, `ev`, `source`, `msg`, and what the event knows besides. */
export async function jsonLog(write: Write): Promise<(event: WatchEvent) => void> {
  const { pino } = await import("pino");
  const logger = pino(
    {
      level: "info",
      base: null,
      timestamp: false,
      messageKey: "msg",
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(line.trimEnd()) },
  );

  return ({ level, at, code, source, message, data, sequence }) => {
    const number = sequence === 0 ? {} : { sequence };
    logger[level]({ ...data, time: at, ev: code, source, ...number }, message);
  };
}

/** `12:00:01 shop  deploy.start  deploying …`, without what only a machine wants to know. */
export function prettyLog(write: Write, colors: Colors): (event: WatchEvent) => void {
  const paint = {
    debug: colors.dim,
    info: (text: string) => text,
    warn: colors.yellow,
    error: colors.red,
  };

  return ({ level, at, code, source, message, data }) => {
    if (level === "debug") {
      return;
    }
    const command = typeof data["command"] === "string" ? `; to end it: ${data["command"]}` : "";
    const text = visible(`${message}${command}`).replaceAll(/\s*\n\s*/g, "; ");
    write(`${colors.dim(at.slice(11, 19))} ${colors.bold(source)} ${paint[level](code)} ${text}`);
  };
}
