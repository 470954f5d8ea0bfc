-- Written on Windows: a byte order mark at the start, CR LF at the end of each line.
-- The clients take the CR away, also inside of the body.
DELIMITER //

CREATE FUNCTION delivery_note(wanted_order integer) RETURNS text
  READS SQL DATA
BEGIN
  DECLARE note text;

  SELECT GROUP_CONCAT(l.quantity, ' × ', p.name ORDER BY l.line_no SEPARATOR '; ') INTO note
  FROM order_lines AS l
  JOIN products AS p ON p.sku = l.sku
  WHERE l.order_id = wanted_order;
  RETURN note;
END//

DELIMITER ;
