-- Full text search: a generated column of a type that other databases do not have, and its index.
ALTER TABLE products
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', coalesce(description, '')), 'B')
  ) STORED,
  ADD COLUMN revision integer NOT NULL DEFAULT 1;

CREATE INDEX products_search_ix ON products USING gin (search);
