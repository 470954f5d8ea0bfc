-- A compound statement without DELIMITER, and a CASE whose END does not end it.
CREATE PROCEDURE restock(IN warehouse integer, IN at_least integer)
  MODIFIES SQL DATA
BEGIN
  UPDATE stock
  SET quantity = CASE WHEN quantity < at_least THEN at_least ELSE quantity END
  WHERE warehouse_id = warehouse;

  INSERT INTO audit_entries (table_name, operation, new_row)
  VALUES ('stock', 'UPDATE', JSON_OBJECT('at_least', at_least, 'warehouse', warehouse));
END;
