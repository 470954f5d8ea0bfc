-- The states of an order: an enum that grows in 0018.
ALTER TABLE orders ADD COLUMN state enum('open', 'paid', 'shipped', 'cancelled') NOT NULL DEFAULT 'open';

UPDATE orders SET state = CASE
  WHEN id = 6 THEN 'cancelled'
  WHEN id <= 9 THEN 'shipped'
  WHEN id <= 11 THEN 'paid'
  ELSE 'open'
END;
