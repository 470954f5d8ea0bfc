-- The states of an order: an enum that grows in 0018.
CREATE TYPE order_state AS ENUM ('open', 'paid', 'shipped', 'cancelled');

ALTER TABLE orders ADD COLUMN state order_state NOT NULL DEFAULT 'open';

UPDATE orders SET state = CASE
  WHEN id = 6 THEN 'cancelled'
  WHEN id <= 9 THEN 'shipped'
  WHEN id <= 11 THEN 'paid'
  ELSE 'open'
END::order_state;
