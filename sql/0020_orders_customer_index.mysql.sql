-- An index that is built while the shop goes on selling: the server refuses if it had to lock the table for it.
CREATE INDEX orders_customer_id_ix ON orders (customer_id, ordered_at DESC) ALGORITHM = INPLACE LOCK = NONE;
