/** EJS templates of a dialect, each read and compiled once, when it is needed first. */
import { readFile } from "node:fs/promises";

export type Render = (values: Readonly<Record<string, unknown>>) => string;

/**
 * A loader for the templates in one folder of `templates/`. Their functions take the template's
 * variables, and know `known` besides.
 */
export function templatesOf(
  folder: string,
  known: Readonly<Record<string, unknown>>,
): (name: string) => Promise<Render> {
  const compiled = new Map<string, Promise<Render>>();

  return (name) => {
    let render = compiled.get(name);

    if (render === undefined) {
      render = compileTemplate(`${folder}/${name}.sql.ejs`, known);
      compiled.set(name, render);
    }

    return render;
  };
}

async function compileTemplate(
  path: string,
  known: Readonly<Record<string, unknown>>,
): Promise<Render> {
  const [{ default: ejs }, source] = await Promise.all([
    import("ejs"),
    readFile(new URL(import.meta.resolve(`rowgate/templates/${path}`)), "utf8"),
  ]);
  const template = ejs.compile(source, { escape: String, filename: path });

  return (values) => template({ ...known, ...values });
}
