-- A trigger function that sees all rows of a statement at once (a transition table).
CREATE OR REPLACE FUNCTION take_from_stock() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE stock AS s
  SET quantity = s.quantity - n.quantity
  FROM (SELECT sku, sum(quantity)::integer AS quantity FROM new_lines GROUP BY sku) AS n
  WHERE s.sku = n.sku AND s.warehouse_id = 1;
  RETURN NULL;
END;
$$;
