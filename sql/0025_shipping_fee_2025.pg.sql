-- The new tariff. The same function as in 0011, after the migration that needed the old one.
CREATE OR REPLACE FUNCTION shipping_fee(weight_g integer) RETURNS numeric
  LANGUAGE sql IMMUTABLE STRICT
AS $tariff$
  SELECT 3.50 + ceil(weight_g / 1000.0) * 1.80;
$tariff$;

-- An overload: the same name, other parameters.
CREATE FUNCTION shipping_fee(weight_g integer, country char(2)) RETURNS numeric
  LANGUAGE sql STABLE
AS $tariff$
  SELECT shipping_fee(weight_g) + CASE WHEN country IN ('JP', 'CI', 'IS') THEN 12.00 ELSE 0.00 END;
$tariff$;
