
/* Block 1: 1.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 1) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 1 OR (SELECT COUNT(*) FROM `versions` WHERE state IN ('applied', 'adopted') AND kind <> 'always' AND (id, checksum) IN (('1', 's1:bccaaa451d4c03589191cf28a2cd3b2f9248dda2cb82e85ebe136ed375519a29'))) = 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
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
  CALL rowgate_begin(1, '1', '1.sql', 'once', 's1:bccaaa451d4c03589191cf28a2cd3b2f9248dda2cb82e85ebe136ed375519a29', 'db58ca52', NULL, NULL);
  IF @rg_done < 2147483647 AND @rg_from < 1 THEN SET @rg_answer_before = NULL; SET @rg_k = 1, @rg_at = 'x.sql:1:1';
-- @ 4960ee474f9fa51d statement 1
-- x.sql:1
SELECT '*\/' <> ''
INTO @rg_answer_before
;
-- @ 4960ee474f9fa51d end sha256 a76bdc046a9367bc1c953254864659051ff6b909c5ff4665aa2cfadda2550581
    IF NOT (@rg_answer_before IS TRUE) THEN SET @rg_text = LEFT(CONCAT('rowgate: the assertion returned ', COALESCE(LEFT(CAST(@rg_answer_before AS CHAR), 40), 'NULL or no row'), ' instead of true: SELECT ''*\/'' <> '''''), 128); SIGNAL SQLSTATE 'RG017' SET MESSAGE_TEXT = @rg_text; END IF;
  END IF;
  IF @rg_done < 1 THEN SET @rg_k = 1, @rg_at = 'x.sql:1:1';
-- @ 4960ee474f9fa51d statement 1
-- x.sql:1
INSERT INTO a VALUES (1)
;
-- @ 4960ee474f9fa51d end sha256 abd7f28d77e223ce95a75687a1b8cab7926002be249956e51bf51b47dfa8be96
  END IF;
  IF @rg_done < 2147483647 AND @rg_from < 2 THEN SET @rg_answer_after = NULL; SET @rg_k = 1, @rg_at = 'verify/1.sql:3:2';
-- @ 4960ee474f9fa51d statement 1
-- verify/1.sql:3:2
SELECT count(*) = 0
  FROM a
INTO @rg_answer_after
;
-- @ 4960ee474f9fa51d end sha256 9bcbc1b04c8c19009d88173b0bf391f1e5dd4e149df4390f3c365f1a547f3993
    IF NOT (@rg_answer_after IS TRUE) THEN SET @rg_text = LEFT(CONCAT('rowgate: the assertion returned ', COALESCE(LEFT(CAST(@rg_answer_after AS CHAR), 40), 'NULL or no row'), ' instead of true: SELECT count(*) = 0 FROM a'), 128); SIGNAL SQLSTATE 'RG017' SET MESSAGE_TEXT = @rg_text; END IF;
  END IF;
  IF @rg_done < 2147483647 THEN CALL rowgate_finish(); END IF;
END;
CALL rowgate_update();
DROP PROCEDURE rowgate_update;
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 2;
$4960ee47$

/* Block 2: 2.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 2) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_pending = 0 OR @rg_until < 2 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
CALL rowgate_begin(2, '2', '2.sql', 'once', 's1:bccaaa451d4c03589191cf28a2cd3b2f9248dda2cb82e85ebe136ed375519a29', 'db58ca52', NULL, 2);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET sql_mode = CASE WHEN NOT (@rg_done < 2147483647 AND @rg_from < 1) THEN @rg_shut ELSE @rg_open END; DO '\' /*';
SET @rg_answer_before = NULL;
SET @rg_k = 1, @rg_at = 'x.sql:1:1';
-- @ 4960ee474f9fa51d statement 2
-- x.sql:1
SELECT '*\/' <> ''
INTO @rg_answer_before
;
-- @ 4960ee474f9fa51d end sha256 a76bdc046a9367bc1c953254864659051ff6b909c5ff4665aa2cfadda2550581
DO 0 /*!*/; SET sql_mode = @rg_open;
SET sql_mode = CASE WHEN NOT (@rg_done < 2147483647 AND @rg_from < 1) THEN @rg_shut WHEN @rg_answer_before IS TRUE THEN @rg_shut ELSE CONCAT('ROWGATE verify-failed: the assertion returned ', COALESCE(LEFT(CAST(@rg_answer_before AS CHAR), 40), 'NULL or no row'), ' instead of true') END; DO '\' /*';

DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 3;
$4960ee47$

/* Block 2: 2.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 3) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN @rg_done >= 1 THEN @rg_shut ELSE @rg_open END; DO '\' /*';
SET @rg_k = 1, @rg_at = 'x.sql:1:1';
-- @ 4960ee474f9fa51d statement 2
-- x.sql:1
INSERT INTO a VALUES (1)
;
-- @ 4960ee474f9fa51d end sha256 abd7f28d77e223ce95a75687a1b8cab7926002be249956e51bf51b47dfa8be96
CALL rowgate_done(1);
DO 0 /*!*/; SET sql_mode = @rg_open;
SET @rg_step = 4;
$4960ee47$

/* Block 2: 2.sql */
SET sql_mode = CASE WHEN NOT (@rg_step <=> 4) THEN 'ROWGATE history-changed: an earlier part of this script has failed; mend it and run the script again' WHEN NOT (@rg_done < 2147483647 AND @rg_from < 2) THEN @rg_shut ELSE @rg_open END; DO '\' /*';
SET @rg_answer_after = NULL;
SET @rg_k = 2, @rg_at = 'verify/1.sql:3:2';
-- @ 4960ee474f9fa51d statement 2
-- verify/1.sql:3:2
SELECT count(*) = 0
  FROM a
INTO @rg_answer_after
;