-- An import: staging tables are made, filled, compared, emptied, renamed and dropped. The variables of the session
-- carry values from one statement to the next, over statements that commit.
CREATE TABLE import_rows (
  line_no integer NOT NULL PRIMARY KEY,
  email varchar(120) NOT NULL,
  wants_news boolean NOT NULL
);

CREATE TABLE import_unknown LIKE import_rows;

CREATE TABLE import_before AS SELECT id, email FROM customers;

CREATE TABLE newsletter_imports (
  batch varchar(10) NOT NULL PRIMARY KEY,
  line_count integer NOT NULL,
  unknown_count integer NOT NULL,
  note varchar(80)
);

SET @batch = '2025-03';

INSERT INTO import_rows (line_no, email, wants_news) VALUES
  (1, 'zoe@example.org', true),
  (2, 'nobody@example.org', true),
  (3, 'hanako@example.jp', false),
  (4, 'nikos@example.org', true),
  (5, 'nobody.else@example.org', false);

SELECT COUNT(*) INTO @line_count FROM import_rows;

ALTER TABLE customers
  ADD COLUMN wants_news boolean NOT NULL DEFAULT false AFTER email,
  ADD COLUMN import_batch varchar(10);

INSERT INTO import_unknown
SELECT r.* FROM import_rows AS r LEFT JOIN customers AS c ON c.email = r.email WHERE c.id IS NULL;

DELETE r FROM import_rows AS r JOIN import_unknown AS u ON u.line_no = r.line_no;

UPDATE customers AS c
JOIN import_rows AS r ON r.email = c.email
SET c.wants_news = r.wants_news, c.import_batch = @batch;

TRUNCATE TABLE import_rows;

INSERT INTO newsletter_imports (batch, line_count, unknown_count)
SELECT @batch, @line_count, COUNT(*) FROM import_unknown;

SET @statement = CONCAT('UPDATE newsletter_imports SET note = CONCAT(batch, ', QUOTE('; it''s "done" \\o/'), ') WHERE batch = ?');
PREPARE write_note FROM @statement;
EXECUTE write_note USING @batch;
DEALLOCATE PREPARE write_note;

ALTER TABLE customers DROP COLUMN import_batch, RENAME INDEX customers_name_ix TO customers_by_name_ix;

RENAME TABLE import_unknown TO newsletter_unknown, import_rows TO import_rows_done;

DROP TABLE import_rows_done, import_before;
