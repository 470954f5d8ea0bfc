-- New prices for 2025, changed by a loop, and each change is audited by the triggers of 0013.
-- A loop needs a procedure here: one that is created, called and dropped again.
DROP PROCEDURE IF EXISTS raise_prices;

DELIMITER //

CREATE PROCEDURE raise_prices(IN factor decimal(4, 2))
  MODIFIES SQL DATA
BEGIN
  DECLARE is_done boolean DEFAULT false;
  DECLARE product varchar(12);
  DECLARE price decimal(10, 2);
  DECLARE products_by_sku CURSOR FOR
    SELECT sku, price_net FROM products WHERE category_id IN (2, 3) ORDER BY sku;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET is_done = true;

  OPEN products_by_sku;
  each_product: LOOP
    FETCH products_by_sku INTO product, price;
    IF is_done THEN
      LEAVE each_product;
    END IF;
    IF price < 10 THEN
      ITERATE each_product;
    END IF;
    UPDATE products SET price_net = ROUND(price * factor, 1) WHERE sku = product;
  END LOOP each_product;
  CLOSE products_by_sku;
END
//

DELIMITER ;

CALL raise_prices(1.05);

DROP PROCEDURE raise_prices;
