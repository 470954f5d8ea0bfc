/** What a source has left behind. */
import type { MadeObject } from "../../domain/made-object.ts";

/** `view public.v of views/v`. */
export function formatObject({ type, identity, id }: MadeObject): string {
  return `${type} ${identity} of ${id}`;
}

export function jsonObject({ type, identity, id }: MadeObject): object {
  return { type, identity, id };
}
