-- CALL place_order(1, '[{"sku": "COF-01", "quantity": 2}]', @new_order);
DROP PROCEDURE IF EXISTS place_order;

DELIMITER $$

CREATE PROCEDURE place_order(IN buyer integer, IN basket json, OUT new_order integer)
  MODIFIES SQL DATA
  COMMENT 'An order from a basket; its number comes back'
here: BEGIN
  DECLARE fee decimal(10, 2);

  SELECT shipping_fee_to(SUM(p.weight_g * b.quantity), MAX(c.country_code)) INTO fee
  FROM customers AS c
  CROSS JOIN JSON_TABLE(basket, '$[*]' COLUMNS (sku varchar(12) PATH '$.sku', quantity integer PATH '$.quantity')) AS b
  JOIN products AS p ON p.sku = b.sku COLLATE utf8mb4_unicode_ci
  WHERE c.id = buyer;

  IF fee IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'The basket is empty; put something in, then try again', MYSQL_ERRNO = 1644;
  END IF;

  INSERT INTO orders (customer_id, ordered_at, shipping) VALUES (buyer, UTC_TIMESTAMP(), fee);
  SET new_order = LAST_INSERT_ID();

  INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price)
  SELECT new_order, ROW_NUMBER() OVER (ORDER BY p.sku), p.sku, b.quantity, p.price_gross
  FROM JSON_TABLE(basket, '$[*]' COLUMNS (sku varchar(12) PATH '$.sku', quantity integer PATH '$.quantity')) AS b
  JOIN products AS p ON p.sku = b.sku COLLATE utf8mb4_unicode_ci;
END here $$

DELIMITER ;
