-- A trigger that is dropped first, as one has to before PostgreSQL 14: safe to run again all the same.
DROP TRIGGER IF EXISTS products_revision ON products;

CREATE TRIGGER products_revision
  BEFORE UPDATE ON products
  FOR EACH ROW
  WHEN (pg_trigger_depth() < 2)
  EXECUTE FUNCTION bump_revision();
