-- Rowgate bundle: release 1.0, 5 blocks, for MySQL 8.0 or MariaDB 10.6 or newer
DELIMITER $67d063cb$
/* Behind this, the client of MySQL 9 sends the comments below with the first packet, and not one by one. */
--
-- Run it as often as you like: it applies what the table versions does not have yet, and nothing else.
--     mysql <connection> <database> < <this file>
--     mariadb <connection> <database> < <this file>
-- Show what it would apply:                 mysql --init-command="SET @rowgate_dry_run = 1" …
-- Stop after a block:                       mysql --init-command="SET @rowgate_target = '<id>'" …
-- Let new blocks run below applied ones:    mysql --init-command="SET @rowgate_out_of_order = 1" …
-- The last line it prints is its receipt, "rowgate: release … is deployed". No receipt, not deployed.
--
-- How it skips what is there: a packet, which ends with a line $67d063cb$, begins with SET sql_mode = …; DO '\' /*';
-- In the usual mode '\' /*' is one string, and the packet runs. With NO_BACKSLASH_ESCAPES the string is '\', and
-- a comment begins, which ends at the packet's last line, DO 0 /*!*/; so the server reads over it all. The
-- client always reads it in the usual mode. Each block stands in such a packet, alone or with its neighbours,
-- and its row in versions counts its statements, so that a run that was broken off goes on where it must.
--
-- Do not edit it: "rowgate deploy" refuses a script whose digest, in its last line, does not fit.
-- rowgate bundle {"format":1,"dialect":"mysql","release":"1.0","checksum":"67d063cbfc772ded3ab832821add33f2bdbfe992129ab80cf141faafdcd82186","versions":{"name":"versions"},"form":"do","transaction":"release","token":"67d063cbfc772ded"}
-- rowgate block {"position":1,"id":"1","kind":"once","name":"1.sql","checksum":"s1:6006be21b6089863a8c5dfa6392734ccad01ee9daa4a0feb6d41657c14d63d99","statements":6,"sizeBytes":165,"transaction":"ledger"}
-- rowgate block {"position":2,"id":"2","kind":"once","name":"2.sql","checksum":"s1:ff06291b489d8314f21f2e62f90ca75b508f5f7d2c90bc2beb22c6f9d7ed310d","statements":4,"sizeBytes":89,"transaction":"ledger"}
-- rowgate block {"position":3,"id":"3","kind":"once","name":"3.sql","checksum":"s1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","statements":0,"sizeBytes":0,"transaction":"ledger"}
-- rowgate block {"position":4,"id":"views/v","kind":"on-change","name":"views/v.sql","checksum":"s1:1e2d66ca4471ea9f7d51df29bbbe85c1aa8e7e091306060b95f64c343a7f8fa3","statements":1,"sizeBytes":25,"transaction":"ledger","settings":{"lock_timeout":"2s"}}
-- rowgate block {"position":5,"id":"functions/g","kind":"on-change","name":"functions/g.sql","checksum":"s1:7b9cff4faa5a75d3b72f6d9ed377b42882684a905aec9f9f801368a08ff3889a","statements":1,"sizeBytes":40,"transaction":"ledger"}
-- rowgate end of header

SET NAMES utf8mb4;
SET @rg_step = NULL, @rg_waits = NULL, @rg_mode = NULL, @rg_lock = NULL, @rg_at = '', @rg_message = NULL, @rg_open = @@sql_mode, @rg_shut = CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'NO_BACKSLASH_ESCAPES'), @rg_maria = VERSION() LIKE '%MariaDB%', @rg_version = SUBSTRING_INDEX(VERSION(), '.', 1) * 100 + SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1);
-- A value that sql_mode cannot have is how plain SQL says no: the error shows it.
SET sql_mode = CASE
  WHEN FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@sql_mode) THEN 'ROWGATE server-unsupported: this session has the sql_mode NO_BACKSLASH_ESCAPES; deploy without it'
  WHEN FIND_IN_SET('ORACLE', @@sql_mode) THEN 'ROWGATE server-unsupported: this session has the sql_mode ORACLE; deploy without it'
  WHEN DATABASE() IS NULL THEN 'ROWGATE database-missing: no database is chosen; name one on the command line of the client'
  WHEN @rg_version < IF(@rg_maria, 1006, 800) THEN CONCAT('ROWGATE server-unsupported: this is ', VERSION(), '; MySQL 8.0 or MariaDB 10.6 is the oldest that works')
  ELSE @rg_open END;
-- It fails in an open transaction (1568), which the first statement that commits by itself would end.
SET TRANSACTION READ WRITE;
SET @rg_lock = CONCAT('rowgate:', LEFT(SHA2(IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())), 256), 40)), @rg_tool = 'script', @rg_json = 0, @rg_mode = @@sql_mode, @rg_collation = @@collation_database, @rg_autocommit = @@autocommit, @rg_foreign = @@foreign_key_checks, @rg_unique = @@unique_checks, @rg_zone = @@time_zone, @rg_safe = @@sql_safe_updates, @rg_engine = @@default_storage_engine, @rg_waits = CONCAT_WS(',', @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@wait_timeout, @@max_error_count), @rg_done = 2147483647,
  @rg_lock_wait = CAST(COALESCE(NULL, 60) AS SIGNED), @rg_row_wait = CAST(COALESCE(NULL, @@innodb_lock_wait_timeout) AS SIGNED), @rg_time_limit = COALESCE(NULL, 0), @rg_target = COALESCE(@rowgate_target, ''), @rg_late = COALESCE(@rowgate_out_of_order, 0), @rg_dry = COALESCE(@rowgate_dry_run, 0);
