/** SQL files that splitters of MySQL's SQL stumble over. */
import type { MysqlKind } from "../helpers/mysql-programs.ts";

export interface Sample {
  readonly name: string;
  readonly text: string;
  /** Where the other client is known to differ, and Rowgate follows this one. */
  readonly only?: MysqlKind;
}

/** Files that `source` and `\.` of the samples read. */
export const INCLUDED: Readonly<Record<string, string>> = {
  "part one.sql": "select 'one';\nsource nested.sql\nselect 'without a semicolon'",
  "nested.sql": "\uFEFFselect 'nested'; -- and a comment\n",
  "delimiter.sql": "delimiter $$\nselect 'a;b'; select 'c' $$\n",
};

export const SAMPLES: readonly Sample[] = [
  { name: "plain", text: "select 1;\n\n\nselect\n\n  2\n  \n;\nselect 3" },
  { name: "two on a line", text: "select 1; select 2; ;;\n  ; select 3;" },
  {
    name: "comments that hold quotes",
    text: "-- don't `\nselect 1; # it's \"\nselect /* it's ; */ 2 -- ';\n; # end\n",
  },
  { name: "leading comments", text: "-- a\n\n/* b\n\n */ -- c\n\nselect 1;\n/* d */\n\nselect 2;" },
  { name: "comments do not nest", text: "select /* a /* b */ 1; select 2;" },
  { name: "comments that touch operators", text: "select 1+/* ; */2, 3*4/* ; */;select 5/2;" },
  { name: "a comment of stars", text: "/****;****/ select 1; /*/ ; */ select 2; /**/select 3;" },
  { name: "dashes without a blank", text: "select 1--1; select 5 --2, 3;\nselect 4---5;" },
  { name: "dashes at the end of a line", text: "select 1 --\n, 2; select 3 --" },
  { name: "dashes before a tab", text: "select 1 --\t;\n, 2;" },
  { name: "dashes at the start", text: "--no blank ;\nselect 1;\n--\nselect 2;", only: "mariadb" },
  { name: "hash inside words", text: "select a#b;\n; select 2;" },
  { name: "backslashes in strings", text: "select 'it\\'s;', \"a\\\";\", 'b\\\\'; select 'c';" },
  { name: "a backslash before a line end", text: "select 'a\\\n;b'; select 2;" },
  { name: "doubled quotes", text: "select 'a''b;', \"c\"\"d;\", `e``f;`; select '''';" },
  { name: "quotes in other quotes", text: "select '\"`;', \"'`;\", `'\";`; select 2;" },
  { name: "a backslash in backquotes", text: "select `a\\`; select `b\\``;`;" },
  { name: "strings over lines", text: "select 'a;\n\n  b\n;\n', '\n\n'\n\n;\nselect 2;" },
  {
    name: "prefixed strings",
    text: "select N'a;', _utf8mb4'b;', x'00', b'1', _latin1\";\"; select 2;",
  },
  { name: "NULL in old letters", text: "select \\N, 'a\\N;'; select \\N;" },
  { name: "an empty string at the end", text: "select '';select \"\";select ``;" },
  { name: "CR LF", text: "select 1;\r\n\r\nselect\r\n2; -- c\r\nselect 'a\r\n;b';\r\n" },
  { name: "a lone CR", text: "select 1;\rselect 2; -- ;\rselect 3\n; select 4;" },
  { name: "a byte order mark", text: "\uFEFFselect 1;\nselect '\uFEFF';" },
  { name: "non-ASCII words", text: "select é, 😀, naïve$b from ａ;select '😀;';" },
  {
    name: "a delimiter of two",
    text: "delimiter //\nselect 1; select 2 //\nselect 3//select 4 / 2//",
  },
  { name: "delimiters by case", text: "DELIMITER $$\nselect 1$$\nDelimiter ;\nselect 2;" },
  { name: "an indented delimiter", text: "select 1;\n \t delimiter //\nselect 2; //" },
  {
    name: "a delimiter in quotes",
    text: "delimiter '//'\nselect 1; //\ndelimiter \"a b\"\nselect 2a bselect 3;",
  },
  { name: "words behind a delimiter", text: "delimiter // -- a comment\nselect 1; // select 2;" },
  {
    name: "a delimiter with a semicolon",
    text: "delimiter ;;\nselect 1; select 2;;\ndelimiter ;\nselect 3;",
  },
  { name: "a delimiter inside a word", text: "delimiter $$\nselect a$$select b$c$$" },
  { name: "a delimiter of letters", text: "delimiter go\nselect 1 go select category, 2 go" },
  {
    name: "a delimiter in quotes and comments",
    text: "delimiter //\nselect '//', /* // */ `//` -- //\n, 2 //\nselect 3 //",
  },
  {
    name: "a delimiter that begins a comment",
    text: "delimiter #\nselect 1; # select 2 #\ndelimiter --\nselect 3;-- select 4 --",
  },
  { name: "a delimiter of one slash", text: "delimiter /\nselect 1;\n/\nselect 2/\n" },
  { name: "a delimiter behind a comment", text: "/* a */\ndelimiter //\nselect 1; //\n" },
  {
    name: "the word delimiter elsewhere",
    text: "select delimiter\ndelimiter from t;\nselect 'delimiter //\n'; select 1;",
  },
  {
    name: "delimiter in a string at a line start",
    text: "select '\ndelimiter //\n', 1; select 2;",
  },
  {
    name: "delimiter in a comment at a line start",
    text: "select /*\ndelimiter //\n*/ 1; select 2;",
  },
  { name: "a short delimiter command", text: "\\d //\nselect 1; select 2//\n\\d ;\nselect 3;" },
  {
    name: "version comments",
    text: "/*!40101 SET NAMES utf8 */;\n/*! select 1 */; select /*!50000 2 */;",
  },
  {
    name: "strings in version comments",
    text: "/*!40101 select '*/', \"a;b\", `c;` */;\nselect 2;",
  },
  {
    name: "a version comment over lines",
    text: "/*!50003 create view v\nas select 1\n, ';' */;\nselect 2;",
  },
  {
    name: "a comment in a version comment",
    text: "/*!50003 select 1\n/* inner */\n, 2 */;\nselect 3;",
  },
  { name: "comments for MariaDB", text: "/*M!100100 select 1 */; select 2 /*M! , 3 */;" },
  { name: "hints", text: "select /*+ NO_INDEX(a) ; ' */ 1; select 2;" },
  {
    name: "a trigger of a dump",
    text: "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `t` BEFORE INSERT ON `a` FOR EACH ROW BEGIN\n  SET NEW.b = ';'; -- it's\nEND */;;\nDELIMITER ;\nselect 1;",
  },
  {
    name: "a routine under DELIMITER",
    text: "delimiter $$\ncreate procedure p()\nbegin\n  select 1; if 1 then select 2; end if;\nend $$\ndelimiter ;\ncall p();\n",
  },
  {
    name: "a routine of one statement",
    text: "create procedure p() select 1; create function f() returns int return case when 1 then 2 end; select 3;",
  },
  { name: "labels and blocks of nothing", text: "create procedure p() begin end; select 1;" },
  { name: "go", text: "select 1 \\g select 2\\g\nselect 3 \\G\n\\g select 4;" },
  { name: "commands on lines", text: "select 1;\nnowarning\n  WARNINGS\nprompt a> \nselect 2;" },
  { name: "commands with a delimiter", text: "select 1; nowarning; warnings; select 2;" },
  { name: "names of commands elsewhere", text: "select\nnowarning\n, 2; select 1 as\nexit\n;" },
  { name: "names that begin like commands", text: "select 1; exits; uses x; go_on;" },
  { name: "words behind a command without arguments", text: "nowarning please;\nselect 1;" },
  {
    name: "includes",
    text: "select 0;\nsource part one.sql\nselect 9;\n\\. nested.sql\nselect 10;",
  },
  { name: "an include with a delimiter", text: "source nested.sql;\nselect 1;" },
  { name: "a delimiter that an include sets", text: "source delimiter.sql\nselect 3; select 4 $$" },
  { name: "quitting", text: "select 1;\nexit\nselect 2;" },
  { name: "quitting by a letter", text: "select 1; \\q\nselect 2;" },
  { name: "an open quote", text: "select 1; select 'a\n\n; select 2;\n" },
  { name: "an open comment", text: "select 1 /* ; /* \n\nselect 2;" },
  { name: "an open identifier", text: "select `a;\n" },
  { name: "only comments", text: "-- a\n\n-- b" },
  { name: "comments at the end", text: "select 1\n-- a\n\n/* b */\n" },
  { name: "nothing", text: "" },
  {
    name: "no backslash escapes",
    text: "set sql_mode = 'NO_BACKSLASH_ESCAPES';\nselect 'a\\'; select 'b\\\\', \"c\\\"; select 2;\nset sql_mode = '';\nselect 'd\\';';",
  },
  {
    name: "ANSI quotes",
    text: "set sql_mode = 'ANSI_QUOTES';\nselect \"a\\\"; select 'b\\'; c';",
    only: "mariadb",
  },
];

