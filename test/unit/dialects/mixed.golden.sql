-- Rowgate bundle: release 1.0, 5 blocks, for PostgreSQL 13 or newer
--
-- Run it as often as you like: it applies what the table "versions" does not have yet, and nothing else.
-- It needs psql, or "rowgate deploy": block 2 has COPY data, block 3 runs outside of a transaction.
--     psql -X -v ON_ERROR_STOP=1 -f <this file> "<connection>"
-- Try its first transaction, roll it back:  PGOPTIONS='-c rowgate.dry_run=on' psql …
-- Stop after a block:                       PGOPTIONS='-c rowgate.target=<id>' psql …
-- Let new blocks run below applied ones:    PGOPTIONS='-c rowgate.out_of_order=on' psql …
-- The last line it prints is its receipt, "rowgate: release … is deployed". No receipt, not deployed.
-- Errors name the file and line of the source, in a comment before the statement.
--
-- Do not edit it: "rowgate deploy" refuses a script whose digest, in its last line, does not fit.
-- rowgate bundle {"format":1,"dialect":"postgres","release":"1.0","checksum":"b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e","versions":{"name":"versions"},"form":"do","transaction":"release","token":"b427c97bf3871f9e"}
-- rowgate block {"position":1,"id":"1","kind":"once","name":"1.sql","checksum":"s1:112b7a433622f24b109b5e285d1e51cf99e1cca5f8b0ae0fad7e8d47977175d2","statements":2,"sizeBytes":93}
-- rowgate block {"position":2,"id":"2","kind":"once","name":"2.sql","checksum":"s1:9f38ba7dbb1a2a7a9724c992eb6d4a371fde5f9f7a4cca433cb7958f7880e52a","statements":3,"sizeBytes":60,"hasCopy":true}
-- rowgate block {"position":3,"id":"3","kind":"once","name":"3.sql","checksum":"s1:d8de8f80ff7491e2e628f38c7be05024415a5bdcd131ecc333cd2c82f760ad0b","statements":2,"sizeBytes":49,"transaction":"none"}
-- rowgate block {"position":4,"id":"4","kind":"once","name":"4.sql","checksum":"s1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","statements":0,"sizeBytes":0}
-- rowgate block {"position":5,"id":"views/v","kind":"on-change","name":"views/v.sql","checksum":"s1:8dd2399086bb32d87084999bc0b3d99b5b9b8f9f1912c9337dd11dcefa2f9ee6","statements":1,"sizeBytes":37,"settings":{"lock_timeout":"2s"}}
-- rowgate end of header
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET rowgate.checked = '';

BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL standard_conforming_strings = 'on';
SET LOCAL client_min_messages = 'notice';
SET LOCAL statement_timeout = '0';
DO $rowgate1$
DECLARE
  versions      text;           -- the versions table, with its schema, quoted
  versions_log  text;
  home          text;           -- the schema where they live
  history       jsonb;
  pending       jsonb;          -- the blocks of this transaction that have to run
  present       integer;
  later         integer;        -- how many blocks are pending in later transactions
  until         integer;        -- rowgate.target as a position
  tool          text;
  settings      text;           -- all guarded settings in one, as they were before the first block
  done          integer[] := '{}';      -- positions of the blocks that this part has finished,
  done_ms       bigint[] := '{}';       -- how long each took,
  done_at       timestamptz[] := '{}';  -- and when
  opened        timestamptz;
  held          text[];         -- what the settings below were before the first block
  guarded       CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  dry_run       CONSTANT boolean := coalesce(nullif(current_setting('rowgate.dry_run', true), ''), 'off')::boolean;
  allow_late    CONSTANT boolean := false OR coalesce(nullif(current_setting('rowgate.out_of_order', true), ''), 'off')::boolean;
  b             record;
  s             text;
  holder        text;
  edited        text;
  unfinished    text;
  way_out       text;           -- of the first unfinished block
  left_over     text;           -- statements that drop invalid indexes
  late          text;
  ahead         text;
  blocked       integer;
  milliseconds  bigint;
