/** SQL files that splitters stumble over. */

export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** Files that `\i` and `\ir` of the samples read. */
export const INCLUDED: Readonly<Record<string, string>> = {
  "part one.sql": "select 'one';\n\\ir nested.sql\nselect 'without a semicolon'",
  "nested.sql": "\uFEFFselect 'nested'; -- and a comment\n",
};

export const SAMPLES: readonly Sample[] = [
  { name: "plain", text: "select 1;\n\n\nselect\n\n  2\n  \n;\nselect 3" },
  { name: "two on a line", text: "select 1; select 2; ;;\n  ; select 3;" },
  {
    name: "comments that hold quotes",
    text: "-- don't $$ /* \nselect 1; /* it's */ select /* ; */ 2 -- ';\n; -- end\n",
  },
  { name: "leading comments", text: "-- a\n\n/* b\n\n */ -- c\n\nselect 1;\n/* d */\n\nselect 2;" },
  {
    name: "nested comments",
    text: "/* a /* b */ ; ' */ select 1; /* /* */ **/ ; */ select 2;/**/;",
  },
  {
    name: "comments that touch operators",
    text: "select 1+/* ; */2, 3*-- ;\n4, 1//* ;*/2;select 5;",
  },
  {
    name: "a comment of stars",
    text: "/****;****/ select 1; /*/ ; */ select 2; /*/**/;*/ select 3;",
  },
  { name: "a comment that a carriage return ends", text: "-- a ; \rselect 1; -- ' \r\nselect 2;" },
  {
    name: "escape strings",
    text: "select E'it\\'s;', e'\\\\'; select E'a''b;\\''; select 'a\\'; select 2;",
  },
  { name: "an escape string that goes on", text: "select E'a'\n'b\\';\nselect 1;\n" },
  {
    name: "an escape string that goes on in the line",
    text: "select E'a' \r 'b\\'c;' ; select 1;",
  },
  {
    name: "a backslash at the end of the line",
    text: "select E'a\\\n';\nselect E'b\\\r\n';\nselect 2;",
  },
  {
    name: "other strings",
    text: "select B'1;', x'F;', N'n''\\', U&'\\0061;\\' , U&\"a;\\\" ; select 2;",
  },
  { name: "quoted identifiers", text: 'select 1 as "a;""b\'", "c\n\nd;" ; select 2;' },
  { name: "strings over lines", text: "select 'a;\n\n  b\n;\n', '\n\n'\n\n;\nselect 2;" },
  {
    name: "dollar quotes",
    text: "select $$a;'$$, $a$ $$ ; $b$ $a$, $ä_1$ ;\n\n; $ä_1$; select $x$$y$x$;",
  },
  {
    name: "dollar signs that quote nothing",
    text: "select a$b$c; select $1; select 1 + $2; select $a; select 2;",
  },
  { name: "a dollar quote behind a number", text: "select $1$$;$$; select 1$$;$$; select 2;" },
  {
    name: "parentheses",
    text: "create rule r as on insert to t do (select 1; select 2);\nselect (')'\n\n;\n);",
  },
  { name: "closing parentheses too many", text: "select 1); select (2;);" },
  {
    name: "a routine with its own body",
    text: "create function f() returns int begin atomic select case when 1 = 1 then 2 end; select 3; end;\nselect 4;",
  },
  {
    name: "a replaced procedure with nested blocks",
    text: "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC\n  SELECT 1;\n\n  SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END;\nEND;\nselect 5;",
  },
  {
    name: "names like keywords",
    text: 'create table t (begin_at int, "end" int); create function "begin"() returns int as $$ begin ; end $$ language sql; select 1;',
  },
  {
    name: "words that only look like a body",
    text: "begin; select case when true then 1 end; end; select 2;",
  },
  {
    name: "default values in a routine's head",
    text: "create function f(a int default (case when true then 1 end)) returns int begin atomic; select a; end; select 1;",
  },
  {
    name: "a quoted body",
    text: "create function g() returns text as 'begin; end' language sql; select 1;",
  },
  { name: "joined statements", text: "select 1\\; select 2\\;\nselect ';';\nselect 3 \\; ;\n" },
  {
    name: "joined statements that begin a routine",
    text: "select 1 \\; create function f() returns int begin atomic; select 1; end; select 2;",
  },
  { name: "escaped colons", text: "select a[1\\:n], 'x\\:y', 1\\:\\:int;" },
  { name: "CRLF", text: "select 1;\r\n\r\nselect\r\n2; -- c\r\nselect $$\r\n\r\n$$;\r\n" },
  { name: "a byte order mark", text: "\uFEFFselect 1;\nselect '\uFEFF';" },
  { name: "non-ASCII words", text: "select é, 😀, ａ$b$c from naïve;select '😀;';" },
  { name: "numbers", text: "select 1..2, 1.5e10, .5, 0x1F, 1_000, 1e+5, 12.; select 3;" },
  { name: "operators", text: "select a->>'b;', @-1, 2 <> 3, a ?| b, `x;`; select 1;" },
  { name: "casts and slices", text: "select a::int, b[1:2], c[:2], d[:], e := 1;" },
  {
    name: "COPY data",
    text: "copy t (a, b) from stdin;\n1\tit's\n2\t$$ ; \\\\.\n\\N\t/*\n\\.\nselect 1;\n",
  },
  {
    name: "COPY data with CRLF",
    text: "COPY t FROM STDIN WITH (FORMAT csv);\r\n1,2\r\n\r\n\\.\r\nselect 1;\r\n",
  },
  { name: "COPY data up to the end", text: "copy t from stdin; -- the data\n1\n2" },
  {
    name: "COPY without data",
    text: "copy t from stdin;\n\\.\ncopy t to stdout; copy t from '/x'; select 1;",
  },
  {
    name: "COPY of a query that names stdin",
    text: "copy (select a from stdin) to stdout; select 'copy t from stdin;'; select 1;",
  },
  {
    name: "two COPYs in one message",
    text: "copy a from stdin \\; copy b from stdin;\n1\n\\.\n2\n\\.\nselect 1;",
  },
  { name: "COPY through the client", text: "\\copy t from stdin\n1;\n\\.\nselect 1;" },
  { name: "COPY from the grammar's other word", text: "copy t from stdout;\n1\n\\.\nselect 1;" },
  {
    name: "commands",
    text: "\\set a 1\nselect 1; \\pset null x\n  \\echo it''s ; \nselect 2 \\g\n\\timing off \\\\ select 3;\nselect 4;",
  },
  {
    name: "commands on one line",
    text: "\\set a 1 \\set b '2 3' \\\\ select :a, :'b';\nselect :a;",
  },
  {
    name: "a command inside a statement",
    text: "select 1 +\n\\echo hello\n2;\nselect (\n\\set x 3\n:x);\n",
  },
  { name: "a command behind a comment", text: "/* a */\n\\echo b\nselect 1;" },
  {
    name: "variables",
    text: "\\set n 5\n\\set s 'it''s'\n\\set b 'a\\\\\\\\b'\nselect :n, :'s', :\"s\", :'b', ':n', \":n\", $$:n$$, arr[2:n], x::n /* :n */ -- :n\n, :{?n}, :{?zz}, :zz, :'zz', E':n';",
  },
  { name: "variables in variables", text: "\\set a ':b + 1'\n\\set b ':a'\nselect :a;" },
  { name: "variables that were removed", text: "\\set a 1\n\\unset a\nselect :a;" },
  { name: "includes", text: "select 0;\n\\i 'part one.sql'\nselect 9;\n\\ir nested.sql\n" },
  { name: "quitting", text: "select 1;\n\\q\nselect 2;" },
  { name: "an open quote", text: "select 1; select 'a\n\n; select 2;\n" },
  { name: "an open dollar quote", text: "select $a$ ; $$\n" },
  { name: "an open comment", text: "select 1 /* ; /* */\n\nselect 2;" },
  { name: "an open identifier", text: 'select "a;\n' },
  { name: "an open parenthesis", text: "select (1;\n\nselect 2;\n\n" },
  { name: "only comments", text: "-- a\n\n-- b" },
  { name: "only block comments", text: "/* a */\n-- b\n\n/* c */\n" },
  { name: "comments at the end", text: "select 1\n-- a\n\n/* b */\n" },
  { name: "nothing", text: "" },
];
