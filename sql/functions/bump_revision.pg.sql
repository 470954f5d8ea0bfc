-- Counts the changes of a row; used by triggers/products_revision.
CREATE OR REPLACE FUNCTION bump_revision() RETURNS trigger
  LANGUAGE plpgsql
  SET lock_timeout = '5s'
AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END;
$$;
