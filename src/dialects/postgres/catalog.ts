/** What is in a database of PostgreSQL, as lines that two databases can be compared by. */
import type { VersionsTable } from "../../domain/target.ts";
import { literal } from "./quoting.ts";

/**
 * Rows `{ line: string, counted: string | null }`: the whole user catalog, one object a line: schemas,
 * tables, columns, types, defaults, constraints, indexes, views, routines, triggers, rules, policies,
 * sequences, grants, owners and comments, without the history. `counted` names a table with rows.
 */
export function catalogQuery(versions: VersionsTable): string {
  const parts = SECTIONS.map((section) => section.trim()).join("\nUNION ALL\n");

  return `${prologue(versions)}
    SELECT line, NULL AS counted FROM (${parts}) AS objects
    UNION ALL
    SELECT 'table ' || rel.name, rel.name FROM rel WHERE relkind IN ('r', 'p')`;
}

/** Names come out qualified; `rel` holds the relations of the user, extensions' own left out. */
function prologue(versions: VersionsTable): string {
  return `
    SET search_path = '';
    WITH ns AS (
      SELECT n.* FROM pg_catalog.pg_namespace AS n
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ), member AS (
      SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
    ), hidden AS (
      SELECT c.oid FROM pg_catalog.pg_class AS c
       WHERE c.relkind IN ('r', 'p') AND c.relname IN (${literal(versions.name)}, ${literal(`${versions.name}_log`)}, ${literal(`${versions.name}_objects`)})
    ), rel AS (
      SELECT c.*, c.oid::regclass::text AS name
        FROM pg_catalog.pg_class AS c JOIN ns ON ns.oid = c.relnamespace
       WHERE c.oid NOT IN (SELECT objid FROM member)
         AND c.oid NOT IN (SELECT oid FROM hidden)
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN hidden AS h ON h.oid = d.refobjid
                          WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i JOIN hidden AS h ON h.oid = i.indrelid
                          WHERE i.indexrelid = c.oid)
    )`;
}

/** Grants in the order of their text, because the server keeps them in the order they were made. */
const acl = (column: string): string =>
  `(SELECT array_agg(a::text ORDER BY a::text) FROM unnest(${column}) AS a)`;

const owner = (column: string): string => `pg_get_userbyid(${column})`;

const line = (kind: string, name: string, facts: readonly string[]): string =>
  `SELECT '${kind} ' || ${name} || ' ' ||
          jsonb_strip_nulls(jsonb_build_object(${facts.join(", ")}))::text AS line`;

