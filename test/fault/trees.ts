/** What is deployed while the faults happen. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bundle, DialectName } from "../../src/domain/bundle.ts";
import { buildBundle, writeBundle } from "../../src/rowgate.ts";
import { writeTree } from "../helpers/tree.ts";

export interface FaultTree {
  readonly name: string;
  /** The folder of the source. */
  readonly root: string;
  /** The script file, built from it. */
  readonly script: string;
  readonly bundle: Bundle;
  close(): Promise<void>;
}

/** The sample `sql/`. */
export async function sampleTree(dialect: DialectName = "postgres"): Promise<FaultTree> {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-fault-"));
  const root = join(folder, "source");
  await cp(fileURLToPath(new URL("../../sql/", import.meta.url)), root, { recursive: true });

  return treeAt(folder, {
    name: "sample",
    dialect,
    close: () => rm(folder, { recursive: true, force: true }),
  });
}

/**
 * A tree whose time goes into what is hard to break off well: an index that takes its time, a
 * REINDEX and a DROP of the CONCURRENTLY kind, a block in several parts, COPY. Nearly every block
 * adds rows to a table without any key, so that nothing can run twice unseen.
 */
export function hardTree(): Promise<FaultTree> {
  return treeOf("hard", HARD);
}

/** A tree that is given as path → text. */
export async function treeOf(
  name: string,
  files: Readonly<Record<string, string>>,
  dialect: DialectName = "postgres",
): Promise<FaultTree> {
  const entries = Object.entries(files).map(([path, text]) => [`source/${path}`, text] as const);
  const tree = await writeTree(Object.fromEntries(entries));

  return treeAt(tree.root, { name, dialect, close: tree.close });
}

async function treeAt(
  folder: string,
  { name, dialect, close }: Pick<FaultTree, "name" | "close"> & { readonly dialect: DialectName },
): Promise<FaultTree> {
  const root = join(folder, "source");
  const script = join(folder, "release.sql");
  const bundle = await buildBundle(root, { dialect, release: "1.0" });
  await writeBundle(bundle, script);

  return { name, root, script, bundle, close };
}

const tally = (id: number): string => `INSERT INTO tally VALUES (${id});\n`;

/** A little more than two parts of a script; few of the rows stay. */
function largeInserts(): string {
  const filler = "x".repeat(2000);
  const rows = Array.from(
    { length: 600 },
    (_, n) => `INSERT INTO large VALUES (${n}, '${filler}');\n`,
  );

  return `CREATE TABLE large (n int, filler text);\n${rows.join("")}DELETE FROM large WHERE n > 3;\n${tally(4)}`;
}

function noteLines(): string {
  return Array.from({ length: 200 }, (_, n) => `${n}\tdrop; COMMIT; $$ \\\\ '${n}\n`).join("");
}

const HARD: Readonly<Record<string, string>> = {
  "0001_tables.sql": `CREATE TABLE tally (block int);
CREATE TABLE item (id int PRIMARY KEY, label text NOT NULL, n int);
INSERT INTO item SELECT g, 'item ' || g, g % 7 FROM generate_series(1, 30) g;
CREATE INDEX item_old_ix ON item (n, id);
CREATE FUNCTION slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE
  AS $$ BEGIN PERFORM pg_catalog.pg_sleep(0.001); RETURN n + 1; END $$;
${tally(1)}`,
  "0002_notes.sql": `CREATE TABLE note (item int, text text);
COPY note (item, text) FROM stdin;
${noteLines()}\\.
${tally(2)}`,
  "0003_state.sql": `CREATE TYPE state AS ENUM ('open');
ALTER TABLE item ADD state state DEFAULT 'open';
${tally(3)}`,
  "0004_large.sql": largeInserts(),
  "0005_state_closed.sql": "ALTER TYPE state ADD VALUE 'closed';\n",
  "0006_close.sql": `UPDATE item SET state = 'closed' WHERE slow(id) % 2 = 0;\n${tally(6)}`,
  "0007_indexes.sql": `CREATE INDEX CONCURRENTLY item_n_ix ON item (slow(n));
CREATE UNIQUE INDEX CONCURRENTLY "Item Label" ON item (label, slow(id));
DROP INDEX CONCURRENTLY item_old_ix;
REINDEX INDEX CONCURRENTLY item_n_ix;
VACUUM item;
`,
  "0008_late.sql": `ALTER TABLE item ADD late int;\nUPDATE item SET late = slow(n);\n${tally(8)}`,
  "0009_index.sql": "CREATE INDEX CONCURRENTLY item_late_ix ON item (slow(late));\n",
  "0010_end.sql": tally(10),
  "functions/closed.sql":
    "CREATE OR REPLACE FUNCTION closed() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM item WHERE state = 'closed' $$;\n",
  "views/summary.sql":
    "CREATE OR REPLACE VIEW summary AS SELECT state, count(*) AS items FROM item GROUP BY state;\n",
};
