/** The events of a watcher, one JSON document a line, in files of limited size. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { WatchEvent } from "../../domain/watch.ts";
import { appendLines, codeOf, readIfThere, sizeOf, unwritable } from "./files.ts";

const LIMIT_BYTES = 16 * 1024 * 1024;
/** Full files that are kept beside the one that is written. */
const KEPT = 4;

/** Adds events; a full file is put aside first. @throws RowgateError `store-unwritable`. */
export async function appendEvents(
  directory: string,
  events: readonly WatchEvent[],
): Promise<void> {
  if (events.length === 0) {
    return;
  }
  if ((await sizeOf(fileOf(directory, 0))) >= LIMIT_BYTES) {
    await rotate(directory);
  }
  await appendLines(
    fileOf(directory, 0),
    events.map((event) => JSON.stringify(event)),
  );
}

/** All events that are kept, oldest first. Lines that a crash has cut off are left out. */
export async function readEvents(directory: string): Promise<readonly WatchEvent[]> {
  const numbers = Array.from({ length: KEPT + 1 }, (_, index) => KEPT - index);
  const texts = await Promise.all(
    numbers.map(async (number) => readIfThere(fileOf(directory, number))),
  );
  return texts.flatMap((text) => (text ?? "").split("\n").flatMap(parseLine));
}

function fileOf(directory: string, number: number): string {
  return join(directory, number === 0 ? "journal.jsonl" : `journal.${number}.jsonl`);
}

async function rotate(directory: string): Promise<void> {
  for (let number = KEPT; number > 0; number -= 1) {
    try {
      await rename(fileOf(directory, number - 1), fileOf(directory, number));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") {
        throw unwritable(fileOf(directory, number), error);
      }
    }
  }
}

function parseLine(line: string): readonly WatchEvent[] {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isEvent(value: unknown): value is WatchEvent {
  return (
    typeof value === "object" &&
    value !== null &&
    "sequence" in value &&
    typeof value.sequence === "number" &&
    "code" in value &&
    "data" in value &&
    typeof value.data === "object"
  );
}