const SECTIONS: readonly string[] = [
  `${line("schema", "nspname", [`'owner', ${owner("nspowner")}`, `'acl', ${acl("nspacl")}`])}
     FROM ns`,

  `${line("extension", "extname", ["'version', extversion", "'schema', extnamespace::regnamespace"])}
     FROM pg_extension WHERE oid >= 16384`,

  `${line("relation", "rel.name", [
    "'kind', relkind",
    "'persistence', relpersistence",
    `'owner', ${owner("relowner")}`,
    `'acl', ${acl("relacl")}`,
    "'options', reloptions",
    "'row_security', relrowsecurity",
    "'force_row_security', relforcerowsecurity",
    "'replica_identity', relreplident",
    "'of_type', nullif(reloftype, 0)::regtype::text",
    "'partition', pg_get_expr(relpartbound, oid)",
    "'partition_key', pg_get_partkeydef(oid)",
    `'parents', (SELECT array_agg(inhparent::regclass::text ORDER BY inhseqno)
                   FROM pg_inherits WHERE inhrelid = rel.oid)`,
    "'view', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END",
  ])}
     FROM rel`,

  `${line("column", "rel.name || '.' || quote_ident(attname)", [
    `'position', (SELECT count(*) FROM pg_attribute AS before
                   WHERE before.attrelid = a.attrelid AND before.attnum > 0
                     AND before.attnum <= a.attnum AND NOT before.attisdropped)`,
    "'type', format_type(atttypid, atttypmod)",
    "'not_null', attnotnull",
    "'default', pg_get_expr(adbin, adrelid)",
    "'identity', nullif(attidentity, '')",
    "'generated', nullif(attgenerated, '')",
    "'collation', nullif(attcollation, 0)::regcollation::text",
    "'storage', attstorage",
    "'compression', nullif(attcompression, '')",
    "'options', attoptions",
    `'acl', ${acl("attacl")}`,
  ])}
     FROM rel JOIN pg_attribute AS a ON a.attrelid = rel.oid
     LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind NOT IN ('i', 'I', 'S')`,

  `${line("index", "rel.name", [
    "'definition', pg_get_indexdef(indexrelid)",
    "'valid', indisvalid",
    "'ready', indisready",
    "'clustered', indisclustered",
    "'replica_identity', indisreplident",
  ])}
     FROM rel JOIN pg_index ON indexrelid = rel.oid`,

  `${line("constraint", "rel.name || '.' || quote_ident(conname)", [
    "'definition', pg_get_constraintdef(con.oid)",
    "'validated', convalidated",
    "'inherited', coninhcount",
  ])}
     FROM rel JOIN pg_constraint AS con ON con.conrelid = rel.oid`,

  `${line("trigger", "rel.name || '.' || quote_ident(tgname)", [
    "'definition', pg_get_triggerdef(t.oid)",
    "'enabled', tgenabled",
  ])}
     FROM rel JOIN pg_trigger AS t ON t.tgrelid = rel.oid WHERE NOT tgisinternal`,

  `${line("rule", "rel.name || '.' || quote_ident(rulename)", [
    "'definition', pg_get_ruledef(r.oid)",
    "'enabled', ev_enabled",
  ])}
     FROM rel JOIN pg_rewrite AS r ON r.ev_class = rel.oid WHERE rulename <> '_RETURN'`,

  `${line("policy", "rel.name || '.' || quote_ident(polname)", [
    "'command', polcmd",
    "'permissive', polpermissive",
    "'roles', polroles::regrole[]::text[]",
    "'using', pg_get_expr(polqual, polrelid)",
    "'check', pg_get_expr(polwithcheck, polrelid)",
  ])}
     FROM rel JOIN pg_policy ON polrelid = rel.oid`,

  `${line("sequence", "rel.name", [
    "'type', format_type(seqtypid, NULL)",
    "'start', seqstart",
    "'increment', seqincrement",
    "'min', seqmin",
    "'max', seqmax",
    "'cache', seqcache",
    "'cycle', seqcycle",
    `'owned_by', (SELECT pg_describe_object(refclassid, refobjid, refobjsubid)
                    FROM pg_depend WHERE objid = rel.oid AND deptype IN ('a', 'i')
                     AND refclassid = 'pg_catalog.pg_class'::regclass)`,
  ])}
     FROM rel JOIN pg_sequence ON seqrelid = rel.oid`,

  `${line("routine", "p.oid::regprocedure::text", [
    "'kind', prokind",
    "'definition', CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END",
    `'aggregate', (SELECT to_jsonb(g) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop'
                     FROM pg_aggregate AS g WHERE g.aggfnoid = p.oid)`,
    `'owner', ${owner("proowner")}`,
    `'acl', ${acl("proacl")}`,
  ])}
     FROM pg_proc AS p JOIN ns ON ns.oid = p.pronamespace
    WHERE p.oid NOT IN (SELECT objid FROM member)`,

  `${line("type", "t.oid::regtype::text", [
    "'kind', typtype",
    "'base', nullif(typbasetype, 0)::regtype::text",
    "'modifier', format_type(nullif(typbasetype, 0), typtypmod)",
    "'not_null', typnotnull",
    "'default', typdefault",
    "'labels', (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)",
    "'range_of', (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = t.oid)",
    `'checks', (SELECT array_agg(conname || ' ' || pg_get_constraintdef(c.oid) ORDER BY conname)
                  FROM pg_constraint AS c WHERE contypid = t.oid)`,
    `'owner', ${owner("typowner")}`,
    `'acl', ${acl("typacl")}`,
  ])}
     FROM pg_type AS t JOIN ns ON ns.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'r', 'm') AND t.oid NOT IN (SELECT objid FROM member)`,

  `${line("statistics", "stxname", ["'definition', pg_get_statisticsobjdef(s.oid)"])}
     FROM pg_statistic_ext AS s JOIN rel ON rel.oid = s.stxrelid`,

  `${line("default grant", "coalesce(defaclnamespace::regnamespace::text, '')", [
    "'role', defaclrole::regrole::text",
    "'object', defaclobjtype",
    `'acl', ${acl("defaclacl")}`,
  ])}
     FROM pg_default_acl`,

  `${line("event trigger", "evtname", [
    "'event', evtevent",
    "'function', evtfoid::regproc::text",
    "'enabled', evtenabled",
    "'tags', evttags",
  ])}
     FROM pg_event_trigger`,

  // Whatever else depends on something: casts, operators, collations, text search, foreign servers.
  `SELECT DISTINCT 'object ' || o.type || ' ' || o.identity
     FROM pg_depend AS d, LATERAL pg_identify_object(d.classid, d.objid, 0) AS o
    WHERE d.objid >= 16384 AND d.deptype <> 'i'
      AND d.classid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass,
                            'pg_attrdef'::regclass, 'pg_type'::regclass, 'pg_rewrite'::regclass)
      AND d.objid NOT IN (SELECT objid FROM member)`,

  `${line("comment", "o.type || ' ' || o.identity", ["'text', description"])}
     FROM pg_description AS d,
          LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS o
    WHERE d.objoid >= 16384 AND d.objoid NOT IN (SELECT objid FROM member)
      AND d.objoid NOT IN (SELECT oid FROM hidden)`,
];