SELECT CONCAT('rowgate: waiting for ', COALESCE(/*!80022 (SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', since ', p.time, ' s') FROM performance_schema.processlist p WHERE p.id = IS_USED_LOCK(@rg_lock)), *//*M! (SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', since ', p.time, ' s') FROM information_schema.processlist p WHERE p.id = IS_USED_LOCK(@rg_lock)), */CONCAT('connection ', IS_USED_LOCK(@rg_lock)), 'a session that is gone by now')) AS rowgate FROM (SELECT IS_USED_LOCK(@rg_lock) AS id) used WHERE id <> CONNECTION_ID();
SET sql_mode = IF(COALESCE(GET_LOCK(@rg_lock, 600), 0) = 1, @rg_open, CONCAT('ROWGATE lock-busy: ', REPLACE(COALESCE(/*!80022 (SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', since ', p.time, ' s') FROM performance_schema.processlist p WHERE p.id = IS_USED_LOCK(@rg_lock)), *//*M! (SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', since ', p.time, ' s') FROM information_schema.processlist p WHERE p.id = IS_USED_LOCK(@rg_lock)), */CONCAT('connection ', IS_USED_LOCK(@rg_lock)), 'a session that is gone by now'), ',', ';')));
SET SESSION autocommit = 0, SESSION lock_wait_timeout = @rg_lock_wait, SESSION innodb_lock_wait_timeout = @rg_row_wait, SESSION wait_timeout = 900;
-- MariaDB forgets an error behind more warnings than this; MySQL does not, and lets not everybody set it.
SET @rg_sql = IF(@rg_maria, 'SET SESSION max_error_count = 65535', 'DO 0');
PREPARE rowgate_warnings FROM @rg_sql;
EXECUTE rowgate_warnings;
CREATE TABLE IF NOT EXISTS `versions` (
  id           VARCHAR(255) NOT NULL PRIMARY KEY,
  name         TEXT NOT NULL,
  kind         VARCHAR(9) NOT NULL,
  checksum     VARCHAR(80) NOT NULL,
  `release`    TEXT NOT NULL,
  position     INT NOT NULL,
  state        VARCHAR(8) NOT NULL,
  applied_at   DATETIME(6) NOT NULL,   -- UTC
  applied_by   VARCHAR(320) NOT NULL,
  duration_ms  BIGINT,
  statements   INT NOT NULL,           -- those that are counted, and
  done         INT NOT NULL,           -- how many of them are done for certain
  source       TEXT,
  tool         VARCHAR(255),
  intent       INT,                    -- the statement that was begun last; NULL when its end is known
  place        TEXT,                   -- where it stands: file:line:column
  objects      TEXT,                   -- what tells whether it took effect,
  probe        CHAR(64),               -- and their fingerprint before; or
  gtid         VARCHAR(64),            -- the GTID that the server has when it did
  sums         MEDIUMTEXT,             -- of each statement, while the block is not finished
  kept         LONGTEXT,               -- values of user variables that statements to come may need
  note         TEXT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS `versions_log` (
  sequence     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at           DATETIME(6) NOT NULL,   -- UTC
  id           VARCHAR(255) NOT NULL,
  event        VARCHAR(16) NOT NULL,
  checksum     VARCHAR(80) NOT NULL,
  `release`    TEXT NOT NULL,
  by_user      VARCHAR(320) NOT NULL,
  tool         VARCHAR(255),
  duration_ms  BIGINT,
  detail       TEXT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
SET sql_mode = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'versions_log' AND column_name IN ('sequence', 'at', 'id', 'event', 'checksum', 'release', 'by_user', 'tool', 'duration_ms', 'detail')) = 10, @rg_open, 'ROWGATE versions-foreign: the table versions_log is not the log of Rowgate for MySQL');
SET sql_mode = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'versions' AND column_name IN ('id', 'name', 'kind', 'checksum', 'release', 'position', 'state', 'applied_at', 'applied_by', 'duration_ms', 'statements', 'done', 'source', 'tool', 'intent', 'place', 'objects', 'probe', 'gtid', 'sums', 'kept', 'note')) = 22, @rg_open, 'ROWGATE versions-foreign: the table versions is not the versions table of Rowgate for MySQL');
-- The whole bundle, [position, id, kind, checksum, may run late, name] each, against the history.
SET @rg_manifest = '[[1,"1","once","s1:6006be21b6089863a8c5dfa6392734ccad01ee9daa4a0feb6d41657c14d63d99",0,"1.sql"],[2,"2","once","s1:ff06291b489d8314f21f2e62f90ca75b508f5f7d2c90bc2beb22c6f9d7ed310d",0,"2.sql"],[3,"3","once","s1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",0,"3.sql"],[4,"views/v","on-change","s1:1e2d66ca4471ea9f7d51df29bbbe85c1aa8e7e091306060b95f64c343a7f8fa3",0,"views/v.sql"],[5,"functions/g","on-change","s1:7b9cff4faa5a75d3b72f6d9ed377b42882684a905aec9f9f801368a08ff3889a",0,"functions/g.sql"]]';
SET @rg_until = CASE WHEN @rg_target = '' THEN 2147483647 ELSE (SELECT p FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m WHERE m.i IN (@rg_target, TRIM(LEADING '0' FROM @rg_target)) ORDER BY m.i <> @rg_target LIMIT 1) END;
SET @rg_last = (SELECT COALESCE(MAX(m.p), 0) FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m JOIN `versions` v ON v.id = m.i WHERE m.k = 'once' AND v.state IN ('applied', 'adopted')),
    @rg_conflict = IF(@rg_until IS NULL, CONCAT('block-unknown: the bundle has no block ', @rg_target), NULL);
SET @rg_shared = (SELECT COALESCE(MAX(v.position), 0) FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m JOIN `versions` v ON v.id = m.i WHERE m.p = @rg_last);
-- What the bundle does not have is found by grouping: MySQL would read the whole bundle for each row of an outer join.
SET @rg_conflict = COALESCE(@rg_conflict, (SELECT t FROM (
  SELECT m.p AS p, CONCAT('block-edited: block ', m.i, ' (', m.n, ') was edited after it was applied: its checksum was ', LEFT(v.checksum, 15), ' and is now ', LEFT(m.c, 15)) AS t
    FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m JOIN `versions` v ON v.id = m.i WHERE m.k = 'once' AND v.state = 'applied' AND v.checksum <> m.c
  UNION ALL SELECT v.position, CONCAT('block-unfinished: the undo of block ', v.id, ' (', v.name, ') is not finished; go on with it by its undo script or by rowgate undo')
    FROM `versions` v WHERE v.state IN ('running', 'failed') AND v.checksum LIKE 'u1:%'
  UNION ALL SELECT m.p, CONCAT('block-out-of-order: block ', m.i, ' (', m.n, ') is new; but a later block is applied already')
    FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m LEFT JOIN `versions` v ON v.id = m.i WHERE m.k = 'once' AND (v.id IS NULL OR (v.state = 'failed' AND v.done = 0)) AND m.p < @rg_last AND m.o = 0 AND @rg_late = 0 AND m.p <= @rg_until
  UNION ALL SELECT 2147483647 + v.position, CASE
      WHEN v.state = 'running' THEN CONCAT('block-unfinished: block ', v.id, ' (', v.name, ') is not finished; and this bundle does not have it')
      WHEN v.position <= @rg_shared THEN CONCAT('block-missing: block ', v.id, ' (', v.name, ') was applied; but this bundle does not have it')
      ELSE CONCAT('block-ahead: the database is ahead of this bundle: it has block ', v.id, ' (', v.name, ')') END
    FROM (SELECT i FROM (SELECT m.i, 1 AS known FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m UNION ALL SELECT id, 0 FROM `versions`) ids GROUP BY i HAVING MAX(known) = 0) others JOIN `versions` v ON v.id = others.i
    WHERE v.state = 'running' OR (v.kind = 'once' AND NOT (v.state = 'failed' AND v.done = 0 AND v.intent IS NULL))
) c ORDER BY p LIMIT 1));
SET sql_mode = IF(@rg_conflict IS NULL, @rg_open, LEFT(CONCAT('ROWGATE ', REPLACE(@rg_conflict, ',', ';')), 500));
SELECT CONCAT('rowgate: would apply block ', m.i, ' (', m.n, ')') AS rowgate FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m LEFT JOIN `versions` v ON v.id = m.i WHERE @rg_dry AND m.p <= @rg_until AND (v.id IS NULL OR v.state IN ('running', 'failed') OR m.k = 'always' OR (m.k = 'on-change' AND v.checksum <> m.c)) ORDER BY m.p;
SET @rg_pending = IF(@rg_dry, 0, (SELECT COUNT(*) FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m LEFT JOIN `versions` v ON v.id = m.i WHERE m.p <= @rg_until AND (v.id IS NULL OR v.state IN ('running', 'failed') OR m.k = 'always' OR (m.k = 'on-change' AND v.checksum <> m.c)))), @rg_step = 0;
COMMIT;
$67d063cb$

