/** Keeps a source that is noticed for one thing again and again from filling the terminal. */
import type { Note } from "../domain/source.ts";

/** How many notes of one kind are shown. */
const SHOWN = 5;

/** Counts notes that differ in nothing but their place. */
export class RepeatedNotes {
  readonly #counts = new Map<string, number>();

  /** Whether the note is to be shown; the others are counted. */
  take(note: Note): boolean {
    const kind = kindOf(note);
    const count = (this.#counts.get(kind) ?? 0) + 1;

    this.#counts.set(kind, count);
    return count <= SHOWN;
  }

  /** One line for each kind that has had more notes since the last time; empty for none. */
  countRest(): readonly string[] {
    const more = [...this.#counts].filter(([, count]) => count > SHOWN);

    for (const [kind] of more) {
      this.#counts.set(kind, SHOWN);
    }
    return more.map(([kind, count]) => `note: and ${count - SHOWN} more of these: ${kind}`);
  }
}

/** The message, without the name of the file where it begins with one. */
function kindOf({ at, message }: Note): string {
  return message.startsWith(`${at.path} `) ? `a file${message.slice(at.path.length)}` : message;
}
