/** The EJS templates of PostgreSQL, read and compiled once, when the first is needed. */
import { readFile } from "node:fs/promises";
import { literal } from "./quoting.ts";

export type TemplateName =
  | "begin"
  | "claim"
  | "copy"
  | "deploy"
  | "finish"
  | "header"
  | "receipt"
  | "statement"
  | "step"
  | "wait";

type Render = (values: Readonly<Record<string, unknown>>) => string;

const compiled = new Map<TemplateName, Promise<Render>>();

/** Loads a template; its function takes the template's variables and knows `literal` besides. */
export function loadTemplate(name: TemplateName): Promise<Render> {
  let render = compiled.get(name);

  if (render === undefined) {
    render = compileTemplate(name);
    compiled.set(name, render);
  }

  return render;
}

async function compileTemplate(name: TemplateName): Promise<Render> {
  const [{ default: ejs }, source] = await Promise.all([
    import("ejs"),
    readFile(new URL(import.meta.resolve(`rowgate/templates/postgres/${name}.sql.ejs`)), "utf8"),
  ]);
  const template = ejs.compile(source, { escape: String, filename: `${name}.sql.ejs` });

  return (values) => template({ literal, ...values });
}
