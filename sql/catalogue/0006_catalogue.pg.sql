-- The first catalogue: a file that only puts parts together. Each name is relative to this file,
-- and a part may include parts of its own.
\ir categories.sql
\ir products.pg.sql
\ir stock/stock.pg.sql
