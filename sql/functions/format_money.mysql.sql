-- On change: edit this file, and it is applied again. Rowgate replaces the function; there is no need to drop it here.
CREATE FUNCTION format_money(amount decimal(12, 2), currency char(3)) RETURNS varchar(20)
  DETERMINISTIC NO SQL
RETURN CONCAT(
  CASE currency WHEN 'EUR' THEN '€' WHEN 'JPY' THEN '¥' ELSE CONCAT(currency, ' ') END,
  IF(currency = 'JPY', CAST(ROUND(amount) AS char), CAST(amount AS char))
);
