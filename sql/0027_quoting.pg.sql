-- Everything that makes a splitter stumble, in statements that a person could have written.
-- This comment is no statement; it isn't closed by a quote ' nor by $$ nor by */ nor by a ; at its end;
/* A block comment with -- a line comment, $$ a dollar, 'a quote; and /* a nested one; */ still a comment; */
CREATE TABLE snippets (
  id integer PRIMARY KEY,
  language text NOT NULL, -- the comment's quote and its $$ close nothing; */
  body text NOT NULL
);

INSERT INTO snippets (id, language, body) VALUES
  (1, 'sql', 'SELECT ''a;b''; -- $$ */'),
  (2, 'sql', $$SELECT 'it''s'; /* open */ $1$$),
  (3, 'shell', $sh$echo "$$; $HOME; $body$ <%= name %> :var :'var' \q"$sh$),
  (4, 'c', E'printf("%d\\n", i); /* it\'s */'),
  (5, 'text', 'one '
    'string; in two lines'),
  (6, 'sql', $größe$ a tag with ö and ß; $gross$ $größe$),
  (7, 'text', 'a backslash at the end is no escape: C:\'),
  (8, 'sql', $a$ $rg$ $rowgate$ $rg1$ COMMIT; $a$);

-- Names that hold a semicolon, quotes and comments; and a minus that must not meet the next one.
CREATE VIEW "snippets; -- ""all""" AS
SELECT id, language AS "language /* what */", body LIKE '%;%' AS "has ;", 10 - -id AS "ten--id" FROM snippets;

CREATE FUNCTION snippet_test(id integer) RETURNS text
  LANGUAGE plpgsql STABLE
AS $fn$
DECLARE
  found text;
  parts text[] := ARRAY['a', 'b', 'c'];
BEGIN
  -- a DO inside of a string inside of a body: three levels of dollars
  EXECUTE $outer$ SELECT body || $inner$;$$;$inner$ FROM snippets WHERE snippets.id = $1 $outer$ INTO found USING id;
  RETURN found || array_to_string(parts[2:id], ';');
END;
$fn$;
