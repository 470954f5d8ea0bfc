-- An audit trail, written by triggers. Those with a compound body stand between DELIMITER lines, as the clients need it.
-- No time stamps here, so that every run of this sample gives the same rows.
CREATE TABLE audit_entries (
  id bigint NOT NULL AUTO_INCREMENT,
  table_name varchar(64) NOT NULL,
  operation varchar(6) NOT NULL,
  old_row json,
  new_row json,
  PRIMARY KEY (id),
  CONSTRAINT audit_entries_operation_ck CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
  CONSTRAINT audit_entries_row_ck CHECK (old_row IS NOT NULL OR new_row IS NOT NULL)
);

CREATE TRIGGER products_audit_insert AFTER INSERT ON products FOR EACH ROW
INSERT INTO audit_entries (table_name, operation, new_row)
VALUES ('products', 'INSERT', JSON_OBJECT('sku', NEW.sku, 'price_net', NEW.price_net));

DELIMITER $$

CREATE TRIGGER products_audit_update AFTER UPDATE ON products FOR EACH ROW
BEGIN
  -- A body may hold anything: ';', an unclosed quote in a comment (it's fine), # and even DELIMITER ;
  IF NOT (OLD.price_net <=> NEW.price_net) THEN
    INSERT INTO audit_entries (table_name, operation, old_row, new_row)
    VALUES (
      'products', 'UPDATE',
      JSON_OBJECT('sku', OLD.sku, 'price_net', OLD.price_net),
      JSON_OBJECT('sku', NEW.sku, 'price_net', NEW.price_net)
    );
  END IF;
END$$

CREATE TRIGGER products_audit_delete AFTER DELETE ON products FOR EACH ROW
BEGIN
  /* The last trace of a product; "gone" is not 'never there'. */
  INSERT INTO audit_entries (table_name, operation, old_row)
  VALUES ('products', 'DELETE', JSON_OBJECT('sku', OLD.sku, 'price_net', OLD.price_net));
END $$

CREATE TRIGGER orders_audit AFTER UPDATE ON orders FOR EACH ROW
IF NOT (OLD.state <=> NEW.state) THEN
  INSERT INTO audit_entries (table_name, operation, old_row, new_row)
  VALUES ('orders', 'UPDATE', JSON_OBJECT('id', OLD.id, 'state', OLD.state), JSON_OBJECT('id', NEW.id, 'state', NEW.state));
END IF
$$

DELIMITER ;
