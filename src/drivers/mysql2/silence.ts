/**
 * A server that waits for us while we wait for it. Both run the statements of a message in a loop
 * that KILL QUERY may end between two of them (`dispatch_command` in sql_parse.cc): the last result
 * said that another one follows, and none ever does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { askBeside } from "./beside.ts";
import type { Session } from "./login.ts";

/** After so much silence the server is asked what it does, and then after twice as much each time. */
const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/** What it said last may still be on its way. */
const IDLE_SECONDS = 2;

/** Ends the session when that happens to the message that is being sent. Returns what ends the watch. */
export function watchSilence(session: Session): () => void {
  const over = new AbortController();
  void watch(session, over.signal);

  return () => {
    over.abort();
  };
}

async function watch(session: Session, signal: AbortSignal): Promise<void> {
  const { socket } = session;
  const before = socket.bytesRead;
  let pauseMs = FIRST_MS;

  while (!signal.aborted && !socket.destroyed) {
    const heard = socket.bytesRead;
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    const isSilent = (): boolean => !signal.aborted && socket.bytesRead === heard;

    // Before its first answer it may still be reading the message, and says that it is idle.
    if (isSilent() && heard > before && (await isIdle(session)) && isSilent()) {
      socket.destroy(
        new Error("the server has ended the message without its last answer, as after KILL QUERY"),
      );
    }
    pauseMs = isSilent() ? Math.min(2 * pauseMs, LONGEST_MS) : FIRST_MS;
  }
}

/** Whether the server says that the session does nothing; false when it cannot be asked. */
async function isIdle(session: Session): Promise<boolean> {
  const rows = await askBeside(session, "SHOW PROCESSLIST").catch(() => []);
  const own = rows.find(({ Id }) => Id === session.server.connectionId);

  return own?.["Command"] === "Sleep" && Number(own["Time"]) >= IDLE_SECONDS;
}