/**
 * Files without DELIMITER around their bodies, which clients cut at each `;`. What they send, put
 * together again, is what Rowgate takes for one statement; here each file has two.
 */
export const BODIES: readonly Sample[] = [
  {
    name: "blocks in blocks",
    text: "create procedure p() begin begin select 1; end; select 2; end; select 3;",
  },
  {
    name: "every construct",
    text: "CREATE DEFINER=`a`@`b` PROCEDURE IF NOT EXISTS s.p(IN a DECIMAL(10,2), OUT b INT)\n  COMMENT 'begin; it''s' SQL SECURITY INVOKER\nouter_one: BEGIN\n  DECLARE x INT DEFAULT CASE WHEN a THEN 1 ELSE 2 END;\n  DECLARE c CURSOR FOR SELECT end FROM t FOR UPDATE;\n  DECLARE EXIT HANDLER FOR 1062, NOT FOUND, SQLSTATE VALUE '23000' IF a THEN SELECT 1; END IF;\n  DECLARE CONTINUE HANDLER FOR SQLWARNING BEGIN END;\n  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET @a = IF(a, 1, 2);\n  IF a = 1 THEN SELECT 1; ELSEIF IF(a, 2, 3) THEN BEGIN END; ELSE SELECT 2; END IF;\n  CASE a WHEN 1 THEN SELECT 1; WHEN 2 THEN CASE WHEN b THEN SELECT 3; END CASE; ELSE SELECT CASE b WHEN 1 THEN 2 END; END CASE;\n  w: WHILE a < CASE WHEN end > 1 THEN end ELSE 3 END DO SET a = a + 1; DO IF(1, 2, 3); ITERATE w; END WHILE w;\n  l: LOOP LEAVE l; END LOOP;\n  REPEAT SET b = REPEAT('x', 2); UNTIL a = b END REPEAT;\n  DROP TABLE IF EXISTS t; CREATE TABLE IF NOT EXISTS t (a INT, end INT, `begin` INT);\n  INSERT INTO t SELECT t.end, REPLACE(a, 'if', 'case') FROM t ON DUPLICATE KEY UPDATE a = VALUES(a);\nEND outer_one;\nSELECT 1;",
  },
  {
    name: "a function with a body of an IF",
    text: "create function f(a int) returns varchar(20) character set utf8mb4 deterministic if a then return 1; else return 2; end if; select 1;",
  },
  {
    name: "a trigger",
    text: "create or replace trigger t after update on a for each row follows s begin if new.a <> old.a then insert into b values (new.a); end if; end; select 1;",
  },
  {
    name: "an event",
    text: "create event if not exists e on schedule every 1 day starts current_timestamp + interval case when 1 then 2 end hour on completion preserve do begin delete from a; delete from b; end; select 1;",
  },
  {
    name: "a changed event",
    text: "alter definer = root@localhost event e do begin select 1; end; select 1;",
  },
  {
    name: "version comments around",
    text: "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END */; select 1;",
  },
  { name: "a block outside", text: "begin not atomic declare a int; set a = 1; end; select 1;" },
  {
    name: "a loop over rows",
    text: "create procedure p() begin for r in (select a from t) do select r.a; end for; for i in 1..3 do select i; end for; end; select 1;",
  },
];
