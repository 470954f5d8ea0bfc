-- Two triggers for one event, in an order that is said. They are dropped first: safe to run again by hand, too.
DROP TRIGGER IF EXISTS products_tidy;
DROP TRIGGER IF EXISTS products_revision;

CREATE TRIGGER products_revision BEFORE UPDATE ON products FOR EACH ROW
SET NEW.revision = OLD.revision + 1;

CREATE TRIGGER products_tidy BEFORE UPDATE ON products FOR EACH ROW FOLLOWS products_revision
BEGIN
  SET NEW.name = TRIM(NEW.name);
  IF NEW.description = '' THEN
    SET NEW.description = NULL;
  END IF;
END;