BEGIN
  -- 1. Guard reads must see what a deployment that we waited for has committed.
  IF current_setting('server_version_num')::integer < 130000 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG012', MESSAGE = format('rowgate: this script needs PostgreSQL 13 or newer, not %s', current_setting('server_version'));
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG010', MESSAGE = format('rowgate: this script needs the isolation level READ COMMITTED, not %s', upper(current_setting('transaction_isolation'))),
      HINT = 'Run it on its own, outside any transaction.';
  END IF;

  -- 2. One deployment at a time for this table. The lock ends with the transaction.
  -- Not by to_regclass: it would remember, through the wait for the lock, that there is no table.
  SELECT n.nspname INTO home FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = 'versions' AND n.nspname = ANY (current_schemas(false)) ORDER BY array_position(current_schemas(false), n.nspname) LIMIT 1;
  home := coalesce(home, current_schema());
  IF home IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG014', MESSAGE = 'rowgate: the search_path names no schema to keep the table "versions" in', HINT = 'Set search_path, or name the schema with --versions-table when the script is built.';
  END IF;
  versions := format('%I.%I', home, 'versions');
  IF NOT pg_try_advisory_xact_lock(1383028583, ('x' || substr(md5(versions), 1, 8))::bit(32)::integer) THEN
    SELECT string_agg(format('pid %s, user %s, application %L, since %s', a.pid, a.usename, a.application_name, a.xact_start::timestamptz(0)), '; ') INTO holder
      FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = 1383028583::oid
       AND l.objid = (('x' || substr(md5(versions), 1, 8))::bit(32)::integer::bigint & 4294967295)::oid
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());
    RAISE NOTICE USING ERRCODE = 'RG002', MESSAGE = format('rowgate: waiting for another deployment: %s', coalesce(holder, 'a session that has just ended')), CONSTRAINT = jsonb_build_object('event', 'waiting', 'holder', holder)::text;
    PERFORM pg_advisory_xact_lock(1383028583, ('x' || substr(md5(versions), 1, 8))::bit(32)::integer);
  END IF;

  -- 3. The versions table and its log.
  versions_log := format('%I.%I', home, 'versions_log');
  IF to_regclass(versions) IS NULL THEN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = home) THEN
      RAISE EXCEPTION USING ERRCODE = 'RG014', MESSAGE = format('rowgate: the schema %I for the table %s does not exist', home, versions), HINT = format('Run once: CREATE SCHEMA %I;', home);
    ELSIF NOT has_schema_privilege(home, 'CREATE') THEN
      RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE = format('rowgate: the role %I may not create the table %s', current_user, versions), HINT = format('Run once, as the owner of the schema: GRANT CREATE ON SCHEMA %I TO %I;', home, current_user);
    END IF;
    EXECUTE format('CREATE TABLE %s (
        id           text PRIMARY KEY,
        name         text NOT NULL,
        kind         text NOT NULL CHECK (kind IN (''once'', ''on-change'', ''always'')),
        checksum     text NOT NULL,
        release      text NOT NULL,
        position     integer NOT NULL,
        state        text NOT NULL DEFAULT ''applied'' CHECK (state IN (''applied'', ''running'', ''failed'', ''adopted'')),
        applied_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        applied_by   text NOT NULL DEFAULT session_user,
        duration_ms  bigint,
        statements   integer NOT NULL,
        done         integer NOT NULL,
        source       text,
        tool         text,
        run          text
      )', versions);
  ELSIF (SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(versions) AND NOT attisdropped
           AND attname IN ('id', 'name', 'kind', 'checksum', 'release', 'position', 'state', 'applied_at', 'applied_by', 'duration_ms', 'statements', 'done', 'source', 'tool', 'run')) < 15 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE = format('rowgate: the table %s is not Rowgate''s versions table', versions), HINT = 'Choose another name with --versions-table when the script is built, or in rowgate.yaml.';
  ELSIF NOT (has_table_privilege(versions, 'SELECT') AND has_table_privilege(versions, 'INSERT') AND has_table_privilege(versions, 'UPDATE')) THEN
    RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE = format('rowgate: the role %I may not read and write the table %s', current_user, versions), HINT = format('Run once, as its owner: GRANT SELECT, INSERT, UPDATE ON %s, %s TO %I;', versions, versions_log, current_user);
  END IF;
  IF to_regclass(versions_log) IS NULL THEN
    EXECUTE format('CREATE TABLE %s (
        sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at           timestamptz NOT NULL DEFAULT clock_timestamp(),
        id           text NOT NULL,
        event        text NOT NULL,
        checksum     text NOT NULL,
        release      text NOT NULL,
        by_user      text NOT NULL DEFAULT session_user,
        tool         text,
        duration_ms  bigint,
        detail       text
      )', versions_log);
  ELSIF (SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(versions_log) AND NOT attisdropped
           AND attname IN ('sequence', 'at', 'id', 'event', 'checksum', 'release', 'by_user', 'tool', 'duration_ms', 'detail')) < 10 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE = format('rowgate: the table %s is not Rowgate''s log', versions_log), HINT = 'Choose another name with --versions-table when the script is built, or in rowgate.yaml.';
  END IF;
  EXECUTE format('SELECT coalesce(jsonb_agg(v), ''[]'') FROM (SELECT id, name, kind, checksum, release, position, state, to_char(applied_at AT TIME ZONE ''UTC'', ''YYYY-MM-DD HH24:MI:SS "UTC"'') AS applied_at, applied_by, statements, done, CASE WHEN v.state = ''running'' THEN (SELECT concat(''pid '', a.pid, '', user '', a.usename, '', application '', a.application_name, '', since '' || date_trunc(''second'', a.backend_start)) FROM pg_stat_activity a WHERE split_part(v.run, '' '', 2) = concat(a.pid, ''@'', extract(epoch FROM a.backend_start)) OR (a.backend_start IS NULL AND a.datname = current_database() AND split_part(split_part(v.run, '' '', 2), ''@'', 1) = a.pid::text)) END AS holder FROM %s v) v', versions) INTO history;

  -- 4. Compare the database with this bundle, before anything is changed.
  WITH manifest(position, id, kind, checksum, statements, out_of_order, here, name) AS (VALUES
      (1, '1', 'once', 's1:112b7a433622f24b109b5e285d1e51cf99e1cca5f8b0ae0fad7e8d47977175d2', 2, false, true, '1.sql'),
      (2, '2', 'once', 's1:9f38ba7dbb1a2a7a9724c992eb6d4a371fde5f9f7a4cca433cb7958f7880e52a', 3, false, true, '2.sql'),
      (3, '3', 'once', 's1:d8de8f80ff7491e2e628f38c7be05024415a5bdcd131ecc333cd2c82f760ad0b', 0, false, false, '3.sql'),
      (4, '4', 'once', 's1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', 0, false, false, '4.sql'),
      (5, 'views/v', 'on-change', 's1:8dd2399086bb32d87084999bc0b3d99b5b9b8f9f1912c9337dd11dcefa2f9ee6', 0, false, false, 'views/v.sql')
  ), goal AS (
    SELECT CASE WHEN t.id = '' THEN 2147483647 ELSE (  -- 0007 is block 7, unless a block has that very id
             SELECT m.position FROM manifest m WHERE m.id = t.id OR (t.id ~ '^[0-9.]+$' AND m.id = regexp_replace(t.id, '(^|[.])0+(?=[0-9])', E'\\1', 'g')) ORDER BY m.id <> t.id LIMIT 1) END AS position
      FROM (SELECT coalesce(current_setting('rowgate.target', true), '') AS id) t
  ), compared AS (  -- a full join is never a nested loop, whatever the planner thinks of the sizes
    SELECT m.*, v.id IS NOT NULL AS known, m.id IS NULL AND v.kind = 'once' AS is_ahead, v.id AS v_id, v.name AS v_name, v.release AS v_release, v.position AS v_position, v.checksum AS was, v.state, v.applied_at, v.applied_by, v.statements AS of, v.done, v.holder,
           v.id IS NULL OR m.kind = 'always' OR (m.kind = 'on-change' AND v.checksum <> m.checksum) OR v.state = 'failed' AS runs,
           (v.state = 'running' AND v.holder IS NULL) OR (v.state = 'failed' AND v.checksum <> m.checksum AND v.done > 0) OR (v.state = 'failed' AND v.checksum LIKE 'u1:%') AS is_unfinished
      FROM manifest m FULL JOIN jsonb_to_recordset(history) v(id text, name text, kind text, checksum text, release text, position integer, state text, applied_at text, applied_by text, statements integer, done integer, holder text) ON v.id = m.id
  ), newest AS (
    SELECT c.position, c.id FROM compared c WHERE c.known AND c.kind = 'once' AND c.state <> 'failed' ORDER BY c.position DESC LIMIT 1
  )
  SELECT jsonb_agg(jsonb_build_object('position', c.position, 'id', c.id, 'name', c.name, 'kind', c.kind, 'checksum', c.checksum, 'statements', c.statements) ORDER BY c.position)
           FILTER (WHERE c.here AND c.runs AND c.position <= goal.position),
         count(*) FILTER (WHERE NOT c.runs),
         count(*) FILTER (WHERE c.runs AND NOT c.here AND c.position <= goal.position),
         max(goal.position),
         min(c.position) FILTER (WHERE c.runs AND NOT c.here AND c.position < 2),
         string_agg(format('block %s (%s): applied %s by %s with checksum %s, this bundle has %s', c.id, c.name, c.applied_at, c.applied_by, left(c.was, 15), left(c.checksum, 15)), E'\n' ORDER BY c.position)
           FILTER (WHERE c.kind = 'once' AND c.state = 'applied' AND c.was <> c.checksum),
         string_agg(format('block %s (%s) %s since %s by %s, %s of %s statements are done%s', c.v_id, c.v_name, CASE c.state WHEN 'running' THEN 'is running' ELSE 'failed, with another text,' END, c.applied_at, c.applied_by, c.done, c.of,
                           CASE WHEN c.state <> 'running' THEN '' WHEN c.holder IS NULL THEN ', and its session is gone' ELSE format(', in the session with %s', c.holder) END), '; ' ORDER BY c.v_position)
           FILTER (WHERE c.is_unfinished),
         (array_agg(CASE WHEN c.was LIKE 'u1:%' THEN 'It was begun to take it back: go on with that, by its undo script or by rowgate undo.'
                         WHEN c.state <> 'running' THEN format('Put the old text back and run this script again; or undo what is done of it, then run: DELETE FROM %s WHERE id = %L; and this script again.', versions, c.v_id)
                         WHEN c.done = c.of THEN format('Run: UPDATE %s SET state = ''failed'' WHERE id = %L; and this script again, which has nothing of it left to run.', versions, c.v_id)
                         ELSE format('Make sure that statement %1$s did nothing, then run: UPDATE %2$s SET state = ''failed'' WHERE id = %3$L; and this script again, which goes on with statement %1$s; if that is done already, run instead: UPDATE %2$s SET state = ''failed'', done = %1$s WHERE id = %3$L;', c.done + 1, versions, c.v_id) END ORDER BY c.v_position)
           FILTER (WHERE c.is_unfinished))[1],
         string_agg(format('block %s (%s) is new, but block %s was applied already', c.id, c.name, newest.id), E'\n' ORDER BY c.position)
           FILTER (WHERE c.kind = 'once' AND NOT c.known AND NOT c.out_of_order AND NOT allow_late AND c.position < newest.position AND c.position <= goal.position),
         string_agg(format('%s (%s, release %s)', c.v_id, c.v_name, c.v_release), ', ' ORDER BY c.v_position) FILTER (WHERE c.is_ahead)
    INTO pending, present, later, until, blocked, edited, unfinished, way_out, late, ahead
    FROM compared c CROSS JOIN goal LEFT JOIN newest ON true;
  IF until IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG013', MESSAGE = format('rowgate: rowgate.target names the block %s, which this bundle does not have', current_setting('rowgate.target', true));
  END IF;
  IF edited IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG003', MESSAGE = 'rowgate: already applied blocks were changed in the source', DETAIL = edited,
      HINT = format('Put the old text back and make the change in a new file. If the change is harmless: UPDATE %s SET checksum = <new> WHERE id = <block>;', versions);
  END IF;
  IF ahead IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG004', MESSAGE = 'rowgate: the database has blocks that this bundle (release 1.0) does not have', DETAIL = ahead,
      HINT = 'Build the bundle from the newer source, or put the missing files back; nothing was changed.';
  END IF;
  IF unfinished IS NOT NULL THEN
    SELECT string_agg(q.drop, ' ') INTO left_over FROM (SELECT i.indexrelid::regclass::text AS name, format('DROP INDEX CONCURRENTLY %s;', i.indexrelid::regclass) AS drop
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT EXISTS (
  SELECT FROM pg_locks l LEFT JOIN pg_stat_progress_create_index p USING (pid)
   WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
     AND (l.relation = i.indexrelid OR (l.relation = i.indrelid AND p.pid IS NOT NULL
          AND (p.index_relid = i.indexrelid OR p.command IS DISTINCT FROM 'CREATE INDEX CONCURRENTLY'))))
ORDER BY 1) q;
    RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = format('rowgate: a block without a transaction was not finished: %s', unfinished),
      HINT = concat('If its statement left one of these invalid indexes, drop that first: ' || left_over || E'\n', way_out);
  END IF;
  IF late IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG007', MESSAGE = 'rowgate: new blocks stand before blocks that were applied already', DETAIL = late,
      HINT = 'Give the new file a higher number, or allow it: "-- rowgate: out-of-order" in the file, or the setting rowgate.out_of_order = on for this run.';
  END IF;
  IF blocked <= until THEN
    RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = format('rowgate: the history has changed: the block at position %s has to run first', blocked), HINT = 'Deploy again.';
  END IF;
  -- Later transactions of this deployment run only after this one has committed.
  PERFORM set_config('rowgate.checked', 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e', false), set_config('rowgate.until', until::text, false), set_config('rowgate.home', home, false);
  pending := coalesce(pending, '[]');
  tool := coalesce(nullif(current_setting('rowgate.tool', true), ''), nullif(current_setting('application_name'), ''));
  SELECT array_agg(coalesce(current_setting(g, true), '') ORDER BY o) INTO held FROM unnest(guarded) WITH ORDINALITY u(g, o);
  PERFORM set_config('rowgate.pending', pending::text, true), set_config('rowgate.present', present::text, true), set_config('rowgate.later', later::text, true), set_config('rowgate.home', home, true),
          set_config('rowgate.tool', tool, true), set_config('rowgate.held', to_jsonb(held)::text, true);
  settings := array_to_string(held, E'\x01');

  -- 5. The blocks: (position, opens, closes, settings, statements). A large block comes in parts.
  FOR b IN SELECT p.*, d.opens, d.closes, d.settings, d.statements AS parts FROM (VALUES
--@ b427c97bf3871f9e data 1
(1, true, true, '{}', ARRAY[
$rg1$/* x.sql:1 */
-- a comment with $rg$ and $rowgate$
CREATE TABLE a (é text);
$rg1$,
$rg$/* x.sql:4:3 */
INSERT INTO a VALUES ('--@ x');
$rg$
]::text[])
--@ b427c97bf3871f9e end sha256 c6277d548d0a1ee5cafe81d8fb35409c0826d45718bc5ccea879af70082e1924
,
--@ b427c97bf3871f9e data 2
(2, true, false, '{}', ARRAY[
$rg$/* x.sql:1 */
SET search_path = '';
$rg$
]::text[])
--@ b427c97bf3871f9e end sha256 ff6d5e8dfe6c7a1ff322acf715f462d6ece80c9a0eaa15926a839fec7c7dd45b
  ) d(position, opens, closes, settings, statements)
  JOIN jsonb_to_recordset(pending) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position) ORDER BY d.position LOOP
    IF b.opens THEN
      opened := clock_timestamp();
      PERFORM set_config('application_name', left('rowgate ' || b.id, 60), true);
      IF b.settings <> '{}' THEN
        PERFORM set_config(key, value, true) FROM jsonb_each_text(b.settings::jsonb);
      END IF;
    ELSE
      opened := current_setting('rowgate.opened')::timestamptz;
    END IF;
    FOREACH s IN ARRAY b.parts LOOP
      EXECUTE s;
    END LOOP;
    IF NOT b.closes THEN
      PERFORM set_config('rowgate.opened', opened::text, true);
      CONTINUE;
    END IF;
    IF concat_ws(E'\x01', coalesce(current_setting('session_authorization', true), ''), coalesce(current_setting('role', true), ''), coalesce(current_setting('search_path', true), ''), coalesce(current_setting('check_function_bodies', true), ''), coalesce(current_setting('session_replication_role', true), ''), coalesce(current_setting('row_security', true), ''), coalesce(current_setting('default_tablespace', true), ''), coalesce(current_setting('default_table_access_method', true), ''), coalesce(current_setting('client_min_messages', true), ''), coalesce(current_setting('lock_timeout', true), ''), coalesce(current_setting('statement_timeout', true), ''), coalesce(current_setting('idle_in_transaction_session_timeout', true), ''), coalesce(current_setting('standard_conforming_strings', true), ''), coalesce(current_setting('xmloption', true), ''), coalesce(current_setting('TimeZone', true), ''), coalesce(current_setting('DateStyle', true), ''), coalesce(current_setting('IntervalStyle', true), '')) <> settings THEN  -- what a block sets does not leak into the next
      FOR i IN 1 .. cardinality(guarded) LOOP
        IF coalesce(current_setting(guarded[i], true), '') <> held[i] THEN
          PERFORM set_config(guarded[i], held[i], false);
        END IF;
      END LOOP;
    END IF;
    milliseconds := 1000 * extract(epoch FROM clock_timestamp() - opened);
    done := done || b.position;
    done_ms := done_ms || milliseconds;
    done_at := done_at || clock_timestamp();
    RAISE NOTICE USING ERRCODE = 'RG001', MESSAGE = format('rowgate: %s %s (%s ms)', b.id, b.name, milliseconds), CONSTRAINT = jsonb_build_object('event', 'applied', 'id', b.id, 'name', b.name, 'ms', milliseconds)::text;
  END LOOP;

  -- 6. Their rows. They are committed with the blocks; one statement for all of them is cheaper.
  IF done <> '{}' THEN
  EXECUTE format('WITH v AS (
      INSERT INTO %1$s (id, name, kind, checksum, release, position, applied_at, duration_ms, statements, done, source, tool)
      SELECT p.id, p.name, p.kind, p.checksum, $5, p.position, d.at, d.ms, p.statements, p.statements, current_setting(''rowgate.source'', true), $6
        FROM unnest($1, $2, $3) d(position, ms, at) JOIN jsonb_to_recordset($4) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position)
       ORDER BY d.position
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, checksum = excluded.checksum, release = excluded.release, position = excluded.position, state = ''applied'',
        applied_at = excluded.applied_at, applied_by = excluded.applied_by, duration_ms = excluded.duration_ms, statements = excluded.statements, done = excluded.done, source = excluded.source, tool = excluded.tool
      RETURNING *, xmax <> 0 AS again)
    INSERT INTO %2$s (at, id, event, checksum, release, tool, duration_ms)
    SELECT applied_at, id, CASE WHEN again THEN ''reapplied'' ELSE ''applied'' END, checksum, release, tool, duration_ms FROM v ORDER BY position', versions, versions_log)
    USING done, done_ms, done_at, pending, '1.0', tool;
  END IF;
