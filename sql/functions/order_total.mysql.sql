-- The total of an order. Two compound statements without any DELIMITER: their grammar says where they end.
CREATE FUNCTION order_total(wanted_order integer) RETURNS decimal(12, 2)
  READS SQL DATA
BEGIN
  DECLARE total decimal(12, 2) DEFAULT 0;
  DECLARE state_now varchar(20);

  SELECT o.state INTO state_now FROM orders AS o WHERE o.id = wanted_order;

  CASE state_now
    WHEN 'cancelled' THEN
      SET total = 0;
    ELSE
      BEGIN
        SELECT o.shipping + COALESCE(SUM(l.line_total), 0) INTO total
        FROM orders AS o
        LEFT JOIN order_lines AS l ON l.order_id = o.id
        WHERE o.id = wanted_order
        GROUP BY o.id, o.shipping;
      END;
  END CASE;

  RETURN total;
END;

CREATE FUNCTION discounted_total(wanted_order integer, discount_percent decimal(4, 2)) RETURNS decimal(12, 2)
  READS SQL DATA
BEGIN
  RETURN ROUND(order_total(wanted_order) * (1 - discount_percent / 100), 2);
END;
