-- The new tariff. The same function as in 0011, after the migration that needed the old one.
-- MySQL cannot replace a function, so it is dropped first.
DROP FUNCTION shipping_fee;

CREATE FUNCTION shipping_fee(weight_g integer) RETURNS decimal(10, 2)
  DETERMINISTIC NO SQL
RETURN 3.50 + CEILING(weight_g / 1000) * 1.80;

CREATE FUNCTION shipping_fee_to(weight_g integer, country char(2)) RETURNS decimal(10, 2)
  DETERMINISTIC CONTAINS SQL
RETURN shipping_fee(weight_g) + IF(country IN ('JP', 'CI', 'IS'), 12.00, 0.00);
