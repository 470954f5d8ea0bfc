/** A tree that is hard to break off well on servers that cannot take a definition back. */
import { treeOf, type FaultTree } from "../trees.ts";

/**
 * Every kind of statement that the ledger treats in a way of its own, over so many rows, up to 20 000,
 * that they take their time. Every change of rows adds to a counter in the rows or to a table without
 * any key, so that nothing can run twice unseen.
 */
export function hardTree(rows: number): Promise<FaultTree> {
  return treeOf("hard", filesOf(rows), "mysql");
}

/** What the counters of all rows say at this step. */
const tally = (step: number): string => `INSERT INTO tally SELECT ${step}, SUM(runs) FROM items;\n`;

const filesOf = (rows: number): Readonly<Record<string, string>> => ({
  "0001_tables.sql": `CREATE TABLE tally (step integer NOT NULL, amount bigint);
CREATE TABLE digits (d integer NOT NULL PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE items (
  id integer NOT NULL PRIMARY KEY,
  label varchar(40) NOT NULL,
  runs integer NOT NULL DEFAULT 0
);
INSERT INTO tally VALUES (1, 0);
`,
  "0002_rows.sql": `INSERT INTO items (id, label)
SELECT n, CONCAT('item ', n) FROM (
  SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n
  FROM digits a, digits b, digits c, digits d, digits e
  WHERE e.d < 2
) AS numbers
WHERE n <= ${rows};
UPDATE items SET runs = runs + 1;
${tally(2)}`,
  "0003_alter.sql": `ALTER TABLE items ADD COLUMN state varchar(10) NOT NULL DEFAULT 'new', ALGORITHM = INSTANT;
UPDATE items SET runs = runs + 1, state = 'old' WHERE id % 2 = 0;
ALTER TABLE items MODIFY label varchar(300) NOT NULL, ALGORITHM = COPY;
${tally(3)}ALTER TABLE items
  ADD COLUMN size integer GENERATED ALWAYS AS (CHAR_LENGTH(label)) STORED,
  ADD COLUMN note varchar(20),
  ADD KEY items_state_ix (state, size);
CREATE INDEX items_label_ix ON items (label(20));
UPDATE items SET note = CONCAT('n', runs), runs = runs + 1 WHERE id <= 5000;
DROP INDEX items_label_ix ON items;
${tally(3)}`,
  "0004_rename.sql": `CREATE TABLE copies AS SELECT id, label, runs FROM items WHERE id <= 8000;
ALTER TABLE copies ADD PRIMARY KEY (id);
UPDATE copies SET runs = runs + 10;
RENAME TABLE copies TO old_items;
RENAME TABLE old_items TO archive, digits TO numbers;
INSERT INTO tally SELECT 4, SUM(runs) FROM archive;
CREATE TABLE totals AS SELECT COUNT(*) AS entries FROM tally;
`,
  "0005_fee.sql":
    "CREATE FUNCTION fee(size integer) RETURNS integer DETERMINISTIC NO SQL RETURN size + 100;\n",
  "0006_bill.sql": `ALTER TABLE items ADD COLUMN fee integer;
UPDATE items SET fee = fee(size), runs = runs + 1 WHERE id <= 3000;
INSERT INTO tally SELECT 6, SUM(fee) FROM items;
`,
  "0007_fees.sql": `DROP FUNCTION fee;
CREATE FUNCTION fee(size integer) RETURNS integer DETERMINISTIC NO SQL
BEGIN
  DECLARE amount integer DEFAULT size + 200; /* another tariff */
  RETURN amount;
END;
UPDATE items SET fee = fee(size), runs = runs + 1 WHERE id <= 2000;
INSERT INTO tally SELECT 7, SUM(fee) FROM items;
DROP FUNCTION IF EXISTS fee;
CREATE FUNCTION fee(size integer) RETURNS integer DETERMINISTIC NO SQL RETURN size + 300;
UPDATE items SET fee = fee(size), runs = runs + 1 WHERE id <= 1000;
INSERT INTO tally SELECT 7, SUM(fee) FROM items;
`,
  "0008_partitions.sql": `CREATE TABLE parts (id integer NOT NULL PRIMARY KEY, runs integer NOT NULL)
PARTITION BY RANGE (id) (
  PARTITION p0 VALUES LESS THAN (1000),
  PARTITION p1 VALUES LESS THAN (MAXVALUE)
);
INSERT INTO parts SELECT id, runs FROM items WHERE id <= 4000;
ALTER TABLE parts REORGANIZE PARTITION p1 INTO (
  PARTITION p1 VALUES LESS THAN (2000),
  PARTITION p2 VALUES LESS THAN (3000),
  PARTITION p3 VALUES LESS THAN (MAXVALUE)
);
UPDATE parts SET runs = runs + 1;
ALTER TABLE parts DROP PARTITION p0;
ALTER TABLE parts REORGANIZE PARTITION p1, p2 INTO (PARTITION p12 VALUES LESS THAN (3000));
INSERT INTO tally SELECT 8, SUM(runs) FROM parts;
`,
  "0009_children.sql": `CREATE TABLE children (
  id integer NOT NULL PRIMARY KEY,
  item integer NOT NULL,
  runs integer NOT NULL DEFAULT 0
);
INSERT INTO children (id, item) SELECT id, id FROM items WHERE id <= 3000;
ALTER TABLE children ADD CONSTRAINT children_item_fk FOREIGN KEY (item) REFERENCES items (id);
UPDATE children SET runs = runs + 1;
ALTER TABLE children DROP FOREIGN KEY children_item_fk;
ALTER TABLE children ADD CONSTRAINT children_item_fk FOREIGN KEY (item) REFERENCES items (id) ON DELETE CASCADE;
INSERT INTO tally SELECT 9, SUM(runs) FROM children;
`,
  "0010_triggers.sql": `CREATE TABLE news (id integer NOT NULL PRIMARY KEY, text varchar(20) NOT NULL);
CREATE TRIGGER news_insert AFTER INSERT ON news FOR EACH ROW INSERT INTO tally VALUES (10, NEW.id);
INSERT INTO news VALUES (1, 'one'), (2, 'two');
DROP TRIGGER news_insert;
CREATE TRIGGER news_insert BEFORE INSERT ON news FOR EACH ROW
BEGIN
  SET NEW.text = UPPER(NEW.text);
  INSERT INTO tally VALUES (10, 100 * NEW.id);
END;
INSERT INTO news VALUES (3, 'three'), (4, 'four');
CREATE TRIGGER news_update AFTER UPDATE ON news FOR EACH ROW INSERT INTO tally VALUES (10, -NEW.id);
UPDATE news SET text = CONCAT(text, '!') WHERE id % 2 = 1;
`,
  "0011_import.sql": `CREATE TABLE staging AS SELECT id, label FROM items WHERE id % 10 = 0;
SELECT COUNT(*), MAX(id) INTO @count, @last FROM staging;
SET @name = CONCAT('"', @count, '" größer');
TRUNCATE TABLE staging;
INSERT INTO tally VALUES (11, @count), (11, @last);
ALTER TABLE staging ADD COLUMN note varchar(40);
INSERT INTO staging (id, label, note) VALUES (@count, @name, 'first');
SET @count = @count + 1;
ALTER TABLE staging DROP COLUMN note;
INSERT INTO staging (id, label) VALUES (@count, @name);
SET @statement = 'INSERT INTO tally VALUES (11, ?)';
PREPARE count_it FROM @statement;
EXECUTE count_it USING @count;
CREATE INDEX staging_ix ON staging (id);
EXECUTE count_it USING @last;
DEALLOCATE PREPARE count_it;
`,
  "0012_temporary.sql": `CREATE TEMPORARY TABLE picked (id integer NOT NULL PRIMARY KEY);
INSERT INTO picked SELECT id FROM items WHERE id % 7 = 0;
UPDATE items JOIN picked USING (id) SET items.runs = items.runs + 1;
INSERT INTO tally SELECT 12, COUNT(*) FROM picked;
DROP TEMPORARY TABLE picked;
ALTER TABLE items DROP COLUMN note;
`,
  "0013_calls.sql": `DELIMITER //
CREATE PROCEDURE touch(IN step integer, IN times integer)
BEGIN
  WHILE times > 0 DO
    UPDATE items SET runs = runs + 1 WHERE id <= 500;
    INSERT INTO tally VALUES (step, times);
    SET times = times - 1;
  END WHILE;
END//
DELIMITER ;
CALL touch(13, 3);
CALL touch(13, 2);
DROP PROCEDURE touch;
`,
  "0014_events.sql": `CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' DISABLE
DO INSERT INTO tally VALUES (14, 1);
ALTER EVENT nightly COMMENT 'never runs';
CREATE EVENT weekly ON SCHEDULE EVERY 1 WEEK STARTS '2037-01-01 03:00:00' DISABLE
DO BEGIN
  DELETE FROM tally WHERE step < 0;
END;
DROP EVENT nightly;
`,
  "0015_views.sql": `CREATE VIEW sizes AS SELECT state, COUNT(*) AS amount FROM items GROUP BY state;
INSERT INTO tally SELECT 15, SUM(amount) FROM sizes;
ALTER VIEW sizes AS SELECT state, 2 * COUNT(*) AS amount FROM items GROUP BY state;
INSERT INTO tally SELECT 15, SUM(amount) FROM sizes;
CREATE OR REPLACE VIEW sizes AS SELECT state, COUNT(*) + 1 AS amount FROM items GROUP BY state;
`,
  "0016_drops.sql": `DROP TABLE children, archive, staging;
CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM totals;
DROP TABLE IF EXISTS totals;
CREATE TABLE totals (step integer NOT NULL, amount integer);
INSERT INTO totals SELECT step, COUNT(*) FROM tally GROUP BY step;
`,
  "0017_end.sql": `${tally(17)}DELETE FROM items WHERE id > 300;
DELETE FROM parts WHERE id > 1100;
ALTER TABLE items ORDER BY id;
`,
  "functions/doubled.sql": `DROP FUNCTION IF EXISTS doubled;
CREATE FUNCTION doubled(n integer) RETURNS integer DETERMINISTIC NO SQL RETURN 2 * n;
`,
  "triggers/items.sql": `CREATE TRIGGER items_update BEFORE UPDATE ON items FOR EACH ROW SET NEW.runs = OLD.runs;
`,
  "views/doubles.sql":
    "CREATE OR REPLACE VIEW doubles AS SELECT id, doubled(runs) AS runs FROM items;\n",
  "views/summary.sql":
    "CREATE VIEW summary AS SELECT state, COUNT(*) AS items FROM items GROUP BY state;\n",
});