END
$rowgate1$;
SELECT coalesce(nullif(current_setting('rowgate.pending', true), ''), '[]')::jsonb @> '[{"position": 2}]' AS rowgate_next \gset
\if :rowgate_next
--@ b427c97bf3871f9e copy 2 2
/* x.sql:1 */
COPY public.a (é) FROM stdin
--@ b427c97bf3871f9e end sha256 07d5c32403a17ec2ee0fdb909165abe028bb75fdd2bb41e459bc22c344140d70
\else
COPY "versions" (id) FROM STDIN WITH (DELIMITER E'\x1F') WHERE false
\endif
--@ b427c97bf3871f9e lines 2
;
eins
\N
-- rowgate sha256 x
\.
--@ b427c97bf3871f9e end sha256 b2773aec7de81680cd41966a96973e85f6bf3c2442d22b564c544aa1f5883852
DO $rowgate$
DECLARE
  versions      text;           -- the versions table, with its schema, quoted
  versions_log  text;
  home          text;           -- the schema where they live
  history       jsonb;
  pending       jsonb;          -- the blocks of this transaction that have to run
  present       integer;
  later         integer;        -- how many blocks are pending in later transactions
  until         integer;        -- rowgate.target as a position
  tool          text;
  settings      text;           -- all guarded settings in one, as they were before the first block
  done          integer[] := '{}';      -- positions of the blocks that this part has finished,
  done_ms       bigint[] := '{}';       -- how long each took,
  done_at       timestamptz[] := '{}';  -- and when
  opened        timestamptz;
  held          text[];         -- what the settings below were before the first block
  guarded       CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  dry_run       CONSTANT boolean := coalesce(nullif(current_setting('rowgate.dry_run', true), ''), 'off')::boolean;
  allow_late    CONSTANT boolean := false OR coalesce(nullif(current_setting('rowgate.out_of_order', true), ''), 'off')::boolean;
  b             record;
  s             text;
  holder        text;
  edited        text;
  unfinished    text;
  way_out       text;           -- of the first unfinished block
  left_over     text;           -- statements that drop invalid indexes
  late          text;
  ahead         text;
  blocked       integer;
  milliseconds  bigint;
BEGIN
  -- Goes on with what the first part of this transaction decided.
  home := current_setting('rowgate.home');
  versions := format('%I.%I', home, 'versions');
  versions_log := format('%I.%I', home, 'versions_log');
  pending := current_setting('rowgate.pending')::jsonb;
  present := current_setting('rowgate.present')::integer;
  later := nullif(current_setting('rowgate.later'), '')::integer;
  tool := nullif(current_setting('rowgate.tool'), '');
  SELECT array_agg(g ORDER BY o) INTO held FROM jsonb_array_elements_text(current_setting('rowgate.held')::jsonb) WITH ORDINALITY u(g, o);
  settings := array_to_string(held, E'\x01');

  -- 5. The blocks: (position, opens, closes, settings, statements). A large block comes in parts.
  FOR b IN SELECT p.*, d.opens, d.closes, d.settings, d.statements AS parts FROM (VALUES
--@ b427c97bf3871f9e data 2
(2, false, true, '{}', ARRAY[
$rg$/* x.sql:1 */
SELECT 1;
$rg$
]::text[])
--@ b427c97bf3871f9e end sha256 21c7d6141bd0d4a4e2c508a46bedd94126e5179ac7ad86a654c29de67e189da4
  ) d(position, opens, closes, settings, statements)
  JOIN jsonb_to_recordset(pending) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position) ORDER BY d.position LOOP
    IF b.opens THEN
      opened := clock_timestamp();
      PERFORM set_config('application_name', left('rowgate ' || b.id, 60), true);
      IF b.settings <> '{}' THEN
        PERFORM set_config(key, value, true) FROM jsonb_each_text(b.settings::jsonb);
      END IF;
    ELSE
      opened := current_setting('rowgate.opened')::timestamptz;
    END IF;
    FOREACH s IN ARRAY b.parts LOOP
      EXECUTE s;
    END LOOP;
    IF NOT b.closes THEN
      PERFORM set_config('rowgate.opened', opened::text, true);
      CONTINUE;
    END IF;
    IF concat_ws(E'\x01', coalesce(current_setting('session_authorization', true), ''), coalesce(current_setting('role', true), ''), coalesce(current_setting('search_path', true), ''), coalesce(current_setting('check_function_bodies', true), ''), coalesce(current_setting('session_replication_role', true), ''), coalesce(current_setting('row_security', true), ''), coalesce(current_setting('default_tablespace', true), ''), coalesce(current_setting('default_table_access_method', true), ''), coalesce(current_setting('client_min_messages', true), ''), coalesce(current_setting('lock_timeout', true), ''), coalesce(current_setting('statement_timeout', true), ''), coalesce(current_setting('idle_in_transaction_session_timeout', true), ''), coalesce(current_setting('standard_conforming_strings', true), ''), coalesce(current_setting('xmloption', true), ''), coalesce(current_setting('TimeZone', true), ''), coalesce(current_setting('DateStyle', true), ''), coalesce(current_setting('IntervalStyle', true), '')) <> settings THEN  -- what a block sets does not leak into the next
      FOR i IN 1 .. cardinality(guarded) LOOP
        IF coalesce(current_setting(guarded[i], true), '') <> held[i] THEN
          PERFORM set_config(guarded[i], held[i], false);
        END IF;
      END LOOP;
    END IF;
    milliseconds := 1000 * extract(epoch FROM clock_timestamp() - opened);
    done := done || b.position;
    done_ms := done_ms || milliseconds;
    done_at := done_at || clock_timestamp();
    RAISE NOTICE USING ERRCODE = 'RG001', MESSAGE = format('rowgate: %s %s (%s ms)', b.id, b.name, milliseconds), CONSTRAINT = jsonb_build_object('event', 'applied', 'id', b.id, 'name', b.name, 'ms', milliseconds)::text;
  END LOOP;

  -- 6. Their rows. They are committed with the blocks; one statement for all of them is cheaper.
  IF done <> '{}' THEN
  EXECUTE format('WITH v AS (
      INSERT INTO %1$s (id, name, kind, checksum, release, position, applied_at, duration_ms, statements, done, source, tool)
      SELECT p.id, p.name, p.kind, p.checksum, $5, p.position, d.at, d.ms, p.statements, p.statements, current_setting(''rowgate.source'', true), $6
        FROM unnest($1, $2, $3) d(position, ms, at) JOIN jsonb_to_recordset($4) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position)
       ORDER BY d.position
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, checksum = excluded.checksum, release = excluded.release, position = excluded.position, state = ''applied'',
        applied_at = excluded.applied_at, applied_by = excluded.applied_by, duration_ms = excluded.duration_ms, statements = excluded.statements, done = excluded.done, source = excluded.source, tool = excluded.tool
      RETURNING *, xmax <> 0 AS again)
    INSERT INTO %2$s (at, id, event, checksum, release, tool, duration_ms)
    SELECT applied_at, id, CASE WHEN again THEN ''reapplied'' ELSE ''applied'' END, checksum, release, tool, duration_ms FROM v ORDER BY position', versions, versions_log)
    USING done, done_ms, done_at, pending, '1.0', tool;
  END IF;
  RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = format('rowgate: release 1.0: %s applied, %s were there', jsonb_array_length(pending), present);
  IF dry_run THEN
    RAISE EXCEPTION USING ERRCODE = 'RG009', MESSAGE = concat('rowgate: dry run, everything is rolled back', CASE WHEN later > 0 THEN '; pending blocks of later transactions, which were not tried: ' || later END);
  END IF;
END
$rowgate$;
COMMIT;

