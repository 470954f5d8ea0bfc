/** Reads what the files of routines name, to put them into an order. */
import { namesIn, type NamedText } from "../scan/references.ts";
import { orderByReferences } from "./tree/references.ts";
import type { Draft } from "./blocks/draft.ts";

/** As `orderByReferences`. Throws what reading a file throws. */
export async function orderRoutines(drafts: readonly Draft[]): Promise<readonly Draft[]> {
  const movable = drafts.filter((draft) => draft.movable && draft.isSeed !== true);

  if (movable.length < 2) {
    return drafts;
  }

  const texts = new Map<string, NamedText>();

  for (const draft of movable) {
    texts.set(draft.id, namesIn(await textOf(draft)));
  }
  return orderByReferences(drafts, ({ id }) => texts.get(id));
}

async function textOf(draft: Draft): Promise<string> {
  const texts: string[] = [];

  for await (const { text } of draft.open(() => undefined).pieces) {
    texts.push(text);
  }
  return texts.join("\n");
}
