/**
 * Functions, procedures, views and triggers that blocks define which are applied again: a new
 * definition takes the place of the old one, with its owner, grants and comment.
 */
import { createHash } from "node:crypto";
import type { Block, StatementPiece } from "../../domain/block.ts";
import type { Definition } from "../../scan/postgres-definitions.ts";
import { PART_LENGTH } from "./parts.ts";
import { literal } from "./quoting.ts";
import { statementText } from "./sections.ts";
import { loadTemplate } from "./template.ts";

/** What the driver is given of them; texts for its template. */
export interface ObjectTexts {
  /** JSON, as a literal: for each statement its MD5, the position of its block and what it defines. */
  readonly defined: string;
  readonly before: string;
  readonly statement: string;
  /** The position of the last block of these. */
  readonly last: number;
}

interface Defined {
  readonly position: number;
  readonly md5: string;
  readonly definition: Definition;
}

/** The texts for the blocks of one transaction; undefined when none of them defines such objects. */
export async function objectTexts(
  blocks: readonly Block[],
  release: string,
): Promise<ObjectTexts | undefined> {
  const defined = await definedBy(blocks.filter(isReplaceable));

  if (defined.length === 0) {
    return undefined;
  }

  const [select, objects] = await Promise.all([
    loadTemplate("definitions"),
    loadTemplate("objects"),
  ]);
  const values = {
    release,
    named: NAMED,
    known: KNOWN,
    definitions: (from: string) => select({ objects: from }).trim(),
  };
  const after = objects({ ...values, part: "after" });

  return {
    defined: literal(JSON.stringify(defined.map(entryOf))),
    before: objects({ ...values, part: "before" }),
    statement: objects({ ...values, part: "statement", after }),
    last: Math.max(...blocks.map(({ position }) => position)),
  };
}

/** A block in several parts has data or is larger than any routine. */
function isReplaceable({ kind, transaction, hasCopy, sizeBytes }: Block): boolean {
  return kind === "on-change" && transaction === "shared" && !hasCopy && sizeBytes < PART_LENGTH;
}

async function definedBy(blocks: readonly Block[]): Promise<readonly Defined[]> {
  const defined: Defined[] = [];

  for (const block of blocks) {
    for await (const piece of block.pieces()) {
      if (piece.kind === "statement" && piece.assertion === undefined) {
        defined.push(...(await definedIn(piece, block.position)));
      }
    }
  }

  return defined;
}

async function definedIn(piece: StatementPiece, position: number): Promise<readonly Defined[]> {
  if (!/\bcreate\b/iu.test(piece.text)) {
    return [];
  }

  const { loadPostgresParser } = await import("../../scan/postgres-parser.ts");
  const parser = await loadPostgresParser();
  const md5 = createHash("md5").update(statementText(piece)).digest("hex");

  return parser.definitions(piece.text).map((definition) => ({ position, md5, definition }));
}

function entryOf({ position, md5, definition }: Defined): object {
  const { catalog, schema, name, args } = definition;

  return { position, md5, catalog, schema, name, args };
}

/** Selects the objects that have the names of what the block at hand defines, and what changes with each of them. */
const NAMED = `SELECT 'pg_proc'::regclass::oid AS class, p.oid AS id, concat(p.ctid) AS version FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_proc' AND d.name = p.proname AND n.nspname = coalesce(d.schema, n.nspname) WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_class'::regclass::oid, c.oid, concat(r.ctid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_class' AND d.name = c.relname AND n.nspname = coalesce(d.schema, n.nspname) WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_trigger'::regclass::oid, t.oid, concat(t.ctid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_trigger' AND d.name = t.tgname AND n.nspname = coalesce(d.schema, n.nspname) WHERE NOT t.tgisinternal`;

/** Selects, likewise, what the block at hand has made before, which is in `ways` by type and identity. */
const KNOWN = `SELECT 'pg_proc'::regclass::oid, p.oid, concat(p.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_proc p ON p.oid = CASE WHEN k.type IN ('function', 'procedure') THEN to_regprocedure(k.identity)::oid END
      UNION SELECT 'pg_class'::regclass::oid, c.oid, concat(r.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_class c ON c.oid = CASE WHEN k.type IN ('view', 'materialized view') THEN to_regclass(k.identity)::oid END JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
      UNION SELECT 'pg_trigger'::regclass::oid, t.oid, concat(t.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_trigger t ON NOT t.tgisinternal AND k.identity = CASE WHEN k.type = 'trigger' THEN (SELECT i.identity FROM pg_identify_object('pg_trigger'::regclass, t.oid, 0) i) END`;
