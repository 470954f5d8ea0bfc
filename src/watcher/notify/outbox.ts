/** Notifications that are still to be delivered, one file each: a crash neither loses nor forgets them. */
import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WatchEvent } from "../../domain/watch.ts";
import { codeOf, makeDirectory, readIfThere, replaceFile, unwritable } from "../store/files.ts";
import type { NoticeKind } from "./notices.ts";

/** One event for one channel. */
export interface Message {
  /** The same for whoever gets it twice, which a crash can lead to. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly event: WatchEvent;
}

export class Outbox {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Puts in a message for a channel; one that is there already stays one. */
  async put(channel: string, kind: NoticeKind, event: WatchEvent): Promise<void> {
    await makeDirectory(this.#directory);
    const message: Message = { id: idOf(event), kind, event };
    await replaceFile(this.#fileOf(channel, event), JSON.stringify(message), true);
  }

  /** The oldest message for a channel; undefined when there is none. */
  async first(channel: string): Promise<Message | undefined> {
    const name = (await this.#names()).find((each) => each.endsWith(suffixOf(channel)));
    if (name === undefined) {
      return undefined;
    }

    const message = parse(await readIfThere(join(this.#directory, name)));
    if (message === undefined) {
      await this.#remove(name);
      return this.first(channel);
    }
    return message;
  }

  async remove(channel: string, { event }: Message): Promise<void> {
    await this.#remove(nameOf(channel, event));
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#directory)).toSorted();
    } catch (error) {
      if (codeOf(error) === "ENOENT") {
        return [];
      }
      throw error;
    }
  }

  #fileOf(channel: string, event: WatchEvent): string {
    return join(this.#directory, nameOf(channel, event));
  }

  async #remove(name: string): Promise<void> {
    const path = join(this.#directory, name);
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw unwritable(path, error);
    }
  }
}

/** In the order of the events. */
function nameOf(channel: string, { sequence }: WatchEvent): string {
  return String(sequence).padStart(12, "0") + suffixOf(channel);
}

function suffixOf(channel: string): string {
  return `-${channel}.json`;
}

function idOf({ sequence, at, source }: WatchEvent): string {
  return createHash("sha256").update(`${source} ${sequence} ${at}`).digest("hex").slice(0, 32);
}

function parse(text: string | undefined): Message | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "id" in value && "event" in value;
}
