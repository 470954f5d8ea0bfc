-- Once per statement, with all its new rows: an order takes its goods out of the first warehouse.
CREATE OR REPLACE TRIGGER order_lines_stock
  AFTER INSERT ON order_lines
  REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION take_from_stock();
