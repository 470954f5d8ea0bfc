/** The sample source `sql/`, in a form that plain psql, mysql and mariadb can run. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import ejs from "ejs";
import { glob } from "glob";

/** A private copy of the sample; `close` removes it. */
export interface RawSample {
  /** Absolute path of the folder that holds `main.pg.sql` and `main.mysql.sql`. */
  readonly root: string;
  close(): Promise<void>;
}

/**
 * Copies `sql/` to a temporary folder, with each template replaced by its text for the default variables.
 *
 * Names stay as they are, also `.sql.ejs`, so that what these give, run in the copy, is the reference for
 * what the sample should give: `psql -v ON_ERROR_STOP=1 -f main.pg.sql`, and with main.mysql.sql as input
 * `mysql --loose-commands` and `mariadb --abort-source-on-error`. The product is not used here: a reference
 * that is made by the code under test would prove nothing.
 */
export async function rawSample(): Promise<RawSample> {
  const root = await mkdtemp(join(tmpdir(), "rowgate-sample-"));
  await cp(fileURLToPath(new URL("../../sql/", import.meta.url)), root, { recursive: true });

  for (const file of await glob("**/*.sql.ejs", { cwd: root, absolute: true })) {
    const identMark = file.endsWith(".mysql.sql.ejs") ? "`" : '"';

    await writeFile(file, renderDefaults(await readFile(file, "utf8"), identMark));
  }

  return { root, close: () => rm(root, { recursive: true, force: true }) };
}

function renderDefaults(template: string, identMark: string): string {
  const helpers = {
    ident: (name: string) => quote(name, identMark),
    literal: (value: string) => quote(value, "'"),
  };

  return ejs.render(template, helpers, { escape: String });
}

function quote(text: string, mark: string): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}
