-- New prices for 2025, changed by a loop, and each change is audited by the trigger of 0013.
DO $$
DECLARE
  product record;
BEGIN
  FOR product IN SELECT sku, price_net FROM products WHERE category_id IN (2, 3) ORDER BY sku LOOP
    CONTINUE WHEN product.price_net < 10;
    UPDATE products SET price_net = round(product.price_net * 1.05, 1) WHERE sku = product.sku;
  END LOOP;
END
$$;
