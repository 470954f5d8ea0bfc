-- A procedure with several statements in a standard SQL body, and a CASE whose END does not end it.
CREATE OR REPLACE PROCEDURE restock(warehouse integer, at_least integer)
  LANGUAGE sql
BEGIN ATOMIC
  UPDATE stock
  SET quantity = CASE WHEN quantity < at_least THEN at_least ELSE quantity END
  WHERE warehouse_id = warehouse;
  INSERT INTO wish_log (entry) VALUES ('restocked; warehouse ' || warehouse);
END;
