-- An audit trail: one trigger function for any table, with a table's own dollar tag around its body.
-- No time stamps here, so that every run of this sample gives the same rows.
CREATE TABLE audit_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text NOT NULL,
  operation text NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
  old_row jsonb,
  new_row jsonb,
  CONSTRAINT audit_entries_row_ck CHECK (num_nonnulls(old_row, new_row) > 0)
);

CREATE FUNCTION write_audit_entry() RETURNS trigger
  LANGUAGE plpgsql
AS $audit$
BEGIN
  /* A body may hold anything: ';', an unclosed quote in a comment (it's fine), $$ and even $body$. */
  EXECUTE format(
    $$INSERT INTO audit_entries (table_name, operation, old_row, new_row) VALUES (%L, %L, $1, $2)$$,
    TG_TABLE_NAME, TG_OP
  ) USING
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
    CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  RETURN NULL;
END;
$audit$;

CREATE TRIGGER products_audit
  AFTER INSERT OR UPDATE OF price_net OR DELETE ON products
  FOR EACH ROW EXECUTE FUNCTION write_audit_entry();

CREATE TRIGGER orders_audit
  AFTER UPDATE ON orders
  FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION write_audit_entry();
