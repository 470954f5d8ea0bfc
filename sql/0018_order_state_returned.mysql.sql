-- The enum grows. In the middle a new value moves the numbers of those behind it, so the table is written anew;
-- at the end it would be a matter of a moment.
ALTER TABLE orders
  MODIFY COLUMN state enum('open', 'paid', 'shipped', 'returned', 'cancelled') NOT NULL DEFAULT 'open';
