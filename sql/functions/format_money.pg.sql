-- Overloads that call each other. On change: edit this file, and it is applied again.
CREATE OR REPLACE FUNCTION format_money(value numeric, currency text) RETURNS text
  LANGUAGE sql IMMUTABLE
AS $$
  SELECT CASE currency
    WHEN 'EUR' THEN '€'
    WHEN 'JPY' THEN '¥'
    ELSE currency || ' '
  END || round(value, CASE currency WHEN 'JPY' THEN 0 ELSE 2 END)::text;
$$;

CREATE OR REPLACE FUNCTION format_money(value numeric) RETURNS text
  LANGUAGE sql IMMUTABLE
AS $$ SELECT format_money(value, 'EUR'); $$;
