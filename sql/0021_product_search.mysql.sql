-- Full text search: an index of a kind of its own.
ALTER TABLE products
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD FULLTEXT INDEX products_search_ix (name, description);
