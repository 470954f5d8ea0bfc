-- The shipping fee as it was in 2024. The next file needs it exactly as it stands here; 0025 replaces it.
CREATE FUNCTION shipping_fee(weight_g integer) RETURNS numeric
  LANGUAGE sql IMMUTABLE STRICT
AS $$
  SELECT CASE
    WHEN weight_g <= 500 THEN 2.90
    WHEN weight_g <= 2000 THEN 4.90
    ELSE 4.90 + ceil((weight_g - 2000) / 1000.0) * 1.50
  END;
$$;
