-- A stored procedure with an INOUT parameter: CALL place_order(1, '{"COF-01": 2}', NULL);
CREATE OR REPLACE PROCEDURE place_order(customer_id integer, basket jsonb, INOUT order_id integer DEFAULT NULL)
  LANGUAGE plpgsql
AS $procedure$
<<here>>
DECLARE
  fee numeric;
BEGIN
  SELECT shipping_fee(sum(p.weight_g * b.quantity::integer)::integer, c.country_code)
  INTO STRICT fee
  FROM customers AS c, jsonb_each_text(basket) AS b (sku, quantity)
  JOIN products AS p USING (sku)
  WHERE c.id = place_order.customer_id
  GROUP BY c.country_code;

  INSERT INTO orders (customer_id, ordered_at, shipping)
  VALUES (place_order.customer_id, localtimestamp, here.fee)
  RETURNING id INTO order_id;

  INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price)
  SELECT place_order.order_id, row_number() OVER (ORDER BY p.sku), p.sku, b.quantity::integer, p.price_gross
  FROM jsonb_each_text(basket) AS b (sku, quantity)
  JOIN products AS p USING (sku);
EXCEPTION
  WHEN no_data_found THEN
    RAISE EXCEPTION 'customer % has an empty basket', customer_id USING HINT = 'Put something in; then try again.';
END;
$procedure$;