SET sql_mode = CASE WHEN NOT (@rg_step <=> 0) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
DROP PROCEDURE IF EXISTS rowgate_update;
DROP PROCEDURE IF EXISTS rowgate_probe;
DROP PROCEDURE IF EXISTS rowgate_executed;
DROP PROCEDURE IF EXISTS rowgate_signal;
DROP PROCEDURE IF EXISTS rowgate_begin;
DROP PROCEDURE IF EXISTS rowgate_recall;
DROP PROCEDURE IF EXISTS rowgate_intent;
DROP PROCEDURE IF EXISTS rowgate_call;
DROP PROCEDURE IF EXISTS rowgate_done;
DROP PROCEDURE IF EXISTS rowgate_finish;
DROP PROCEDURE IF EXISTS rowgate_failed;
CREATE PROCEDURE rowgate_probe(IN _objects TEXT CHARACTER SET utf8mb4, OUT _probe CHAR(64) CHARACTER SET utf8mb4) SQL SECURITY INVOKER
BEGIN -- a fingerprint of the named objects, [kind, schema, name] each: another one than before, and the statement took effect
  DECLARE _i INT DEFAULT 0;
  DECLARE _kind VARCHAR(16) CHARACTER SET utf8mb4;
  DECLARE _schema, _name VARCHAR(64) CHARACTER SET utf8mb3; -- as identifiers are: with another set both servers look at every table
  DECLARE _type, _options TEXT CHARACTER SET utf8mb4;
  DECLARE _one, _part BIGINT UNSIGNED;
  SET _probe = '';
  WHILE _i < JSON_LENGTH(_objects) DO
    SET _kind = JSON_UNQUOTE(JSON_EXTRACT(_objects, CONCAT('$[', _i, '][0]'))),
        _schema = COALESCE(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(_objects, CONCAT('$[', _i, '][1]'))), ''), DATABASE()),
        _name = JSON_UNQUOTE(JSON_EXTRACT(_objects, CONCAT('$[', _i, '][2]'))),
        _i = _i + 1;
    IF @@lower_case_table_names <> 0 THEN SET _schema = LOWER(_schema), _name = IF(_kind IN ('table', 'index'), LOWER(_name), _name); END IF;
    IF _kind = 'table' THEN
      SET _one = 0, _options = '';
      SELECT MAX(table_type) INTO _type FROM information_schema.tables WHERE table_schema = _schema AND table_name = _name; -- the other columns cost MariaDB ten times as much
      IF _type IS NOT NULL THEN
        SELECT MAX(create_options), BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'T', table_type, engine, row_format, table_collation, create_options, table_comment), 256), 16), 16, 10) AS UNSIGNED)) INTO _options, _one FROM information_schema.tables WHERE table_schema = _schema AND table_name = _name;
        SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'C', ordinal_position, column_name, column_type, is_nullable, IFNULL(column_default, '~'), extra, column_comment, IFNULL(collation_name, ''), IFNULL(generation_expression, '')), 256), 16), 16, 10) AS UNSIGNED)) INTO _part FROM information_schema.columns WHERE table_schema = _schema AND table_name = _name;
        SET _one = _one ^ _part;
        SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'I', index_name, seq_in_index, IFNULL(column_name, ''), non_unique, IFNULL(sub_part, ''), index_type, index_comment), 256), 16), 16, 10) AS UNSIGNED)) INTO _part FROM information_schema.statistics WHERE table_schema = _schema AND table_name = _name;
        SET _one = _one ^ _part;
        SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'K', constraint_name, constraint_type), 256), 16), 16, 10) AS UNSIGNED)) INTO _part FROM information_schema.table_constraints WHERE table_schema = _schema AND table_name = _name;
        SET _one = _one ^ _part;
      END IF;
      IF _options LIKE '%partitioned%' THEN
        SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'P', partition_name, IFNULL(subpartition_name, ''), partition_method, partition_expression, partition_description), 256), 16), 16, 10) AS UNSIGNED)) INTO _part FROM information_schema.partitions WHERE table_schema = _schema AND table_name = _name;
        SET _one = _one ^ _part;
      END IF;
      IF _type LIKE '%VIEW' THEN
        SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'V', view_definition, check_option, security_type, definer), 256), 16), 16, 10) AS UNSIGNED)) INTO _part FROM information_schema.views WHERE table_schema = _schema AND table_name = _name;
        SET _one = _one ^ _part;
      END IF;
    ELSEIF _kind = 'index' THEN
      SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', 'I', index_name, seq_in_index, IFNULL(column_name, ''), non_unique, IFNULL(sub_part, ''), index_type, index_comment), 256), 16), 16, 10) AS UNSIGNED)) INTO _one FROM information_schema.statistics WHERE table_schema = _schema AND table_name = _name;
    ELSEIF _kind = 'routine' THEN
      SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', routine_type, dtd_identifier, routine_definition, sql_data_access, security_type, sql_mode, definer, routine_comment, last_altered), 256), 16), 16, 10) AS UNSIGNED)) INTO _one FROM information_schema.routines WHERE routine_schema = _schema AND routine_name = _name;
    ELSEIF _kind = 'trigger' THEN
      SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', event_object_table, event_manipulation, action_timing, action_order, action_statement, definer, created), 256), 16), 16, 10) AS UNSIGNED)) INTO _one FROM information_schema.triggers WHERE trigger_schema = _schema AND trigger_name = _name;
    ELSE
      SELECT BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('|', event_definition, event_type, IFNULL(execute_at, ''), IFNULL(interval_value, ''), IFNULL(interval_field, ''), IFNULL(starts, ''), IFNULL(ends, ''), status, on_completion, event_comment, definer, last_altered), 256), 16), 16, 10) AS UNSIGNED)) INTO _one FROM information_schema.events WHERE event_schema = _schema AND event_name = _name;
    END IF;
    SET _probe = SHA2(CONCAT(_probe, '|', _one), 256);
  END WHILE;