-- Block 3 runs outside of a transaction.
SELECT set_config('rowgate.run', md5(random()::text || clock_timestamp()::text), false) AS rowgate_run \gset
WITH home AS (
  SELECT set_config('rowgate.held', jsonb_agg(coalesce(current_setting(g, true), '') ORDER BY o)::text, false) IS NOT NULL AS kept FROM unnest(ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle']) WITH ORDINALITY u(g, o)
), claim AS (
  INSERT INTO "versions" AS v (id, name, kind, checksum, release, position, state, statements, done, source, tool, run)
  SELECT '3', '3.sql', 'once', 's1:d8de8f80ff7491e2e628f38c7be05024415a5bdcd131ecc333cd2c82f760ad0b', '1.0', 3, 'running', 2, 0,
         current_setting('rowgate.source', true), nullif(current_setting('application_name'), ''),
         (SELECT concat(current_setting('rowgate.run'), ' ', a.pid, '@', extract(epoch FROM a.backend_start)) FROM pg_stat_activity a WHERE a.pid = pg_backend_pid())
    FROM home WHERE kept AND current_setting('rowgate.checked', true) = 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e' AND current_setting('rowgate.until')::integer >= 3

  ON CONFLICT (id) DO UPDATE SET state = 'running', name = excluded.name, kind = excluded.kind, release = excluded.release, position = excluded.position,
      done = CASE WHEN v.state = 'failed' AND v.checksum = excluded.checksum THEN v.done ELSE 0 END, checksum = excluded.checksum, statements = excluded.statements,
      applied_at = excluded.applied_at, applied_by = excluded.applied_by, duration_ms = NULL, source = excluded.source, tool = excluded.tool, run = excluded.run
    WHERE (v.state = 'failed' AND (v.checksum = excluded.checksum OR v.done = 0))
       OR (v.state = 'applied' AND (excluded.kind = 'always' OR (excluded.kind = 'on-change' AND v.checksum <> excluded.checksum)))
  RETURNING v.done
)
SELECT EXISTS (SELECT FROM claim) AS rowgate_claimed, coalesce((SELECT done FROM claim), 0) AS rowgate_done \gset
\if :rowgate_claimed
SET statement_timeout = '0';
\endif
\if :rowgate_claimed
\else
DO $rowgate$
DECLARE
  home    CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), current_schema());
  holder  text;
  said    text := '';
BEGIN
  IF current_setting('rowgate.checked', true) IS DISTINCT FROM 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e' OR current_setting('rowgate.until')::integer < 3 THEN
    RETURN;
  END IF;
  LOOP
    EXECUTE format('SELECT CASE WHEN v.state = ''running'' THEN (SELECT concat(''pid '', a.pid, '', user '', a.usename, '', application '', a.application_name, '', since '' || date_trunc(''second'', a.backend_start)) FROM pg_stat_activity a WHERE split_part(v.run, '' '', 2) = concat(a.pid, ''@'', extract(epoch FROM a.backend_start)) OR (a.backend_start IS NULL AND a.datname = current_database() AND split_part(split_part(v.run, '' '', 2), ''@'', 1) = a.pid::text)) END FROM %I.%I v WHERE v.id = $1', home, 'versions') INTO holder USING '3';
    EXIT WHEN holder IS NULL;
    IF holder <> said THEN
      RAISE NOTICE USING ERRCODE = 'RG002', MESSAGE = format('rowgate: waiting for another deployment: %s', holder), CONSTRAINT = jsonb_build_object('event', 'waiting', 'holder', holder)::text;
      said := holder;
    END IF;
    COMMIT;  -- an index that is built CONCURRENTLY waits for every older snapshot, ours too
    PERFORM pg_sleep(0.2);
  END LOOP;
END
$rowgate$;
\endif
SELECT :'rowgate_claimed'::boolean AND :rowgate_done < 1 AS rowgate_next \gset
\if :rowgate_next
--@ b427c97bf3871f9e statement 3
/* x.sql:1 */
CREATE INDEX CONCURRENTLY a_i ON a (é);
--@ b427c97bf3871f9e end sha256 bf3d04a644ca9779c05cd3e958932a1bd421e037bcdbc8baa510654e9c95dd0b
DO $rowgate$
DECLARE
  home     CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('"versions"')));
  guarded  CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  held     CONSTANT jsonb := coalesce(nullif(current_setting('rowgate.held', true), ''), '[]');
  found    integer;
BEGIN
  FOR i IN 1 .. jsonb_array_length(held) LOOP
    IF coalesce(current_setting(guarded[i], true), '') <> held ->> (i - 1) THEN
      PERFORM set_config(guarded[i], held ->> (i - 1), true);
    END IF;
  END LOOP;
  EXECUTE format('UPDATE %I.%I SET done = $1 WHERE id = $2 AND split_part(run, '' '', 1) = $3', home, 'versions') USING 1, '3', current_setting('rowgate.run');
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = 'rowgate: the row of block 3 is no longer ours: somebody changed it while the block ran';
  END IF;
END
$rowgate$;
\endif
SELECT :'rowgate_claimed'::boolean AND :rowgate_done < 2 AS rowgate_next \gset
\if :rowgate_next
--@ b427c97bf3871f9e statement 3
/* x.sql:1 */
VACUUM a;
--@ b427c97bf3871f9e end sha256 e8bf4923e2472c7f24353770a2dba1c72f8d9db983a8ec0cd829bf57ebd99d80
DO $rowgate$
DECLARE
  home     CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('"versions"')));
  guarded  CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  held     CONSTANT jsonb := coalesce(nullif(current_setting('rowgate.held', true), ''), '[]');
  found    integer;
BEGIN
  FOR i IN 1 .. jsonb_array_length(held) LOOP
    IF coalesce(current_setting(guarded[i], true), '') <> held ->> (i - 1) THEN
      PERFORM set_config(guarded[i], held ->> (i - 1), true);
    END IF;
  END LOOP;
  EXECUTE format('UPDATE %I.%I SET done = $1 WHERE id = $2 AND split_part(run, '' '', 1) = $3', home, 'versions') USING 2, '3', current_setting('rowgate.run');
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = 'rowgate: the row of block 3 is no longer ours: somebody changed it while the block ran';
  END IF;
END
$rowgate$;
\endif
\if :rowgate_claimed
DO $rowgate$
DECLARE
  home     CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('"versions"')));
  guarded  CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  held     CONSTANT jsonb := coalesce(nullif(current_setting('rowgate.held', true), ''), '[]');
  found    integer;
BEGIN
  FOR i IN 1 .. jsonb_array_length(held) LOOP
    IF coalesce(current_setting(guarded[i], true), '') <> held ->> (i - 1) THEN
      PERFORM set_config(guarded[i], held ->> (i - 1), false);
    END IF;
  END LOOP;
  EXECUTE format('WITH v AS (
      UPDATE %1$I.%2$I SET state = ''applied'', done = statements, run = NULL, duration_ms = 1000 * extract(epoch FROM clock_timestamp() - applied_at), applied_at = clock_timestamp()
       WHERE id = $1 AND split_part(run, '' '', 1) = $2 RETURNING *)
    INSERT INTO %1$I.%3$I (id, event, checksum, release, tool, duration_ms) SELECT id, ''applied'', checksum, release, tool, duration_ms FROM v', home, 'versions', 'versions_log') USING '3', current_setting('rowgate.run');
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = 'rowgate: the row of block 3 is no longer ours: somebody changed it while the block ran';
  END IF;
  RAISE NOTICE USING ERRCODE = 'RG001', MESSAGE = 'rowgate: 3 3.sql';
END
$rowgate$;
\endif
DO $rowgate$
DECLARE
  home   CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), current_schema());
  state  text;
  since  text;
  holder text;
BEGIN
  IF current_setting('rowgate.checked', true) IS DISTINCT FROM 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = 'rowgate: stopped, because an earlier part of this script has failed', HINT = 'Mend the first error, then run the whole script again: what was applied is skipped.';
  ELSIF current_setting('rowgate.until')::integer < 3 THEN
    RETURN;
  END IF;
  EXECUTE format('SELECT v.state, to_char(v.applied_at AT TIME ZONE ''UTC'', ''YYYY-MM-DD HH24:MI:SS "UTC"''), CASE WHEN v.state = ''running'' THEN (SELECT concat(''pid '', a.pid, '', user '', a.usename, '', application '', a.application_name, '', since '' || date_trunc(''second'', a.backend_start)) FROM pg_stat_activity a WHERE split_part(v.run, '' '', 2) = concat(a.pid, ''@'', extract(epoch FROM a.backend_start)) OR (a.backend_start IS NULL AND a.datname = current_database() AND split_part(split_part(v.run, '' '', 2), ''@'', 1) = a.pid::text)) END FROM %I.%I v WHERE v.id = $1', home, 'versions') INTO state, since, holder USING '3';
  IF state IS DISTINCT FROM 'applied' AND state IS DISTINCT FROM 'adopted' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG005', MESSAGE = format('rowgate: block 3 (3.sql) is %s since %s, %s', state, since, coalesce('in the session with ' || holder, 'and its session is gone')),
      HINT = CASE WHEN holder IS NULL THEN 'Run this script again: it says how to go on.' ELSE 'Run this script again when that session has ended.' END;
  END IF;
END
$rowgate$;

BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL standard_conforming_strings = 'on';
SET LOCAL client_min_messages = 'notice';
SET LOCAL statement_timeout = '0';
DO $rowgate$
DECLARE
  versions      text;           -- the versions table, with its schema, quoted
  versions_log  text;
  home          text;           -- the schema where they live
  history       jsonb;
  pending       jsonb;          -- the blocks of this transaction that have to run
  present       integer;
  later         integer;        -- how many blocks are pending in later transactions
  until         integer;        -- rowgate.target as a position
  tool          text;
  settings      text;           -- all guarded settings in one, as they were before the first block
  done          integer[] := '{}';      -- positions of the blocks that this part has finished,
  done_ms       bigint[] := '{}';       -- how long each took,
  done_at       timestamptz[] := '{}';  -- and when
  opened        timestamptz;
  held          text[];         -- what the settings below were before the first block
  guarded       CONSTANT text[] := ARRAY['session_authorization', 'role', 'search_path', 'check_function_bodies', 'session_replication_role', 'row_security', 'default_tablespace', 'default_table_access_method', 'client_min_messages', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'standard_conforming_strings', 'xmloption', 'TimeZone', 'DateStyle', 'IntervalStyle'];
  dry_run       CONSTANT boolean := coalesce(nullif(current_setting('rowgate.dry_run', true), ''), 'off')::boolean;
  allow_late    CONSTANT boolean := false OR coalesce(nullif(current_setting('rowgate.out_of_order', true), ''), 'off')::boolean;
  b             record;
  s             text;
  holder        text;
  edited        text;
  unfinished    text;
  way_out       text;           -- of the first unfinished block
  left_over     text;           -- statements that drop invalid indexes
  late          text;
  ahead         text;
  blocked       integer;
  milliseconds  bigint;
  defined       CONSTANT jsonb := '[{"position":5,"md5":"cb8918338953421d71b637404fc50549","catalog":"pg_class","name":"v"}]';  -- what the statements of blocks define that are applied again
  objects       text;           -- the table of what such blocks have made, with its schema, quoted
  own           jsonb;          -- of the block at hand: what it defines,
  was           jsonb;          -- what had the names of that before it,
  named         jsonb;          -- what has them behind it,
  made          jsonb;          -- and what of that it has made
  comes         jsonb;          -- what the blocks to come had made
  kept          jsonb := '{}';  -- the owner and grants of what they are to make again
  ways          jsonb;          -- what is dropped for something new, with all that needs it
  blocked_by    text;
  victim        text;
  path          text;
  checks        text;
  way           record;
