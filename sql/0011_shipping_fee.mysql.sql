-- The shipping fee as it was in 2024. The next file needs it exactly as it stands here; 0025 and 0031 replace it.
-- A body of one statement has no ";" inside, so no client needs a DELIMITER for it.
CREATE FUNCTION shipping_fee(weight_g integer) RETURNS decimal(10, 2)
  DETERMINISTIC NO SQL
RETURN CASE
  WHEN weight_g <= 500 THEN 2.90
  WHEN weight_g <= 2000 THEN 4.90
  ELSE 4.90 + CEILING((weight_g - 2000) / 1000) * 1.50
END;