END;
CREATE PROCEDURE rowgate_executed(IN _gtid VARCHAR(64) CHARACTER SET utf8mb4, OUT _took INT) SQL SECURITY INVOKER
BEGIN -- whether the server has the GTID; NULL when it does not have the one before it either, and so has forgotten
  DECLARE _number BIGINT DEFAULT CAST(SUBSTRING_INDEX(_gtid, ':', -1) AS SIGNED);
  SET @rg_gtid = _gtid, @rg_before = CONCAT(SUBSTRING_INDEX(_gtid, ':', 1), ':', _number - 1), @rg_took = NULL;
  IF NOT @rg_maria THEN
    SET @rg_sql = 'SELECT IF(GTID_SUBSET(@rg_gtid, @@GLOBAL.gtid_executed), 1, IF(GTID_SUBSET(@rg_before, @@GLOBAL.gtid_executed), 0, NULL)) INTO @rg_took';
    PREPARE rowgate_executed FROM @rg_sql;
    EXECUTE rowgate_executed;
    DEALLOCATE PREPARE rowgate_executed;
  END IF;
  SET _took = @rg_took;
END;
CREATE PROCEDURE rowgate_signal(IN _state CHAR(5) CHARACTER SET utf8mb4, IN _message TEXT CHARACTER SET utf8mb4) SQL SECURITY INVOKER
BEGIN -- MySQL takes 128 characters
  DECLARE _text VARCHAR(128) CHARACTER SET utf8mb4 DEFAULT LEFT(CONCAT('rowgate: ', _message), 128);
  SET @rg_message = CONCAT('rowgate: ', _message);
  IF _state = 'RG003' THEN SIGNAL SQLSTATE 'RG003' SET MESSAGE_TEXT = _text; END IF;
  IF _state = 'RG005' THEN SIGNAL SQLSTATE 'RG005' SET MESSAGE_TEXT = _text; END IF;
  SIGNAL SQLSTATE 'RG006' SET MESSAGE_TEXT = _text;
END;
CREATE PROCEDURE rowgate_begin(IN _position INT, IN _id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, IN _name TEXT CHARACTER SET utf8mb4, IN _kind VARCHAR(9) CHARACTER SET utf8mb4, IN _checksum VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, IN _sums MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, IN _lock_timeout INT, IN _time_limit DECIMAL(12, 3)) SQL SECURITY INVOKER
BEGIN -- the guard: sets @rg_done to the number of statements that are done, or beyond all when nothing is to do
  DECLARE _state VARCHAR(8) CHARACTER SET utf8mb4;
  DECLARE _was VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE _had MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE _place, _objects TEXT CHARACTER SET utf8mb4;
  DECLARE _before, _now CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE _gtid VARCHAR(64) CHARACTER SET utf8mb4;
  DECLARE _kept LONGTEXT CHARACTER SET utf8mb4;
  DECLARE _done, _intent, _count, _took INT;
  DECLARE _again BOOLEAN DEFAULT FALSE; -- a statement was begun that may run again
  SET @rg_id = _id, @rg_name = _name, @rg_checksum = _checksum, @rg_at = '', @rg_k = 1, @rg_call = 0, @rg_kept = NULL, @rg_from = 0, @rg_done = 2147483647, @rg_started = UTC_TIMESTAMP(6), @rg_event = 'applied',
      _count = IF(_sums = '', 0, 1 + LENGTH(_sums) - LENGTH(REPLACE(_sums, ',', '')));
  IF NOT (IS_USED_LOCK(@rg_lock) <=> CONNECTION_ID()) THEN CALL rowgate_signal('RG006', 'this session has lost the lock of the deployment; run it again'); END IF;
  IF _position <= @rg_until THEN
    SELECT MAX(state), MAX(checksum), MAX(sums), MAX(place), MAX(objects), MAX(probe), MAX(gtid), MAX(kept), MAX(done), MAX(intent) INTO _state, _was, _had, _place, _objects, _before, _gtid, _kept, _done, _intent FROM `versions` WHERE id = _id FOR UPDATE;
    IF _state IS NULL THEN
      INSERT INTO `versions` (id, name, kind, checksum, `release`, position, state, applied_at, applied_by, statements, done, tool, sums)
      VALUES (_id, _name, _kind, _checksum, '1.0', _position, 'running', UTC_TIMESTAMP(6), USER(), _count, 0, @rg_tool, _sums);
      SET @rg_done = 0;
    ELSEIF _state IN ('applied', 'adopted') THEN
      IF _kind = 'always' OR (_kind = 'on-change' AND _was <> _checksum) THEN
        UPDATE `versions` SET name = _name, kind = _kind, checksum = _checksum, `release` = '1.0', position = _position, state = 'running', applied_at = UTC_TIMESTAMP(6), applied_by = USER(), statements = _count, done = 0, tool = @rg_tool, sums = _sums, kept = NULL, intent = NULL WHERE id = _id;
        SET @rg_done = 0, @rg_event = 'reapplied';
      ELSEIF _state = 'applied' AND _was <> _checksum THEN
        CALL rowgate_signal('RG003', CONCAT('block ', _id, ' (', _name, ') was edited after it was applied'));
      END IF;
    ELSE
      IF _done > 0 AND NOT (SUBSTRING_INDEX(_had, ',', _done) <=> SUBSTRING_INDEX(_sums, ',', _done)) THEN
        IF _kind = 'once' THEN CALL rowgate_signal('RG003', CONCAT('block ', _id, ' (', _name, ') was edited in one of the ', _done, ' statements that are done')); END IF;
        SET _done = 0, _intent = NULL, _kept = NULL; -- what may run again begins again
      END IF;
      IF _intent IS NOT NULL THEN
        IF _objects = '[]' THEN
          SET _again = TRUE, _took = FALSE;
        ELSEIF _gtid IS NOT NULL THEN
          CALL rowgate_executed(_gtid, _took);
        ELSEIF _objects IS NOT NULL THEN
          CALL rowgate_probe(_objects, _now);
          SET _took = NOT (_now <=> _before);
        END IF;
        IF _took IS NULL THEN
          UPDATE `versions` SET objects = NULL, gtid = NULL WHERE id = _id;
          COMMIT;
          CALL rowgate_signal('RG005', CONCAT('statement ', _intent, ' of block ', _id, ' (', _place, ') was begun, and its end is not known'));
        END IF;
        SET _done = _intent - 1 + _took;
      END IF;
      UPDATE `versions` SET name = _name, kind = _kind, checksum = _checksum, `release` = '1.0', position = _position, state = 'running', applied_by = USER(), statements = _count, done = _done, tool = @rg_tool, sums = _sums, intent = IF(_again, _intent, NULL), objects = IF(_again, _objects, NULL), probe = NULL, gtid = NULL,
        note = IF(_intent IS NULL, note, CONCAT('resumed: statement ', _intent, CASE WHEN _took THEN ' had taken effect' WHEN _again THEN ' is run again' ELSE ' had not taken effect' END)) WHERE id = _id;
      SET @rg_done = _done, @rg_from = IF(_again, _intent, _done), @rg_kept = _kept; -- what was read before such a statement is not read again
      IF _kind <> 'once' AND EXISTS (SELECT 1 FROM `versions_log` WHERE id = _id AND event IN ('applied', 'reapplied')) THEN SET @rg_event = 'reapplied'; END IF;
    END IF;
    COMMIT;
    IF @rg_done < 2147483647 THEN
      SET SESSION lock_wait_timeout = CAST(COALESCE(_lock_timeout, @rg_lock_wait) AS SIGNED), SESSION innodb_lock_wait_timeout = CAST(COALESCE(_lock_timeout, @rg_row_wait) AS SIGNED);
      IF _time_limit IS NOT NULL THEN
        SET @rg_own_limit = _time_limit;
        EXECUTE rowgate_limit USING @rg_own_limit;
      END IF;
      IF @rg_json THEN SELECT JSON_OBJECT('event', 'started', 'id', _id, 'name', _name) AS rowgate; END IF;
    END IF;
  END IF;
