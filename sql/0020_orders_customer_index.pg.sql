-- An index that is built while the shop goes on selling. This cannot run in a transaction, nor in a function;
-- Rowgate sees that by itself, runs the file on its own, and notices an index that was left INVALID.
CREATE INDEX CONCURRENTLY orders_customer_id_ix ON orders (customer_id, ordered_at DESC);
