-- Who may see what: a customer's row is visible to the session that says so, and to the owner of the table.
-- No role is created: the sample runs for anybody who owns a database.
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;

CREATE POLICY customers_own_row ON customers
  FOR SELECT TO PUBLIC
  USING (id = nullif(current_setting('shop.customer_id', true), '')::integer);

CREATE POLICY customers_change_own_row ON customers
  FOR UPDATE TO PUBLIC
  USING (id = nullif(current_setting('shop.customer_id', true), '')::integer)
  WITH CHECK (country_code <> '??');

GRANT SELECT ON countries, categories, products, promotions TO PUBLIC;
GRANT SELECT, UPDATE (name, email) ON customers TO PUBLIC;
REVOKE EXECUTE ON FUNCTION write_audit_entry() FROM PUBLIC;
