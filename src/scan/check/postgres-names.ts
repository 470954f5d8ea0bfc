/** Names in PostgreSQL's parse trees. */
import { fieldsOf, fieldsOfType, listOf, textOf } from "../parse-tree.ts";

/** `schema.name`, or the name alone when it has no schema or that is `public`. */
export function tableOf(relation: unknown): string {
  const { schemaname, relname } = fieldsOf(relation);
  return joined([schemaname, relname]);
}

/** The same of a list of names, of an object with arguments, or of a plain name. */
export function nameOf(node: unknown): string {
  const list = listOf(fieldsOfType(node, "List")?.["items"]);
  const object = listOf(fieldsOfType(node, "ObjectWithArgs")?.["objname"]);

  return textOf(node) ?? partsOfName(list.length > 0 ? list : object);
}

export function partsOfName(parts: readonly unknown[]): string {
  return joined(parts.map((part) => textOf(part)));
}

function joined(parts: readonly unknown[]): string {
  const names = parts.filter((part) => typeof part === "string");
  return (names[0] === "public" ? names.slice(1) : names).join(".");
}
