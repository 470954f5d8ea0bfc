-- Events. None of them runs soon: the first is switched off, the second waits for the last day of 2037.
DROP EVENT IF EXISTS forget_wishes;
DROP EVENT IF EXISTS close_the_books;

DELIMITER |

CREATE EVENT forget_wishes
  ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00'
  ON COMPLETION PRESERVE
  DISABLE
  COMMENT 'Wishes for what is sold out; off'
DO
BEGIN
  DELETE w
  FROM wishes AS w
  JOIN stock AS s ON s.sku = w.sku
  WHERE s.quantity = 0;

  CALL refresh_best_sellers();
END|

DELIMITER ;

CREATE EVENT close_the_books
  ON SCHEDULE AT '2037-12-31 23:59:59'
DO UPDATE payment_methods SET is_active = false;
