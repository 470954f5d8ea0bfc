/** Every moment between a statement and what the ledger writes about it, one after the other. */
import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlDatabase } from "../../helpers/engines.ts";
import type { Running } from "./clients.ts";
import { rewritten, type Form } from "./forms.ts";
import { sessionsOf } from "./site.ts";

/** A moment in which a deployment sleeps. */
export interface Window {
  /** Grows along the blocks and their statements; the same in the script and in every packet. */
  readonly number: number;
  readonly session: number;
}

/** Sleeps in the first window that it comes to, of those behind the one of that number. */
export function sleepingBehind(form: Form, passed: number): Form {
  return rewritten(form, () => textWriter(passed));
}

/** Waits until the deployment sleeps; undefined when it is over without. */
export async function untilAsleep(
  db: MysqlDatabase,
  running: Running,
  passed: number,
): Promise<Window | undefined> {
  while (!running.isOver()) {
    const window = (await windowsOf(db)).find(({ number }) => number > passed);

    if (window !== undefined) {
      return window;
    }
    await sleep(5);
  }

  return undefined;
}

/** In which all sessions sleep; one that was killed may still be among them. */
async function windowsOf(db: MysqlDatabase): Promise<readonly Window[]> {
  return (await sessionsOf(db)).flatMap(({ id, statement }) => {
    const [, number] = /^DO SLEEP\(\d+ \+ (\d+)\)/.exec(statement) ?? [];

    return number === undefined ? [] : [{ number: Number(number), session: id }];
  });
}

const LONG = 3600;

/** A block begins; the ledger has announced a statement, or is to call one; a statement is done; the ledger says so. */
const WINDOW =
  /CALL rowgate_begin\((\d+),|CALL rowgate_(?:intent|call)\(.*\);$|\n;\n|CALL rowgate_(?:done\(\d+\)|finish\(\));/gm;

/** Numbers windows by the position of their block, and in it, whatever texts they are spread over. */
function textWriter(passed: number): (text: string) => string {
  let number = 0;

  return (text) =>
    text.replaceAll(WINDOW, (match, position: string | undefined) => {
      if (position !== undefined) {
        number = Math.max(number, Number(position) * 1000);
        return match;
      }
      number += 1;
      return number > passed ? `${match} DO SLEEP(${LONG} + ${number});\n` : match;
    });
}
