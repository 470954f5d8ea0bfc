-- Promotions never overlap: an exclusion constraint on a range. The rows are COPY data with other marks:
-- a bar between values, a word for NULL, a line break written as a backslash at the end of the line.
CREATE TABLE promotions (
  id integer PRIMARY KEY,
  title text NOT NULL,
  subtitle text,
  during daterange NOT NULL,
  discount_percent smallint NOT NULL CHECK (discount_percent BETWEEN 1 AND 90),
  tags text[] NOT NULL DEFAULT '{}',
  CONSTRAINT promotions_during_ex EXCLUDE USING gist (during WITH &&)
);

COPY promotions (id, title, subtitle, during, discount_percent, tags)
FROM stdin WITH (DELIMITER '|', NULL '(none)');
1|Sale; "all must go"|(none)|[2024-06-01,2024-07-01)|20|{summer,"très chaud"}
2|Black Friday|Two lines:\
it's -- the second /* line|[2024-11-29,2024-12-02)|30|{}
3|Frühling|\(none)|[2025-03-01,2025-04-01)|15|{spring,a\|b}
\.
