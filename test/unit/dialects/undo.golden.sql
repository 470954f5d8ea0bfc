-- Rowgate bundle: release 1.0, 2 blocks, for PostgreSQL 13 or newer
--
-- IT GOES BACK: it takes back all blocks after block 1 that the table "versions" has, the newest first.
-- Run it as often as you like: what is taken back already, it skips.
-- Any client that sends whole statements can run it: psql, "rowgate undo", a database IDE.
--     psql -X -v ON_ERROR_STOP=1 -f <this file> "<connection>"
-- Try it first, and roll everything back:   PGOPTIONS='-c rowgate.dry_run=on' psql …
-- The last line it prints is its receipt, "rowgate: release … is undone down to block 1". No receipt, not undone.
-- Errors name the file and line of the source, in a comment before the statement.
--
-- Do not edit it: "rowgate undo" refuses a script whose digest, in its last line, does not fit.
-- rowgate bundle {"format":1,"dialect":"postgres","release":"1.0","checksum":"c07580555c8c5ae6431d3775924dfffd499afc3284d2503edd30eacdd0126dc3","versions":{"name":"versions"},"form":"do","transaction":"release","token":"c07580555c8c5ae6","undo":{"to":"1"}}
-- rowgate block {"position":1,"id":"3","kind":"once","name":"undo/0003_rows.sql","checksum":"u1:825261c08a8d8a4efa23890cb945cc2bb6feda61116e0d8aa2346a77fb91548b","statements":2,"sizeBytes":739,"undoes":{"name":"0003_rows.sql","checksum":"s1:aa09d78bfedf06b2a6541f283a3b8c0196a0a2a5506ee72eb34efabf16bcbede"}}
-- rowgate block {"position":2,"id":"2","kind":"once","name":"0002_b.sql","checksum":"u1:e904c7b9cee85e4dcc3777f213c94767399fa6ecdfdd9218a4a22c1033324538","statements":1,"sizeBytes":13,"undoes":{"name":"0002_b.sql","checksum":"s1:c14535632c376f5dd5b811d876be80fca57ce591016c51a4bd0c7ff7c9a935e9"}}
-- rowgate kept {"id":"1","name":"0001_a.sql","kind":"once","checksum":"s1:1c0a5f21cdffcd4210b24724676c9084acc427f170eb1a8bdd097e359601ecca","position":3,"outOfOrder":false}
-- rowgate kept {"id":"views/v","name":"views/v.sql","kind":"on-change","checksum":"s1:e6129efa4f6f5d8b027eec1b24db87b3bd32af56d4dc8f9067c989b709e536a2","position":4,"outOfOrder":false}
-- rowgate end of header
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET rowgate.checked = '';

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
  allow_late    CONSTANT boolean := true OR coalesce(nullif(current_setting('rowgate.out_of_order', true), ''), 'off')::boolean;
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
  ELSIF NOT (has_table_privilege(versions, 'SELECT') AND has_table_privilege(versions, 'INSERT') AND has_table_privilege(versions, 'UPDATE') AND has_table_privilege(versions, 'DELETE')) THEN
    RAISE EXCEPTION USING ERRCODE = 'RG011', MESSAGE = format('rowgate: the role %I may not read and write the table %s', current_user, versions), HINT = format('Run once, as its owner: GRANT SELECT, INSERT, UPDATE, DELETE ON %s, %s TO %I;', versions, versions_log, current_user);
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
  WITH manifest(position, id, kind, checksum, statements, out_of_order, here, name, undoes) AS (VALUES
      (1, '3', 'undo', 'u1:825261c08a8d8a4efa23890cb945cc2bb6feda61116e0d8aa2346a77fb91548b', 2, false, true, 'undo/0003_rows.sql', 's1:aa09d78bfedf06b2a6541f283a3b8c0196a0a2a5506ee72eb34efabf16bcbede'),
      (2, '2', 'undo', 'u1:e904c7b9cee85e4dcc3777f213c94767399fa6ecdfdd9218a4a22c1033324538', 1, false, true, '0002_b.sql', 's1:c14535632c376f5dd5b811d876be80fca57ce591016c51a4bd0c7ff7c9a935e9'),
      (3, '1', 'once', 's1:1c0a5f21cdffcd4210b24724676c9084acc427f170eb1a8bdd097e359601ecca', 0, false, false, '0001_a.sql', NULL::text),
      (4, 'views/v', 'on-change', 's1:e6129efa4f6f5d8b027eec1b24db87b3bd32af56d4dc8f9067c989b709e536a2', 0, false, false, 'views/v.sql', NULL::text)
  ), goal AS (
    SELECT CASE WHEN t.id = '' THEN 2147483647 ELSE (  -- 0007 is block 7, unless a block has that very id
             SELECT m.position FROM manifest m WHERE m.id = t.id OR (t.id ~ '^[0-9.]+$' AND m.id = regexp_replace(t.id, '(^|[.])0+(?=[0-9])', E'\\1', 'g')) ORDER BY m.id <> t.id LIMIT 1) END AS position
      FROM (SELECT coalesce(current_setting('rowgate.target', true), '') AS id) t
  ), compared AS (  -- a full join is never a nested loop, whatever the planner thinks of the sizes
    SELECT m.*, v.id IS NOT NULL AS known, m.id IS NULL AND v.kind = 'once' AS is_ahead, v.id AS v_id, v.name AS v_name, v.release AS v_release, v.position AS v_position, v.checksum AS was, v.state, v.applied_at, v.applied_by, v.statements AS of, v.done, v.holder,
           coalesce(m.kind = 'undo' AND (v.state IN ('applied', 'adopted') OR (v.state = 'failed' AND v.checksum LIKE 'u1:%' AND (v.checksum = m.checksum OR v.done = 0))), false) AS runs,
           (v.state = 'running' AND v.holder IS NULL) OR (v.state = 'failed' AND v.checksum <> m.checksum AND v.done > 0) AS is_unfinished
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
         string_agg(format('block %s (%s): applied %s by %s with checksum %s, this bundle has %s', c.id, c.name, c.applied_at, c.applied_by, left(c.was, 15), left(c.undoes, 15)), E'\n' ORDER BY c.position)
           FILTER (WHERE c.kind = 'undo' AND c.state = 'applied' AND c.was <> c.undoes),
         string_agg(format('block %s (%s) %s since %s by %s, %s of %s statements are done%s', c.v_id, c.v_name, CASE c.state WHEN 'running' THEN 'is running' ELSE 'failed, with another text,' END, c.applied_at, c.applied_by, c.done, c.of,
                           CASE WHEN c.state <> 'running' THEN '' WHEN c.holder IS NULL THEN ', and its session is gone' ELSE format(', in the session with %s', c.holder) END), '; ' ORDER BY c.v_position)
           FILTER (WHERE c.is_unfinished),
         (array_agg(CASE WHEN c.state <> 'running' THEN format('Put the old text back and run this script again; or undo what is done of it, then run: DELETE FROM %s WHERE id = %L; and this script again.', versions, c.v_id)
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
  PERFORM set_config('rowgate.checked', 'c07580555c8c5ae6431d3775924dfffd499afc3284d2503edd30eacdd0126dc3', false), set_config('rowgate.until', until::text, false), set_config('rowgate.home', home, false);
  pending := coalesce(pending, '[]');
  tool := coalesce(nullif(current_setting('rowgate.tool', true), ''), nullif(current_setting('application_name'), ''));
  SELECT array_agg(coalesce(current_setting(g, true), '') ORDER BY o) INTO held FROM unnest(guarded) WITH ORDINALITY u(g, o);
  settings := array_to_string(held, E'\x01');

  -- 5. The blocks: (position, opens, closes, settings, statements). A large block comes in parts.
  FOR b IN SELECT p.*, d.opens, d.closes, d.settings, d.statements AS parts FROM (VALUES
--@ c07580555c8c5ae6 data 1
(1, true, true, '{}', ARRAY[
$rg$/* undo/0003_rows.sql:1 */
-- rowgate: assert SELECT count(*) = 0 FROM a
DELETE FROM a WHERE x = 1;
$rg$,
$rg$/* undo/0003_rows.sql:3 */
DELETE FROM a;
$rg$,
$rg$/* undo/0003_rows.sql:1:20 */
DO $assert$ DECLARE query CONSTANT text := $query$/* undo/0003_rows.sql:1:20 */
SELECT count(*) = 0 FROM a$query$;
DECLARE answer record; said text := 'no row'; rows integer := 0;
BEGIN
  FOR answer IN EXECUTE query LOOP
    rows := rows + 1;
    said := CASE WHEN rows > 1 THEN 'more than one row' ELSE answer::text END;
    EXIT WHEN rows > 1;
  END LOOP;
  IF said <> '(t)' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG017', MESSAGE = format('rowgate: the assertion returned %s instead of true', CASE said WHEN '(f)' THEN 'false' WHEN '()' THEN 'NULL' ELSE left(said, 200) END), DETAIL = regexp_replace(query, '^[^\n]*\n', '');
  END IF;
END $assert$;
$rg$
]::text[])
--@ c07580555c8c5ae6 end sha256 f53c47a46480208c24d892a37b082fde1636b5a70d9eb897d20ae75f73c8b2c8
,
--@ c07580555c8c5ae6 data 2
(2, true, true, '{}', ARRAY[
$rg$/* 0002_b.sql:4 */
DROP TABLE b;
$rg$
]::text[])
--@ c07580555c8c5ae6 end sha256 402f1857882201ad9c9ba7bd7a5378b2677b8d6d4534f4f1d07dd4dce0e24c48
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
    RAISE NOTICE USING ERRCODE = 'RG001', MESSAGE = format('rowgate: undone %s %s (%s ms)', b.id, b.name, milliseconds), CONSTRAINT = jsonb_build_object('event', 'applied', 'id', b.id, 'name', b.name, 'ms', milliseconds)::text;
  END LOOP;

  -- 6. Their rows. They are committed with the blocks; one statement for all of them is cheaper.
  IF done <> '{}' THEN
  EXECUTE format('WITH v AS (
      DELETE FROM %1$s v USING unnest($1, $2, $3) d(position, ms, at) JOIN jsonb_to_recordset($4) p(position integer, id text) USING (position)
       WHERE v.id = p.id RETURNING v.id, v.checksum, d.at, d.ms, d.position)
    INSERT INTO %2$s (at, id, event, checksum, release, tool, duration_ms)
    SELECT at, id, ''undone'', checksum, $5, $6, ms FROM v ORDER BY position', versions, versions_log)
    USING done, done_ms, done_at, pending, '1.0', tool;
  END IF;
  RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = format('rowgate: release 1.0: %s undone', jsonb_array_length(pending));
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
  -- Undone is: the database has none of the blocks that this script takes back.
  IF to_regclass(format('%I.%I', home, 'versions')) IS NOT NULL THEN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.%I WHERE id = ANY ($1) AND (state <> ''failed'' OR done > 0 OR checksum LIKE ''u1:%%''))', home, 'versions') INTO done USING ARRAY['3', '2']::text[];
  END IF;
  IF coalesce(nullif(current_setting('rowgate.dry_run', true), ''), 'off')::boolean THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = 'rowgate: dry run, nothing is undone';
  ELSIF until < 2 AND current_setting('rowgate.checked', true) = 'c07580555c8c5ae6431d3775924dfffd499afc3284d2503edd30eacdd0126dc3' THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = format('rowgate: release 1.0 is undone as far as block %s', current_setting('rowgate.target', true));
  ELSIF done THEN
    RAISE NOTICE USING ERRCODE = 'RG000', MESSAGE = 'rowgate: release 1.0 is undone down to block 1';
  ELSE
    RAISE EXCEPTION USING ERRCODE = 'RG006', MESSAGE = 'rowgate: release 1.0 is NOT undone down to block 1', HINT = 'Mend the first error above, then run the script again: what was undone is skipped.';
  END IF;
END
$rowgate$;
-- rowgate sha256 6ffff8e63c1e7832584d73abadfa3602395fb6b132d6f8decb8cc15433eb7478
