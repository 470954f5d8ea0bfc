-- An order takes its goods out of the first warehouse.
CREATE TRIGGER order_lines_stock AFTER INSERT ON order_lines FOR EACH ROW
BEGIN
  UPDATE stock SET quantity = quantity - NEW.quantity WHERE warehouse_id = 1 AND sku = NEW.sku;
END;