BEGIN
  -- 1. Guard reads must see what a deployment that we waited for has committed.
  IF current_setting('server_version_num')::integer < 130000 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG012', MESSAGE = format('rowgate: this script needs PostgreSQL 13 or newer, not %s', current_setting('server_version'));
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG010', MESSAGE = format('rowgate: this script needs the isolation level READ COMMITTED, not %s', upper(current_setting('transaction_isolation'))),
      HINT = 'Run it on its own, outside any transaction.';
  END IF;

  -- 2. One deployment at a time for this table. The lock ends with the transaction.
  -- Not by to_regclass: it would remember, through the wait for the lock, that there is no table.
  SELECT n.nspname INTO home FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = 'versions' AND n.nspname = ANY (current_schemas(false)) ORDER BY array_position(current_schemas(false), n.nspname) LIMIT 1;
  home := coalesce(home, current_schema());
  IF home IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RG014', MESSAGE = 'rowgate: the search_path names no schema to keep the table "versions" in', HINT = 'Set search_path, or name the schema with --versions-table when the script is built.';
  END IF;
  versions := format('%I.%I', home, 'versions');
  IF NOT pg_try_advisory_xact_lock(1383028583, ('x' || substr(md5(versions), 1, 8))::bit(32)::integer) THEN
    SELECT string_agg(format('pid %s, user %s, application %L, since %s', a.pid, a.usename, a.application_name, a.xact_start::timestamptz(0)), '; ') INTO holder
      FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = 1383028583::oid
       AND l.objid = (('x' || substr(md5(versions), 1, 8))::bit(32)::integer::bigint & 4294967295)::oid
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());
    RAISE NOTICE USING ERRCODE = 'RG002', MESSAGE = format('rowgate: waiting for another deployment: %s', coalesce(holder, 'a session that has just ended')), CONSTRAINT = jsonb_build_object('event', 'waiting', 'holder', holder)::text;
    PERFORM pg_advisory_xact_lock(1383028583, ('x' || substr(md5(versions), 1, 8))::bit(32)::integer);
  END IF;

  -- 3. The versions table and its log.
  versions_log := format('%I.%I', home, 'versions_log');
  IF to_regclass(versions) IS NULL THEN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = home) THEN
      RAISE EXCEPTION USING ERRCODE = 'RG014', MESSAGE = format('rowgate: the schema %I for the table %s does not exist', home, versions), HINT = format('Run once: CREATE SCHEMA %I;', home);
    ELSIF NOT has_schema_privilege(home, 'CREATE') THEN
      RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE = format('rowgate: the role %I may not create the table %s', current_user, versions), HINT = format('Run once, as the owner of the schema: GRANT CREATE ON SCHEMA %I TO %I;', home, current_user);
    END IF;
    EXECUTE format('CREATE TABLE %s (
        id           text PRIMARY KEY,
        name         text NOT NULL,
        kind         text NOT NULL CHECK (kind IN (''once'', ''on-change'', ''always'')),
        checksum     text NOT NULL,
        release      text NOT NULL,
        position     integer NOT NULL,
        state        text NOT NULL DEFAULT ''applied'' CHECK (state IN (''applied'', ''running'', ''failed'', ''adopted'')),
        applied_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        applied_by   text NOT NULL DEFAULT session_user,
        duration_ms  bigint,
        statements   integer NOT NULL,
        done         integer NOT NULL,
        source       text,
        tool         text,
        run          text
      )', versions);
  ELSIF (SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(versions) AND NOT attisdropped
           AND attname IN ('id', 'name', 'kind', 'checksum', 'release', 'position', 'state', 'applied_at', 'applied_by', 'duration_ms', 'statements', 'done', 'source', 'tool', 'run')) < 15 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE = format('rowgate: the table %s is not Rowgate''s versions table', versions), HINT = 'Choose another name with --versions-table when the script is built, or in rowgate.yaml.';
  ELSIF NOT (has_table_privilege(versions, 'SELECT') AND has_table_privilege(versions, 'INSERT') AND has_table_privilege(versions, 'UPDATE')) THEN
    RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE = format('rowgate: the role %I may not read and write the table %s', current_user, versions), HINT = format('Run once, as its owner: GRANT SELECT, INSERT, UPDATE ON %s, %s TO %I;', versions, versions_log, current_user);
  END IF;
  IF to_regclass(versions_log) IS NULL THEN
    EXECUTE format('CREATE TABLE %s (
        sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at           timestamptz NOT NULL DEFAULT clock_timestamp(),
        id           text NOT NULL,
        event        text NOT NULL,
        checksum     text NOT NULL,
        release      text NOT NULL,
        by_user      text NOT NULL DEFAULT session_user,
        tool         text,
        duration_ms  bigint,
        detail       text
      )', versions_log);
  ELSIF (SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(versions_log) AND NOT attisdropped
           AND attname IN ('sequence', 'at', 'id', 'event', 'checksum', 'release', 'by_user', 'tool', 'duration_ms', 'detail')) < 10 THEN
    RAISE EXCEPTION USING ERRCODE = 'RG008', MESSAGE = format('rowgate: the table %s is not Rowgate''s log', versions_log), HINT = 'Choose another name with --versions-table when the script is built, or in rowgate.yaml.';
  END IF;
  EXECUTE format('SELECT coalesce(jsonb_agg(v), ''[]'') FROM (SELECT id, name, kind, checksum, release, position, state, to_char(applied_at AT TIME ZONE ''UTC'', ''YYYY-MM-DD HH24:MI:SS "UTC"'') AS applied_at, applied_by, statements, done, CASE WHEN v.state = ''running'' THEN (SELECT concat(''pid '', a.pid, '', user '', a.usename, '', application '', a.application_name, '', since '' || date_trunc(''second'', a.backend_start)) FROM pg_stat_activity a WHERE split_part(v.run, '' '', 2) = concat(a.pid, ''@'', extract(epoch FROM a.backend_start)) OR (a.backend_start IS NULL AND a.datname = current_database() AND split_part(split_part(v.run, '' '', 2), ''@'', 1) = a.pid::text)) END AS holder FROM %s v) v', versions) INTO history;

  -- 4. Compare the database with this bundle, before anything is changed.
  IF current_setting('rowgate.checked', true) IS DISTINCT FROM 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = 'rowgate: stopped, because an earlier part of this script has failed', HINT = 'Mend the first error, then run the whole script again: what was applied is skipped.';
  END IF;
  until := current_setting('rowgate.until')::integer;
  WITH manifest(position, id, kind, checksum, statements, out_of_order, here, name) AS (VALUES
      (4, '4', 'once', 's1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', 0, false, true, '4.sql'),
      (5, 'views/v', 'on-change', 's1:8dd2399086bb32d87084999bc0b3d99b5b9b8f9f1912c9337dd11dcefa2f9ee6', 1, false, true, 'views/v.sql')
  )
  SELECT jsonb_agg(jsonb_build_object('position', m.position, 'id', m.id, 'name', m.name, 'kind', m.kind, 'checksum', m.checksum, 'statements', m.statements) ORDER BY m.position)
           FILTER (WHERE (v.id IS NULL OR m.kind = 'always' OR (m.kind = 'on-change' AND v.checksum <> m.checksum) OR v.state = 'failed') AND m.position <= until),
         count(v.id)
    INTO pending, present
    FROM manifest m LEFT JOIN jsonb_to_recordset(history) v(id text, checksum text, state text) USING (id);
  pending := coalesce(pending, '[]');
  tool := coalesce(nullif(current_setting('rowgate.tool', true), ''), nullif(current_setting('application_name'), ''));
  SELECT array_agg(coalesce(current_setting(g, true), '') ORDER BY o) INTO held FROM unnest(guarded) WITH ORDINALITY u(g, o);
  settings := array_to_string(held, E'\x01');
  objects := format('%I.%I', home, 'versions_objects');
  IF to_regclass(objects) IS NULL THEN
    EXECUTE format('CREATE TABLE %s (
        type         text NOT NULL,
        identity     text NOT NULL,
        id           text NOT NULL,
        is_left      boolean NOT NULL DEFAULT false,
        PRIMARY KEY (type, identity)
      )', objects);
  END IF;
  EXECUTE format('SELECT jsonb_agg(jsonb_build_object(''type'', o.type, ''identity'', o.identity, ''position'', p.position)) FROM %s o JOIN jsonb_to_recordset($1) p(position integer, id text) USING (id) WHERE p.position <= $2', objects) INTO comes USING pending, 5;

  -- 5. The blocks: (position, opens, closes, settings, statements). A large block comes in parts.
  FOR b IN SELECT p.*, d.opens, d.closes, d.settings, d.statements AS parts FROM (VALUES
--@ b427c97bf3871f9e data 4
(4, true, true, '{}', ARRAY[
]::text[])
--@ b427c97bf3871f9e end sha256 e04aca41e177e04aa246d52beedfb9adb99c631468f54ac8d9f26d5c187e71ad
,
--@ b427c97bf3871f9e data 5
(5, true, true, '{"lock_timeout":"2s"}', ARRAY[
$rg$/* x.sql:1 */
CREATE OR REPLACE VIEW v AS SELECT 1;
$rg$
]::text[])
--@ b427c97bf3871f9e end sha256 995e31158dadaebfdcb0e274f5211d71de0680283c5c9f422aa0cf454b9e4c84
  ) d(position, opens, closes, settings, statements)
  JOIN jsonb_to_recordset(pending) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position) ORDER BY d.position LOOP
    IF b.opens THEN
      opened := clock_timestamp();
      PERFORM set_config('application_name', left('rowgate ' || b.id, 60), true);
      IF b.settings <> '{}' THEN
        PERFORM set_config(key, value, true) FROM jsonb_each_text(b.settings::jsonb);
      END IF;
    ELSE
      opened := current_setting('rowgate.opened')::timestamptz;
    END IF;
    SELECT jsonb_agg(d) INTO own FROM jsonb_array_elements(defined) d WHERE (d ->> 'position')::integer = b.position;
    IF own IS NOT NULL THEN
      path := current_setting('search_path');
      PERFORM set_config('search_path', '', true);
      EXECUTE format('SELECT jsonb_agg(v) FROM (SELECT o.type, o.identity FROM %s o WHERE o.id = $1 AND NOT o.is_left) v', objects) INTO ways USING b.id;
      SELECT jsonb_agg(w) INTO was FROM (SELECT t.version, d.*, EXISTS (SELECT FROM jsonb_to_recordset(ways) k(type text, identity text) WHERE k.type = d.type AND k.identity = d.identity) AS own FROM (SELECT 'pg_proc'::regclass::oid AS class, p.oid AS id, concat(p.ctid) AS version FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_proc' AND d.name = p.proname AND n.nspname = coalesce(d.schema, n.nspname) WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_class'::regclass::oid, c.oid, concat(r.ctid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_class' AND d.name = c.relname AND n.nspname = coalesce(d.schema, n.nspname) WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_trigger'::regclass::oid, t.oid, concat(t.ctid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_trigger' AND d.name = t.tgname AND n.nspname = coalesce(d.schema, n.nspname) WHERE NOT t.tgisinternal
      UNION SELECT 'pg_proc'::regclass::oid, p.oid, concat(p.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_proc p ON p.oid = CASE WHEN k.type IN ('function', 'procedure') THEN to_regprocedure(k.identity)::oid END
      UNION SELECT 'pg_class'::regclass::oid, c.oid, concat(r.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_class c ON c.oid = CASE WHEN k.type IN ('view', 'materialized view') THEN to_regclass(k.identity)::oid END JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
      UNION SELECT 'pg_trigger'::regclass::oid, t.oid, concat(t.ctid) FROM jsonb_to_recordset(ways) k(type text, identity text)
        JOIN pg_trigger t ON NOT t.tgisinternal AND k.identity = CASE WHEN k.type = 'trigger' THEN (SELECT i.identity FROM pg_identify_object('pg_trigger'::regclass, t.oid, 0) i) END) t CROSS JOIN LATERAL (SELECT u.class, u.id, i.type, i.identity,
       CASE u.class
         WHEN 'pg_proc'::regclass THEN (SELECT CASE WHEN p.prokind <> 'a' THEN concat(pg_get_functiondef(p.oid), ';') END FROM pg_proc p WHERE p.oid = u.id)
         WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind = 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS%s%s', i.identity, ' WITH (' || array_to_string(c.reloptions, ', ') || ')', E'\n', pg_get_viewdef(c.oid)) END FROM pg_class c WHERE c.oid = u.id)
         WHEN 'pg_trigger'::regclass THEN (SELECT CASE WHEN NOT t.tgisinternal AND t.tgparentid = 0 THEN concat(pg_get_triggerdef(t.oid), ';', CASE WHEN t.tgenabled <> 'O' THEN format(E'\nALTER TABLE %s %s TRIGGER %I;', t.tgrelid::regclass, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END) END FROM pg_trigger t WHERE t.oid = u.id)
         WHEN 'pg_attrdef'::regclass THEN (SELECT CASE WHEN a.attgenerated = '' THEN format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s;', a.attrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)) END FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
       END AS make,
       CASE WHEN h.owner <> current_user THEN format('ALTER %s %s OWNER TO %I;', h.word, n.name, h.owner) END AS owner,
       (SELECT string_agg(g.sql, ' ' ORDER BY g.o) FROM (
          SELECT 0 AS o, format('REVOKE ALL ON %s %s FROM PUBLIC, %I;', h.word, n.name, h.owner) AS sql WHERE h.acl IS NOT NULL
          UNION ALL SELECT 1, format('GRANT %s ON %s %s TO %s%s;', x.privilege_type, h.word, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM aclexplode(h.acl) x
          UNION ALL SELECT 2, format('GRANT %s (%I) ON TABLE %s TO %s%s;', x.privilege_type, a.attname, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) x WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id) g) AS rights,
       (SELECT string_agg(r.sql, ' ' ORDER BY r.o) FROM (
          SELECT 0 AS o, format('COMMENT ON %s %s IS %L;', upper(CASE h.word WHEN 'TABLE' THEN i.type WHEN 'ROUTINE' THEN 'ROUTINE' ELSE i.type END), n.name, obj_description(u.id, u.class::regclass::name)) AS sql WHERE obj_description(u.id, u.class::regclass::name) IS NOT NULL
          UNION ALL SELECT a.attnum, format('COMMENT ON COLUMN %s.%I IS %L;', n.name, a.attname, col_description(u.id, a.attnum)) FROM pg_attribute a WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id AND a.attnum > 0 AND NOT a.attisdropped AND col_description(u.id, a.attnum) IS NOT NULL
          UNION ALL SELECT 10000 + d.adnum, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', n.name, a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE u.class = 'pg_class'::regclass AND d.adrelid = u.id
          UNION ALL SELECT 20000, concat(pg_get_triggerdef(t.oid), ';') FROM pg_trigger t WHERE u.class = 'pg_class'::regclass AND t.tgrelid = u.id AND NOT t.tgisinternal
          UNION ALL SELECT 30000, pg_get_ruledef(w.oid) FROM pg_rewrite w WHERE u.class = 'pg_class'::regclass AND w.ev_class = u.id AND w.rulename <> '_RETURN') r) AS remarks,
       CASE u.class WHEN 'pg_attrdef'::regclass THEN (SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT;', a.attrelid::regclass, a.attname) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
         ELSE format('DROP %s %s;', i.type, i.identity) END AS drop
  FROM (SELECT t.class, t.id, NULL::text AS as_name) u
  CROSS JOIN LATERAL pg_identify_object(u.class, u.id, 0) i
  CROSS JOIN LATERAL (SELECT coalesce(u.as_name, i.identity) AS name) n
  LEFT JOIN LATERAL (
    SELECT 'ROUTINE' AS word, pg_get_userbyid(p.proowner) AS owner, p.proacl AS acl FROM pg_proc p WHERE u.class = 'pg_proc'::regclass AND p.oid = u.id
    UNION ALL SELECT 'TABLE', pg_get_userbyid(c.relowner), c.relacl FROM pg_class c WHERE u.class = 'pg_class'::regclass AND c.oid = u.id) h ON true) d) w;
      PERFORM set_config('search_path', path, true);
    END IF;
    FOREACH s IN ARRAY b.parts || CASE WHEN own IS NULL THEN '{}'::text[] ELSE ARRAY[NULL::text] END LOOP
      ways := NULL;
      IF s IS NULL THEN
        path := current_setting('search_path');
        checks := current_setting('check_function_bodies');
        PERFORM set_config('search_path', '', true);
        SELECT jsonb_agg(w) INTO named FROM (SELECT t.version, d.* FROM (SELECT 'pg_proc'::regclass::oid AS class, p.oid AS id, concat(p.ctid) AS version FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_proc' AND d.name = p.proname AND n.nspname = coalesce(d.schema, n.nspname) WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_class'::regclass::oid, c.oid, concat(r.ctid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_class' AND d.name = c.relname AND n.nspname = coalesce(d.schema, n.nspname) WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      UNION SELECT 'pg_trigger'::regclass::oid, t.oid, concat(t.ctid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN jsonb_to_recordset(own) d(catalog text, schema text, name text) ON d.catalog = 'pg_trigger' AND d.name = t.tgname AND n.nspname = coalesce(d.schema, n.nspname) WHERE NOT t.tgisinternal) t CROSS JOIN LATERAL (SELECT u.class, u.id, i.type, i.identity,
       CASE u.class
         WHEN 'pg_proc'::regclass THEN (SELECT CASE WHEN p.prokind <> 'a' THEN concat(pg_get_functiondef(p.oid), ';') END FROM pg_proc p WHERE p.oid = u.id)
         WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind = 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS%s%s', i.identity, ' WITH (' || array_to_string(c.reloptions, ', ') || ')', E'\n', pg_get_viewdef(c.oid)) END FROM pg_class c WHERE c.oid = u.id)
         WHEN 'pg_trigger'::regclass THEN (SELECT CASE WHEN NOT t.tgisinternal AND t.tgparentid = 0 THEN concat(pg_get_triggerdef(t.oid), ';', CASE WHEN t.tgenabled <> 'O' THEN format(E'\nALTER TABLE %s %s TRIGGER %I;', t.tgrelid::regclass, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END) END FROM pg_trigger t WHERE t.oid = u.id)
         WHEN 'pg_attrdef'::regclass THEN (SELECT CASE WHEN a.attgenerated = '' THEN format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s;', a.attrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)) END FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
       END AS make,
       CASE WHEN h.owner <> current_user THEN format('ALTER %s %s OWNER TO %I;', h.word, n.name, h.owner) END AS owner,
       (SELECT string_agg(g.sql, ' ' ORDER BY g.o) FROM (
          SELECT 0 AS o, format('REVOKE ALL ON %s %s FROM PUBLIC, %I;', h.word, n.name, h.owner) AS sql WHERE h.acl IS NOT NULL
          UNION ALL SELECT 1, format('GRANT %s ON %s %s TO %s%s;', x.privilege_type, h.word, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM aclexplode(h.acl) x
          UNION ALL SELECT 2, format('GRANT %s (%I) ON TABLE %s TO %s%s;', x.privilege_type, a.attname, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) x WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id) g) AS rights,
       (SELECT string_agg(r.sql, ' ' ORDER BY r.o) FROM (
          SELECT 0 AS o, format('COMMENT ON %s %s IS %L;', upper(CASE h.word WHEN 'TABLE' THEN i.type WHEN 'ROUTINE' THEN 'ROUTINE' ELSE i.type END), n.name, obj_description(u.id, u.class::regclass::name)) AS sql WHERE obj_description(u.id, u.class::regclass::name) IS NOT NULL
          UNION ALL SELECT a.attnum, format('COMMENT ON COLUMN %s.%I IS %L;', n.name, a.attname, col_description(u.id, a.attnum)) FROM pg_attribute a WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id AND a.attnum > 0 AND NOT a.attisdropped AND col_description(u.id, a.attnum) IS NOT NULL
          UNION ALL SELECT 10000 + d.adnum, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', n.name, a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE u.class = 'pg_class'::regclass AND d.adrelid = u.id
          UNION ALL SELECT 20000, concat(pg_get_triggerdef(t.oid), ';') FROM pg_trigger t WHERE u.class = 'pg_class'::regclass AND t.tgrelid = u.id AND NOT t.tgisinternal
          UNION ALL SELECT 30000, pg_get_ruledef(w.oid) FROM pg_rewrite w WHERE u.class = 'pg_class'::regclass AND w.ev_class = u.id AND w.rulename <> '_RETURN') r) AS remarks,
       CASE u.class WHEN 'pg_attrdef'::regclass THEN (SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT;', a.attrelid::regclass, a.attname) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
         ELSE format('DROP %s %s;', i.type, i.identity) END AS drop
  FROM (SELECT t.class, t.id, NULL::text AS as_name) u
  CROSS JOIN LATERAL pg_identify_object(u.class, u.id, 0) i
  CROSS JOIN LATERAL (SELECT coalesce(u.as_name, i.identity) AS name) n
  LEFT JOIN LATERAL (
    SELECT 'ROUTINE' AS word, pg_get_userbyid(p.proowner) AS owner, p.proacl AS acl FROM pg_proc p WHERE u.class = 'pg_proc'::regclass AND p.oid = u.id
    UNION ALL SELECT 'TABLE', pg_get_userbyid(c.relowner), c.relacl FROM pg_class c WHERE u.class = 'pg_class'::regclass AND c.oid = u.id) h ON true) d) w;
        SELECT jsonb_agg(p) INTO made FROM jsonb_array_elements(named) p
         WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(was) o WHERE o -> 'class' = p -> 'class' AND o -> 'id' = p -> 'id' AND o -> 'version' = p -> 'version');
        FOR way IN SELECT k.key, k.value ->> 'gives' AS gives, k.value ->> 'text' AS old_text FROM jsonb_to_recordset(made) m(type text, identity text) JOIN jsonb_each(kept) k ON k.key = concat(m.type, ' ', m.identity) LOOP
          IF way.gives <> '' THEN
            EXECUTE way.gives;
          END IF;
          EXECUTE format('INSERT INTO %s (id, event, checksum, release, tool, detail) SELECT $1, ''replaced'', coalesce((SELECT v.checksum FROM %s v WHERE v.id = $1), $2), $3, $4, $5', versions_log, versions)
            USING b.id, b.checksum, '1.0', tool, way.old_text;
          kept := kept - way.key;
        END LOOP;
        EXECUTE format('INSERT INTO %s AS o (type, identity, id) SELECT type, identity, $2 FROM jsonb_to_recordset($1) m(type text, identity text) ON CONFLICT (type, identity) DO UPDATE SET id = excluded.id, is_left = false', objects) USING made, b.id;
        EXECUTE format('DELETE FROM %s o USING jsonb_to_recordset($1) m(type text, identity text) WHERE o.type IN (''function'', ''procedure'') AND m.type IN (''function'', ''procedure'') AND m.type <> o.type AND m.identity = o.identity', objects) USING made;  -- it has become the other
        EXECUTE format('UPDATE %s o SET is_left = true WHERE o.id = $2 AND NOT EXISTS (SELECT FROM jsonb_to_recordset($1) m(type text, identity text) WHERE m.type = o.type AND m.identity = o.identity)', objects) USING made, b.id;
        -- Overloads that the file no longer has, of a name that it still has: the new one takes over what the only old one had.
        EXECUTE format('SELECT jsonb_agg(v) FROM (
            SELECT ''pg_proc''::regclass::oid AS class, p.oid AS id, o.type, o.identity, CASE WHEN count(*) OVER same = 1 THEN (SELECT CASE WHEN count(*) = 1 THEN max(f.identity) END FROM pg_proc q
                     JOIN jsonb_to_recordset($1) f(class oid, id oid, identity text) ON f.class = ''pg_proc''::regclass AND f.id = q.oid
                    WHERE q.proname = p.proname AND q.pronamespace = p.pronamespace AND NOT EXISTS (SELECT FROM jsonb_to_recordset($2) w(class oid, id oid) WHERE w.class = f.class AND w.id = f.id)) END AS as_name
              FROM %s o JOIN pg_proc p ON p.oid = CASE WHEN o.type IN (''function'', ''procedure'') THEN to_regprocedure(o.identity) END
             WHERE o.id = $3 AND o.is_left AND NOT EXISTS (SELECT FROM jsonb_to_recordset($1) m(class oid, id oid) WHERE m.class = ''pg_proc''::regclass AND m.id = p.oid) AND EXISTS (SELECT FROM pg_proc q JOIN jsonb_to_recordset($1) f(class oid, id oid) ON f.class = ''pg_proc''::regclass AND f.id = q.oid WHERE q.proname = p.proname AND q.pronamespace = p.pronamespace)
            WINDOW same AS (PARTITION BY p.proname, p.pronamespace)) v', objects) INTO ways USING made, was, b.id;
        EXECUTE format('DELETE FROM %s o USING jsonb_to_recordset($1) v(type text, identity text) WHERE v.type = o.type AND v.identity = o.identity', objects) USING ways;
        -- What they were stays in the log: all that the file has made, so that it can be put back as a whole.
        EXECUTE format('INSERT INTO %s (id, event, checksum, release, tool, detail)
            SELECT $4, ''replaced'', coalesce((SELECT v.checksum FROM %s v WHERE v.id = $4), $5), $6, $7, concat_ws(E''\n'', CASE w.type WHEN ''trigger'' THEN format(''DROP TRIGGER IF EXISTS %%s;'', w.identity) END, w.make, w.owner, w.rights, w.remarks)
              FROM jsonb_to_recordset($1) w(class oid, id oid, type text, identity text, own boolean, make text, owner text, rights text, remarks text)
              LEFT JOIN jsonb_to_recordset($2) p(type text, identity text, make text) USING (type, identity)
             WHERE w.make IS NOT NULL AND (p.make IS DISTINCT FROM w.make OR EXISTS (SELECT FROM jsonb_to_recordset($3) v(class oid, id oid) WHERE v.class = w.class AND v.id = w.id) OR w.own)', versions_log, versions)
          USING was, named, ways, b.id, b.checksum, '1.0', tool;
        IF ways IS NULL THEN
          PERFORM set_config('search_path', path, true);
        END IF;

      ELSIF NOT own @> jsonb_build_array(jsonb_build_object('md5', md5(convert_to(s, 'UTF8')))) OR own IS NULL THEN
        EXECUTE s;
      ELSE
        path := current_setting('search_path');
        checks := current_setting('check_function_bodies');
        BEGIN
          EXECUTE s;
        EXCEPTION WHEN invalid_function_definition OR invalid_table_definition OR wrong_object_type THEN
          -- Another result, other parameter names, fewer columns: it cannot be replaced, so it is dropped first.
          SELECT jsonb_agg(jsonb_build_object('class', v.class::oid, 'id', v.id)) INTO ways FROM (
            SELECT (d ->> 'catalog')::regclass AS class,
                   CASE d ->> 'catalog'
                     WHEN 'pg_proc' THEN to_regprocedure(format('%I.%I(%s)', coalesce(d ->> 'schema', current_schema()), d ->> 'name', d ->> 'args'))::oid
                     WHEN 'pg_class' THEN (SELECT c.oid FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', coalesce(d ->> 'schema', current_schema()), d ->> 'name')) AND c.relkind = 'v')
                   END AS id
              FROM jsonb_array_elements(own) d WHERE d ->> 'md5' = md5(convert_to(s, 'UTF8'))) v
           WHERE v.id IS NOT NULL;
          IF ways IS NULL THEN
            RAISE;
          END IF;
        END;
      END IF;
      IF ways IS NULL THEN
        CONTINUE;
      END IF;
      PERFORM set_config('search_path', '', true), set_config('check_function_bodies', 'off', true);
      WITH RECURSIVE way(class, id, as_name, steps, depth) AS (
        SELECT w.class, w.id, w.as_name, ARRAY[concat(w.class, ':', w.id)], 0 FROM jsonb_to_recordset(ways) w(class oid, id oid, as_name text)
        UNION ALL
        SELECT n.class, n.id, NULL, w.steps || concat(n.class, ':', n.id), w.depth + 1
          FROM way w CROSS JOIN LATERAL (
            SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END AS class, coalesce(r.ev_class, d.objid) AS id
              FROM pg_depend d LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
             WHERE d.deptype = 'n' AND ((d.refclassid = w.class AND d.refobjid = w.id)
                OR (w.class = 'pg_class'::regclass AND d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
                      SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type t WHERE t.typrelid = w.id)))) n
         WHERE concat(n.class, ':', n.id) <> ALL (w.steps)
      ), ordered AS (
        SELECT class, id, max(as_name) AS as_name, max(depth) AS depth FROM way GROUP BY class, id
      )
      SELECT jsonb_agg(d.whole ORDER BY d.depth), string_agg(pg_describe_object(d.class, d.id, 0), ', ') FILTER (WHERE d.make IS NULL AND d.depth > 0),
             (array_agg(d.identity ORDER BY d.depth))[1]
        INTO ways, blocked_by, victim
        FROM (SELECT o.depth, x.class, x.id, x.make, x.identity, to_jsonb(x) || jsonb_build_object('depth', o.depth, 'as_name', o.as_name) AS whole FROM ordered o CROSS JOIN LATERAL (SELECT u.class, u.id, i.type, i.identity,
       CASE u.class
         WHEN 'pg_proc'::regclass THEN (SELECT CASE WHEN p.prokind <> 'a' THEN concat(pg_get_functiondef(p.oid), ';') END FROM pg_proc p WHERE p.oid = u.id)
         WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind = 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS%s%s', i.identity, ' WITH (' || array_to_string(c.reloptions, ', ') || ')', E'\n', pg_get_viewdef(c.oid)) END FROM pg_class c WHERE c.oid = u.id)
         WHEN 'pg_trigger'::regclass THEN (SELECT CASE WHEN NOT t.tgisinternal AND t.tgparentid = 0 THEN concat(pg_get_triggerdef(t.oid), ';', CASE WHEN t.tgenabled <> 'O' THEN format(E'\nALTER TABLE %s %s TRIGGER %I;', t.tgrelid::regclass, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END) END FROM pg_trigger t WHERE t.oid = u.id)
         WHEN 'pg_attrdef'::regclass THEN (SELECT CASE WHEN a.attgenerated = '' THEN format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s;', a.attrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)) END FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
       END AS make,
       CASE WHEN h.owner <> current_user THEN format('ALTER %s %s OWNER TO %I;', h.word, n.name, h.owner) END AS owner,
       (SELECT string_agg(g.sql, ' ' ORDER BY g.o) FROM (
          SELECT 0 AS o, format('REVOKE ALL ON %s %s FROM PUBLIC, %I;', h.word, n.name, h.owner) AS sql WHERE h.acl IS NOT NULL
          UNION ALL SELECT 1, format('GRANT %s ON %s %s TO %s%s;', x.privilege_type, h.word, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM aclexplode(h.acl) x
          UNION ALL SELECT 2, format('GRANT %s (%I) ON TABLE %s TO %s%s;', x.privilege_type, a.attname, n.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END) FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) x WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id) g) AS rights,
       (SELECT string_agg(r.sql, ' ' ORDER BY r.o) FROM (
          SELECT 0 AS o, format('COMMENT ON %s %s IS %L;', upper(CASE h.word WHEN 'TABLE' THEN i.type WHEN 'ROUTINE' THEN 'ROUTINE' ELSE i.type END), n.name, obj_description(u.id, u.class::regclass::name)) AS sql WHERE obj_description(u.id, u.class::regclass::name) IS NOT NULL
          UNION ALL SELECT a.attnum, format('COMMENT ON COLUMN %s.%I IS %L;', n.name, a.attname, col_description(u.id, a.attnum)) FROM pg_attribute a WHERE u.class = 'pg_class'::regclass AND a.attrelid = u.id AND a.attnum > 0 AND NOT a.attisdropped AND col_description(u.id, a.attnum) IS NOT NULL
          UNION ALL SELECT 10000 + d.adnum, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', n.name, a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE u.class = 'pg_class'::regclass AND d.adrelid = u.id
          UNION ALL SELECT 20000, concat(pg_get_triggerdef(t.oid), ';') FROM pg_trigger t WHERE u.class = 'pg_class'::regclass AND t.tgrelid = u.id AND NOT t.tgisinternal
          UNION ALL SELECT 30000, pg_get_ruledef(w.oid) FROM pg_rewrite w WHERE u.class = 'pg_class'::regclass AND w.ev_class = u.id AND w.rulename <> '_RETURN') r) AS remarks,
       CASE u.class WHEN 'pg_attrdef'::regclass THEN (SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT;', a.attrelid::regclass, a.attname) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = u.id)
         ELSE format('DROP %s %s;', i.type, i.identity) END AS drop
  FROM (SELECT o.class, o.id, o.as_name) u
  CROSS JOIN LATERAL pg_identify_object(u.class, u.id, 0) i
  CROSS JOIN LATERAL (SELECT coalesce(u.as_name, i.identity) AS name) n
  LEFT JOIN LATERAL (
    SELECT 'ROUTINE' AS word, pg_get_userbyid(p.proowner) AS owner, p.proacl AS acl FROM pg_proc p WHERE u.class = 'pg_proc'::regclass AND p.oid = u.id
    UNION ALL SELECT 'TABLE', pg_get_userbyid(c.relowner), c.relacl FROM pg_class c WHERE u.class = 'pg_class'::regclass AND c.oid = u.id) h ON true) x) d;
      IF blocked_by IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'RG018', MESSAGE = format('rowgate: %s has to be dropped to be replaced, and is needed by what cannot be made again: %s', victim, blocked_by),
          HINT = 'Change it under a new name; or drop and make again what stands in the way, in a numbered file before it.';
      END IF;
      FOR way IN SELECT x.* FROM jsonb_to_recordset(ways) x(depth integer, drop text) ORDER BY x.depth DESC LOOP
        EXECUTE way.drop;
      END LOOP;
      IF s IS NOT NULL THEN
        PERFORM set_config('search_path', path, true), set_config('check_function_bodies', checks, true);
        EXECUTE s;
        path := current_setting('search_path');
        PERFORM set_config('search_path', '', true), set_config('check_function_bodies', 'off', true);
      END IF;
      FOR way IN SELECT x.depth, x.type, x.identity, x.make, x.owner, x.as_name, CASE WHEN m.rights IS NULL THEN x.rights END AS rights, CASE WHEN m.remarks IS NULL THEN x.remarks END AS remarks
               FROM jsonb_to_recordset(ways) x(depth integer, type text, identity text, as_name text, make text, owner text, rights text, remarks text)
               LEFT JOIN jsonb_to_recordset(made) m(identity text, rights text, remarks text) ON s IS NULL AND m.identity = x.as_name ORDER BY x.depth LOOP
        CONTINUE WHEN s IS NULL AND way.depth = 0 AND way.as_name IS NULL;
        IF way.depth > 0 AND EXISTS (SELECT FROM jsonb_to_recordset(comes) c(type text, identity text, position integer) WHERE c.type = way.type AND c.identity = way.identity AND c.position > b.position) THEN
          -- Its own file, which has changed too, makes it again.
          kept := kept || jsonb_build_object(concat(way.type, ' ', way.identity), jsonb_build_object('gives', concat_ws(' ', way.owner, way.rights, way.remarks), 'text', concat_ws(E'\n', way.make, way.owner, way.rights, way.remarks)));
          CONTINUE;
        END IF;
        BEGIN
          IF way.depth > 0 THEN
            EXECUTE way.make;
          END IF;
          IF concat_ws(' ', way.owner, way.rights, way.remarks) <> '' THEN
            EXECUTE concat_ws(' ', way.owner, way.rights, way.remarks);
          END IF;
        EXCEPTION WHEN OTHERS THEN
          RAISE EXCEPTION USING ERRCODE = 'RG018', MESSAGE = format('rowgate: %s %s needs %s, and cannot be made again behind it: %s', way.type, way.identity, victim, SQLERRM),
            HINT = 'Change both in one deployment: the one that needs the other in a file that comes after it.';
        END;
      END LOOP;
      PERFORM set_config('search_path', path, true), set_config('check_function_bodies', checks, true);
    END LOOP;
    IF NOT b.closes THEN
      PERFORM set_config('rowgate.opened', opened::text, true);
      CONTINUE;
    END IF;
    IF concat_ws(E'\x01', coalesce(current_setting('session_authorization', true), ''), coalesce(current_setting('role', true), ''), coalesce(current_setting('search_path', true), ''), coalesce(current_setting('check_function_bodies', true), ''), coalesce(current_setting('session_replication_role', true), ''), coalesce(current_setting('row_security', true), ''), coalesce(current_setting('default_tablespace', true), ''), coalesce(current_setting('default_table_access_method', true), ''), coalesce(current_setting('client_min_messages', true), ''), coalesce(current_setting('lock_timeout', true), ''), coalesce(current_setting('statement_timeout', true), ''), coalesce(current_setting('idle_in_transaction_session_timeout', true), ''), coalesce(current_setting('standard_conforming_strings', true), ''), coalesce(current_setting('xmloption', true), ''), coalesce(current_setting('TimeZone', true), ''), coalesce(current_setting('DateStyle', true), ''), coalesce(current_setting('IntervalStyle', true), '')) <> settings THEN  -- what a block sets does not leak into the next
      FOR i IN 1 .. cardinality(guarded) LOOP
        IF coalesce(current_setting(guarded[i], true), '') <> held[i] THEN
          PERFORM set_config(guarded[i], held[i], false);
        END IF;
      END LOOP;
    END IF;
    milliseconds := 1000 * extract(epoch FROM clock_timestamp() - opened);
    done := done || b.position;
    done_ms := done_ms || milliseconds;
    done_at := done_at || clock_timestamp();
    RAISE NOTICE USING ERRCODE = 'RG001', MESSAGE = format('rowgate: %s %s (%s ms)', b.id, b.name, milliseconds), CONSTRAINT = jsonb_build_object('event', 'applied', 'id', b.id, 'name', b.name, 'ms', milliseconds)::text;
  END LOOP;

  IF kept <> '{}' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG018', MESSAGE = format('rowgate: %s had to be dropped, and its file did not make it again', (SELECT min(k) FROM jsonb_object_keys(kept) k)), HINT = 'Put back what its file made before, or drop it in a numbered file.';
  END IF;
  -- 6. Their rows. They are committed with the blocks; one statement for all of them is cheaper.
  IF done <> '{}' THEN
  EXECUTE format('WITH v AS (
      INSERT INTO %1$s (id, name, kind, checksum, release, position, applied_at, duration_ms, statements, done, source, tool)
      SELECT p.id, p.name, p.kind, p.checksum, $5, p.position, d.at, d.ms, p.statements, p.statements, current_setting(''rowgate.source'', true), $6
        FROM unnest($1, $2, $3) d(position, ms, at) JOIN jsonb_to_recordset($4) p(position integer, id text, name text, kind text, checksum text, statements integer) USING (position)
       ORDER BY d.position
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, checksum = excluded.checksum, release = excluded.release, position = excluded.position, state = ''applied'',
        applied_at = excluded.applied_at, applied_by = excluded.applied_by, duration_ms = excluded.duration_ms, statements = excluded.statements, done = excluded.done, source = excluded.source, tool = excluded.tool
      RETURNING *, xmax <> 0 AS again)
    INSERT INTO %2$s (at, id, event, checksum, release, tool, duration_ms)
    SELECT applied_at, id, CASE WHEN again THEN ''reapplied'' ELSE ''applied'' END, checksum, release, tool, duration_ms FROM v ORDER BY position', versions, versions_log)
    USING done, done_ms, done_at, pending, '1.0', tool;
  END IF;
  RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = format('rowgate: release 1.0: %s applied, %s were there', jsonb_array_length(pending), present);
  IF dry_run THEN
    RAISE EXCEPTION USING ERRCODE = 'RG009', MESSAGE = concat('rowgate: dry run, everything is rolled back', CASE WHEN later > 0 THEN '; pending blocks of later transactions, which were not tried: ' || later END);
  END IF;
END
$rowgate$;
COMMIT;
DO $rowgate$
DECLARE
  home   CONSTANT text := coalesce(nullif(current_setting('rowgate.home', true), ''), current_schema());
  until  CONSTANT integer := coalesce(nullif(current_setting('rowgate.until', true), '')::integer, 2147483647);
  done   boolean := false;
BEGIN
  -- Deployed is: the database holds the once blocks of this release and no others, and its last block.
  IF to_regclass(format('%I.%I', home, 'versions')) IS NOT NULL THEN
    EXECUTE format('SELECT coalesce(md5(string_agg(id || '' '' || checksum, '','' ORDER BY id COLLATE "C") FILTER (WHERE kind = ''once'')), '''') = $1
                       AND coalesce(bool_or(id = $2 AND checksum = $3 AND state IN (''applied'', ''adopted'')), false) FROM %I.%I', home, 'versions')
      INTO done USING 'df7c1ab2e9bbdd37795b6882d9a37edf', 'views/v', 's1:8dd2399086bb32d87084999bc0b3d99b5b9b8f9f1912c9337dd11dcefa2f9ee6';
  END IF;
  IF coalesce(nullif(current_setting('rowgate.dry_run', true), ''), 'off')::boolean THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = 'rowgate: dry run, nothing is deployed';
  ELSIF until < 5 AND current_setting('rowgate.checked', true) = 'b427c97bf3871f9ef5174f21aac5b388e5b5fa8c3e4daed4453464fd21a8351e' THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = format('rowgate: release 1.0 is deployed as far as block %s', current_setting('rowgate.target', true));
  ELSIF done THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = 'rowgate: release 1.0 is deployed';
  ELSE
    RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = 'rowgate: release 1.0 is NOT deployed', HINT = 'Mend the first error above, then run the script again: what was applied is skipped.';
  END IF;
END
$rowgate$;
-- rowgate sha256 13762fc7ce93f91c7d61d9e80de11a2fbeb20c5ae051abf40b8b0969f32f329a
