-- Everything that makes a splitter stumble, in statements that a person could have written.
-- This comment is no statement; it isn't closed by a quote ' nor by a ` nor by */ nor by a ; at its end;
# Neither is this one; it's "open", and so is /* this
/* A block comment with -- a line comment, # a hash, 'a quote; "another; `a third;
DELIMITER $$
and still a comment; **/
CREATE TABLE snippets (
  id integer NOT NULL PRIMARY KEY,
  language varchar(20) NOT NULL, -- the comment's quote closes nothing; */
  body text NOT NULL # nor does this one's; /*
) COMMENT = 'it''s; -- not # a /* comment */';

INSERT INTO snippets (id, language, body) VALUES
  (1, 'sql', 'SELECT ''a;b''; -- $$ */'),
  (2, 'sql', 'SELECT \'it\\\'s\'; /* open'),
  (3, 'sql', '/*!40101 SET NAMES utf8 */; /*+ NO_MERGE() */ /*M!100100 SELECT 1 */; /*!*/'),
  (4, 'c', 'printf("%d\\n", i); /* it\'s */'),
  (5, 'text', 'one '
    'string; in two lines'),
  (6, 'text', 'a backslash at the end: C:\\'),
  (7, 'text', '100\% of user\_names, and a \q that is no escape'),
  (8, 'text', '\\\'; DROP TABLE snippets; -- '),
  (9, 'rowgate', 'DO 0 /*!*/; SET sql_mode = @rg_open; DO \'\\\' /*\'; COMMIT;'),
  (10, 'text', '🧵 🪡 👩‍🔧; ½ 鉄'),
  (11, 'shell', 'Lines that are commands anywhere else:
DELIMITER $$
source nothing.sql
\\. nothing.sql
-- no comment
# and none here
END$$
'),
  (12, 'text', 'short'), (13, 'bytes', X'2F2A3B27'), (14, 'bytes', _utf8mb4 0x2D2D20C3A4);

-- Names that hold a semicolon, quotes and comments; a minus that must not meet the next one; and two that may.
CREATE VIEW `snippets; -- "all" /*` AS
SELECT id, language AS `language /* what */`, body LIKE '%;%' AS `has ;`, 10 - -id AS `ten--id`, 10--id AS `a``b's`
FROM snippets;

-- A version comment is code, whole or in the middle; in the last statement each server reads its own.
/*!40101 UPDATE snippets SET body = CONCAT(body, '; done') WHERE id = 12 */;
UPDATE snippets /*! SET */ body = /*!50000 CONCAT(body, '!') */ WHERE id = 12 /* AND false; */;
CREATE INDEX snippets_language_ix ON snippets (language) /*!80000 INVISIBLE */ /*M!100600 IGNORED */;

-- Double quotes hold a string, or a name: the setting says which.
SET @mode = @@sql_mode, sql_mode = 'TRADITIONAL';
INSERT INTO snippets (id, language, body) VALUES
  (20, "sql", "SELECT ""a;b""; -- it's 'open' \"; /*"),
  (21, "text", '"; ' "'; " '\';'), (22, "text", "`;`");

SET sql_mode = 'TRADITIONAL,ANSI_QUOTES';
UPDATE "snippets" SET "body" = CONCAT("body", '; "') WHERE "snippets"."id" = 22;
SET sql_mode = @mode;

DELIMITER $$

CREATE FUNCTION snippet_test(wanted integer) RETURNS text
  READS SQL DATA
BEGIN
  DECLARE found text; -- it's a comment; with DELIMITER ; in it
  DECLARE `end` integer DEFAULT IF(wanted > 12, 12, wanted); # "END" is a name here; and IF is a function

  /* another; with "quotes' of all `kinds, and half a delimiter: $ */
  SELECT CONCAT(REPEAT('$', 1), body, ';', CASE WHEN id > 2 THEN '*/' ELSE '\\' END) INTO found FROM snippets WHERE id = `end`;
  CASE
    WHEN found IS NULL THEN BEGIN END;
    WHEN wanted > 12 THEN
      REPEAT
        SET wanted = wanted - 1, found = CONCAT(found, '.');
      UNTIL wanted <= 12 END REPEAT;
    ELSE SET found = REPLACE(found, '"', '\"');
  END CASE;
  RETURN found;
END $$

DELIMITER ;