END;
CREATE PROCEDURE rowgate_recall(IN _key VARCHAR(32) CHARACTER SET utf8mb4) SQL SECURITY INVOKER
BEGIN -- gives variables the values that a statement left in them, each written as its character set or `number`, a colon, and hexadecimal text
  DECLARE _values, _names, _name, _value, _text LONGTEXT CHARACTER SET utf8mb4;
  DECLARE _i INT DEFAULT 0;
  SET _values = JSON_EXTRACT(@rg_kept, CONCAT('$."', _key, '"')), _names = JSON_KEYS(_values);
  WHILE _i < JSON_LENGTH(_names) DO
    SET _name = JSON_EXTRACT(_names, CONCAT('$[', _i, ']')), _i = _i + 1;
    SET _value = NULLIF(JSON_UNQUOTE(JSON_EXTRACT(_values, CONCAT('$.', _name))), 'null');
    SET _text = SUBSTRING_INDEX(_value, ':', -1), _value = SUBSTRING_INDEX(_value, ':', 1);
    SET @rg_sql = CONCAT('SET @`', REPLACE(JSON_UNQUOTE(_name), '`', '``'), '` = ', COALESCE(IF(_value = 'number', CONVERT(UNHEX(_text) USING utf8mb4), CONCAT('_', _value, ' X''', _text, '''')), 'NULL'));
    PREPARE rowgate_recall FROM @rg_sql;
    EXECUTE rowgate_recall;
    DEALLOCATE PREPARE rowgate_recall;
  END WHILE;
END;
CREATE PROCEDURE rowgate_intent(IN _k INT, IN _place TEXT CHARACTER SET utf8mb4, IN _objects TEXT CHARACTER SET utf8mb4) SQL SECURITY INVOKER
BEGIN -- before a statement that commits by itself: should the server die now, the next run asks whether it took effect; of one that may run again, `[]`, it only knows that it was begun
  DECLARE _probe CHAR(64) CHARACTER SET utf8mb4;
  DECLARE _gtid VARCHAR(64) CHARACTER SET utf8mb4;
  SET @rg_at = _place;
  IF _gtid IS NULL AND _objects IS NOT NULL THEN CALL rowgate_probe(_objects, _probe); END IF;
  UPDATE `versions` SET done = _k - 1, intent = _k, place = _place, objects = _objects, probe = _probe, gtid = _gtid WHERE id = @rg_id AND state = 'running' AND done < _k;
  IF ROW_COUNT() <> 1 THEN CALL rowgate_signal('RG006', CONCAT('the row of block ', @rg_id, ' was changed by somebody else')); END IF;
  COMMIT;
  SET @rg_k = _k; -- not before: it may be what commits the rows of the statements before it
END;
CREATE PROCEDURE rowgate_call(IN _k INT, IN _place TEXT CHARACTER SET utf8mb4) SQL SECURITY INVOKER
BEGIN -- not committed: only if the called procedure commits, its intent is there to tell
  SET @rg_k = _k, @rg_at = _place, @rg_call = 1;
  UPDATE `versions` SET done = _k - 1, intent = _k, place = _place, objects = NULL, probe = NULL, gtid = NULL WHERE id = @rg_id AND state = 'running';
END;
CREATE PROCEDURE rowgate_done(IN _k INT) SQL SECURITY INVOKER
BEGIN
  UPDATE `versions` SET done = _k, intent = NULL WHERE id = @rg_id AND state = 'running';
  COMMIT;
  SET @rg_done = _k, @rg_k = _k + 1, @rg_call = 0;
END;
CREATE PROCEDURE rowgate_finish() SQL SECURITY INVOKER
BEGIN
  DECLARE _ms BIGINT DEFAULT TIMESTAMPDIFF(MICROSECOND, @rg_started, UTC_TIMESTAMP(6)) DIV 1000;
  DECLARE _last BIGINT UNSIGNED DEFAULT LAST_INSERT_ID();
  SET @rg_at = '';
  UPDATE `versions` SET state = 'applied', done = statements, intent = NULL, place = NULL, objects = NULL, probe = NULL, gtid = NULL, sums = NULL, kept = NULL, applied_at = UTC_TIMESTAMP(6), duration_ms = _ms WHERE id = @rg_id AND state = 'running';
  IF ROW_COUNT() <> 1 THEN CALL rowgate_signal('RG006', CONCAT('the row of block ', @rg_id, ' was changed by somebody else')); END IF;
  INSERT INTO `versions_log` (at, id, event, checksum, `release`, by_user, tool, duration_ms) VALUES (UTC_TIMESTAMP(6), @rg_id, @rg_event, @rg_checksum, '1.0', USER(), @rg_tool, _ms);
  COMMIT;
  SET SESSION last_insert_id = _last;
  SET @rg_done = 2147483647, @rg_open = @rg_mode, @rg_shut = CONCAT_WS(',', NULLIF(@rg_mode, ''), 'NO_BACKSLASH_ESCAPES');
  SET SESSION lock_wait_timeout = @rg_lock_wait, SESSION innodb_lock_wait_timeout = @rg_row_wait, SESSION foreign_key_checks = @rg_foreign, SESSION unique_checks = @rg_unique, SESSION time_zone = @rg_zone, SESSION sql_safe_updates = @rg_safe, SESSION default_storage_engine = @rg_engine;
  EXECUTE rowgate_limit USING @rg_time_limit;
  SELECT IF(@rg_json, JSON_OBJECT('event', 'applied', 'id', @rg_id, 'name', @rg_name, 'ms', _ms), CONCAT('rowgate: block ', @rg_id, ' (', @rg_name, ') is applied, ', _ms, ' ms')) AS rowgate;
END;
CREATE PROCEDURE rowgate_failed() SQL SECURITY INVOKER
BEGIN -- what the handler of a chunk found in @rg_message; a note that cannot be written must not hide it
  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;
  -- of a statement that was killed (1317) or took too long (1969, 3024) the end is not known
  UPDATE `versions` SET state = 'failed', done = GREATEST(done, @rg_k - 1), intent = IF(@rg_call OR (intent = @rg_k AND @rg_errno IN (1317, 1969, 3024)) OR (objects = '[]' AND place <> @rg_at), intent, NULL), note = LEFT(CONCAT(@rg_at, ': ', @rg_message), 60000) WHERE id = @rg_id AND state = 'running' AND @rg_at <> '';
  INSERT INTO `versions_log` (at, id, event, checksum, `release`, by_user, tool, detail) SELECT UTC_TIMESTAMP(6), id, 'failed', checksum, `release`, applied_by, tool, note FROM `versions` WHERE id = @rg_id AND state = 'failed' AND @rg_at <> '' AND @rg_errno NOT IN (1205, 1213);
  COMMIT;
END;
-- MariaDB limits every statement, MySQL only SELECT; each by a variable that the other does not know.
SET @rg_sql = IF(@rg_maria, 'SET SESSION max_statement_time = ?', 'SET SESSION max_execution_time = CAST(1000 * ? AS UNSIGNED)');
PREPARE rowgate_limit FROM @rg_sql;
EXECUTE rowgate_limit USING @rg_time_limit;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 1;
$67d063cb$

/* Blocks 1 to 2: 1.sql to 2.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 1) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 1 OR (SELECT COUNT(*) FROM `versions` WHERE state IN ('applied', 'adopted') AND kind <> 'always' AND (id, checksum) IN (('1', 's1:6006be21b6089863a8c5dfa6392734ccad01ee9daa4a0feb6d41657c14d63d99'), ('2', 's1:ff06291b489d8314f21f2e62f90ca75b508f5f7d2c90bc2beb22c6f9d7ed310d'))) = 2 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
DROP PROCEDURE IF EXISTS rowgate_update;
CREATE PROCEDURE rowgate_update() SQL SECURITY INVOKER
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    GET DIAGNOSTICS @rg_count = NUMBER; -- the error is the last, behind the warnings
    GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    WHILE @rg_errno = 4094 AND @rg_count > 1 DO -- but MariaDB's "At line …", one for each procedure it came through
      SET @rg_count = @rg_count - 1;
      GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    END WHILE;
    ROLLBACK;
    CALL rowgate_failed();
    SET @rg_text = LEFT(IF(@rg_at = '', @rg_message, CONCAT('[', @rg_at, '] ', @rg_message)), 128);
    RESIGNAL SET MESSAGE_TEXT = @rg_text;
  END;
  CALL rowgate_begin(1, '1', '1.sql', 'once', 's1:6006be21b6089863a8c5dfa6392734ccad01ee9daa4a0feb6d41657c14d63d99', '83405a6d,30677f7b,803112fc,56a3234e,0bd50d2f', NULL, NULL);
  IF @rg_done < 1 THEN
    CALL rowgate_intent(1, 'x.sql:1:1', '[["table","","a"]]');
-- @ 67d063cbfc772ded statement 1
-- x.sql:1
CREATE TABLE a (é text)
;
-- @ 67d063cbfc772ded end sha256 f1b13e973868ceaa36ff4bfa552ccd8262aee9ef8fb571b006fa7bba103df2b4
    SET @rg_k = 2;
  END IF;
  IF @rg_done < 2 THEN SET @rg_k = 2, @rg_at = 'x.sql:4:3';
-- @ 67d063cbfc772ded statement 1
-- x.sql:4:3
INSERT INTO a VALUES ('*\/ ''x''')
;
-- @ 67d063cbfc772ded end sha256 c6c6d331d8e77c5d07ae97987ca4d72aac000062c7ed860a80fd9d6b425cf7c7
  END IF;
  IF @rg_done < 2147483647 AND (NOT (JSON_EXTRACT(@rg_kept, '$."0710977b.1"') IS NOT NULL)) THEN SET @rg_k = 2, @rg_at = 'x.sql:1:1';
-- @ 67d063cbfc772ded statement 1
-- x.sql:1
SELECT COUNT(*) INTO @n FROM a
;
-- @ 67d063cbfc772ded end sha256 bfb63395072341da5acd8e656cca8bbe8ab3ecfbe7ebfeb60b5fbc04e3a66dca
    UPDATE `versions` SET kept = JSON_SET(COALESCE(kept, '{}'), '$."0710977b.1"', JSON_OBJECT('n', CONCAT(IF(HEX(@`n`) = HEX(CONCAT(@`n`, '')), CHARSET(@`n`), 'number'), ':', HEX(CONCAT(@`n`, ''))))) WHERE id = @rg_id;
  ELSEIF @rg_done < 2147483647 THEN
    CALL rowgate_recall('0710977b.1');
  END IF;
  IF @rg_done < 3 THEN SET @rg_k = 2, @rg_at = 'x.sql:1:1';
-- @ 67d063cbfc772ded statement 1
-- x.sql:1
INSERT INTO a VALUES (@n)
;
-- @ 67d063cbfc772ded end sha256 d94debbd187ebe68c715da9c908e6d9642de5284fe196e4f2e485c01358fcd29
  END IF;
  IF @rg_done < 4 THEN
    CALL rowgate_intent(4, 'x.sql:1:1', '[["index","","a"]]');
-- @ 67d063cbfc772ded statement 1
-- x.sql:1
CREATE INDEX a_i ON a (é(10)) -- one
;
-- @ 67d063cbfc772ded end sha256 e077666230753d9f9fc734022ce27b4bf559fc039c930ce3eff4989e9381e249
    SET @rg_k = 5;
  END IF;
  IF @rg_done < 5 THEN SET @rg_k = 5, @rg_at = 'x.sql:1:1';
-- @ 67d063cbfc772ded statement 1
-- x.sql:1
DELETE FROM a
;
-- @ 67d063cbfc772ded end sha256 a5198bc5b979f971195abfc5876fc35bdc83566fae2e11ddd40934f4613630b0
  END IF;
  IF @rg_done < 2147483647 THEN CALL rowgate_finish(); END IF;
  CALL rowgate_begin(2, '2', '2.sql', 'once', 's1:ff06291b489d8314f21f2e62f90ca75b508f5f7d2c90bc2beb22c6f9d7ed310d', 'c70a3501,ff1bb88d,52525508', NULL, NULL);
  IF @rg_done < 2147483647 THEN SET @rg_k = 1, @rg_at = 'x.sql:1:1';
-- @ 67d063cbfc772ded statement 2
-- x.sql:1
SET foreign_key_checks = 0
;
-- @ 67d063cbfc772ded end sha256 89b64d68e7ef340b91f54367ef74d5c1b4512c028b8417ca5119c62be71c4f78
  END IF;
END;
CALL rowgate_update();
DROP PROCEDURE rowgate_update;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 2;
$67d063cb$

/* Block 2: 2.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 2) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_done >= 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
CALL rowgate_intent(1, 'x.sql:1:1', '[["routine","","f"]]');
-- @ 67d063cbfc772ded statement 2
-- x.sql:1
CREATE FUNCTION f() RETURNS int RETURN 1
;
-- @ 67d063cbfc772ded end sha256 73bef5dfb0a904b27c016d54a78843155efe6663fba703f9af8623b1eb2de854
CALL rowgate_done(1);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 3;
$67d063cb$

/* Blocks 2 to views/v: 2.sql to views/v.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 3) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 2 OR (SELECT COUNT(*) FROM `versions` WHERE state IN ('applied', 'adopted') AND kind <> 'always' AND (id, checksum) IN (('2', 's1:ff06291b489d8314f21f2e62f90ca75b508f5f7d2c90bc2beb22c6f9d7ed310d'), ('3', 's1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945'), ('views/v', 's1:1e2d66ca4471ea9f7d51df29bbbe85c1aa8e7e091306060b95f64c343a7f8fa3'))) = 3 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
DROP PROCEDURE IF EXISTS rowgate_update;
CREATE PROCEDURE rowgate_update() SQL SECURITY INVOKER
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    GET DIAGNOSTICS @rg_count = NUMBER; -- the error is the last, behind the warnings
    GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    WHILE @rg_errno = 4094 AND @rg_count > 1 DO -- but MariaDB's "At line …", one for each procedure it came through
      SET @rg_count = @rg_count - 1;
      GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    END WHILE;
    ROLLBACK;
    CALL rowgate_failed();
    SET @rg_text = LEFT(IF(@rg_at = '', @rg_message, CONCAT('[', @rg_at, '] ', @rg_message)), 128);
    RESIGNAL SET MESSAGE_TEXT = @rg_text;
  END;
  IF @rg_done < 2 THEN
    CALL rowgate_call(2, 'x.sql:1:1');
-- @ 67d063cbfc772ded statement 2
-- x.sql:1
CALL p()
;
-- @ 67d063cbfc772ded end sha256 66bfc1d849a84eebb6576791beb1547246b867cfe02746b74fde1401033c213b
    CALL rowgate_done(2);
  END IF;
  IF @rg_done < 3 THEN
    CALL rowgate_intent(3, 'x.sql:1:1', '[]');
-- @ 67d063cbfc772ded statement 2
-- x.sql:1
ANALYZE TABLE a
;
-- @ 67d063cbfc772ded end sha256 16ea17fca51c3afdf2d9ebdc92488d38b99ac63692dc30cd22eb0c233078492b
    SET @rg_k = 4;
  END IF;
  IF @rg_done < 2147483647 THEN CALL rowgate_finish(); END IF;
  CALL rowgate_begin(3, '3', '3.sql', 'once', 's1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', '', NULL, NULL);
  IF @rg_done < 2147483647 THEN CALL rowgate_finish(); END IF;
  CREATE TABLE IF NOT EXISTS `versions_objects` (type VARCHAR(16) NOT NULL, identity VARCHAR(255) NOT NULL, id VARCHAR(255) NOT NULL, is_left BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (type, identity)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CALL rowgate_begin(4, 'views/v', 'views/v.sql', 'on-change', 's1:1e2d66ca4471ea9f7d51df29bbbe85c1aa8e7e091306060b95f64c343a7f8fa3', 'a261709d', 2, NULL);
  IF @rg_done < 1 THEN
    IF FALSE THEN
-- @ 67d063cbfc772ded statement 4
-- x.sql:1
CREATE VIEW v AS SELECT 1
;
-- @ 67d063cbfc772ded end sha256 3bbfd438eb76997fc69d5600a3114d6a992fcd63b6b6601bce667ceb93a7c883
    END IF;
    CALL rowgate_intent(1, 'x.sql:1:1', '[]');
-- x.sql:1
CREATE OR REPLACE VIEW v AS SELECT 1
;
    SET @rg_k = 2;
  END IF;
  IF @rg_done < 2147483647 THEN INSERT INTO `versions_objects` (type, identity, id) VALUES ('view', CONCAT(CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`'), '.', CONCAT('`', REPLACE('v', '`', '``'), '`')), @rg_id) ON DUPLICATE KEY UPDATE id = @rg_id, is_left = FALSE; UPDATE `versions_objects` SET is_left = TRUE WHERE id = @rg_id AND (type, identity) NOT IN (('view', CONCAT(CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`'), '.', CONCAT('`', REPLACE('v', '`', '``'), '`')))); CALL rowgate_finish(); END IF;
END;
CALL rowgate_update();
DROP PROCEDURE rowgate_update;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 4;
$67d063cb$

/* Block functions/g: functions/g.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 4) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 5 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
CREATE TABLE IF NOT EXISTS `versions_objects` (type VARCHAR(16) NOT NULL, identity VARCHAR(255) NOT NULL, id VARCHAR(255) NOT NULL, is_left BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (type, identity)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CALL rowgate_begin(5, 'functions/g', 'functions/g.sql', 'on-change', 's1:7b9cff4faa5a75d3b72f6d9ed377b42882684a905aec9f9f801368a08ff3889a', '2d9a9e8f', NULL, NULL);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET sql_mode = CASE WHEN @rg_maria OR @rg_done >= 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
CALL rowgate_intent(1, 'x.sql:1:1', '[]');
DROP FUNCTION IF EXISTS g;
-- @ 67d063cbfc772ded statement 5
-- x.sql:1
CREATE FUNCTION g() RETURNS int RETURN 2
;
-- @ 67d063cbfc772ded end sha256 5b733c5e7e546e0908279f495f93c04265226a2326045e2dcdf81626aba9f611
CALL rowgate_done(1);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET sql_mode = CASE WHEN NOT @rg_maria OR @rg_done >= 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
CALL rowgate_intent(1, 'x.sql:1:1', '[]');
-- x.sql:1
CREATE OR REPLACE FUNCTION g() RETURNS int RETURN 2
;
CALL rowgate_done(1);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 5;
$67d063cb$

/* Block functions/g: functions/g.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 5) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 5 OR (SELECT COUNT(*) FROM `versions` WHERE state IN ('applied', 'adopted') AND kind <> 'always' AND (id, checksum) IN (('functions/g', 's1:7b9cff4faa5a75d3b72f6d9ed377b42882684a905aec9f9f801368a08ff3889a'))) = 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
DROP PROCEDURE IF EXISTS rowgate_update;
CREATE PROCEDURE rowgate_update() SQL SECURITY INVOKER
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    GET DIAGNOSTICS @rg_count = NUMBER; -- the error is the last, behind the warnings
    GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    WHILE @rg_errno = 4094 AND @rg_count > 1 DO -- but MariaDB's "At line …", one for each procedure it came through
      SET @rg_count = @rg_count - 1;
      GET DIAGNOSTICS CONDITION @rg_count @rg_message = MESSAGE_TEXT, @rg_errno = MYSQL_ERRNO;
    END WHILE;
    ROLLBACK;
    CALL rowgate_failed();
    SET @rg_text = LEFT(IF(@rg_at = '', @rg_message, CONCAT('[', @rg_at, '] ', @rg_message)), 128);
    RESIGNAL SET MESSAGE_TEXT = @rg_text;
  END;
  IF @rg_done < 2147483647 THEN INSERT INTO `versions_objects` (type, identity, id) VALUES ('function', CONCAT(CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`'), '.', CONCAT('`', REPLACE('g', '`', '``'), '`')), @rg_id) ON DUPLICATE KEY UPDATE id = @rg_id, is_left = FALSE; UPDATE `versions_objects` SET is_left = TRUE WHERE id = @rg_id AND (type, identity) NOT IN (('function', CONCAT(CONCAT('`', REPLACE(DATABASE(), '`', '``'), '`'), '.', CONCAT('`', REPLACE('g', '`', '``'), '`')))); CALL rowgate_finish(); END IF;
END;
CALL rowgate_update();
DROP PROCEDURE rowgate_update;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 6;
$67d063cb$

SET sql_mode = IF(IS_USED_LOCK(COALESCE(@rg_lock, 'rowgate')) <=> CONNECTION_ID() AND EXISTS (SELECT 1 FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name = 'rowgate_failed'), @rg_open, @rg_shut); DO '\' /*';
DROP PROCEDURE IF EXISTS rowgate_update;
DROP PROCEDURE IF EXISTS rowgate_probe;
DROP PROCEDURE IF EXISTS rowgate_executed;
DROP PROCEDURE IF EXISTS rowgate_signal;
DROP PROCEDURE IF EXISTS rowgate_begin;
DROP PROCEDURE IF EXISTS rowgate_recall;
DROP PROCEDURE IF EXISTS rowgate_intent;
DROP PROCEDURE IF EXISTS rowgate_call;
DROP PROCEDURE IF EXISTS rowgate_done;
DROP PROCEDURE IF EXISTS rowgate_finish;
DROP PROCEDURE IF EXISTS rowgate_failed;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET SESSION autocommit = COALESCE(@rg_autocommit, @@autocommit), SESSION lock_wait_timeout = CAST(COALESCE(SUBSTRING_INDEX(@rg_waits, ',', 1), @@lock_wait_timeout) AS SIGNED), SESSION innodb_lock_wait_timeout = CAST(COALESCE(SUBSTRING_INDEX(SUBSTRING_INDEX(@rg_waits, ',', 2), ',', -1), @@innodb_lock_wait_timeout) AS SIGNED), SESSION wait_timeout = CAST(COALESCE(SUBSTRING_INDEX(SUBSTRING_INDEX(@rg_waits, ',', 3), ',', -1), @@wait_timeout) AS SIGNED);
SET @rg_sql = IF(@rg_maria AND @rg_waits IS NOT NULL, CONCAT('SET SESSION max_error_count = ', SUBSTRING_INDEX(@rg_waits, ',', -1)), 'DO 0');
PREPARE rowgate_warnings FROM @rg_sql;
EXECUTE rowgate_warnings;
DEALLOCATE PREPARE rowgate_warnings;
SET @rg_open = COALESCE(@rg_mode, @@sql_mode), sql_mode = COALESCE(@rg_mode, @@sql_mode);
DO RELEASE_LOCK(COALESCE(@rg_lock, 'rowgate'));
-- What goes on after an error, as a client does with --force, comes here too.
SET sql_mode = IF(@rg_step <=> 6, @rg_open, 'ROWGATE history-changed: release 1.0 is NOT deployed; mend the first error above and run the script again');
SET @rg_missing = (SELECT COUNT(*) FROM JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]')) m LEFT JOIN `versions` v ON v.id = m.i WHERE m.p <= @rg_until AND (v.id IS NULL OR v.state NOT IN ('applied', 'adopted') OR (v.state = 'applied' AND v.checksum <> m.c)));
SET sql_mode = IF(@rg_missing = 0 OR @rg_dry, @rg_mode, 'ROWGATE history-changed: release 1.0 is NOT deployed; mend the first error above and run the script again');
-- Only what is there for certain gets a receipt: a tool that takes the script apart goes on after every error.
SELECT CASE WHEN @rg_dry THEN 'rowgate: dry run, nothing is deployed' WHEN @rg_missing = 0 AND @rg_target = '' THEN 'rowgate: release 1.0 is deployed' WHEN @rg_missing = 0 THEN CONCAT('rowgate: release 1.0 is deployed as far as block ', @rg_target) ELSE 'rowgate: release 1.0 is NOT deployed' END AS rowgate;
COMMIT;
$67d063cb$
DELIMITER ;
-- rowgate sha256 14da994aa73c27983afffa3d9e7b563a39524da634ddc193ca563cfc278fa8d2
