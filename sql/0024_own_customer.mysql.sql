-- Who may see what: a view shows a customer's own row to the session that says so, and accepts no change that
-- would hide it. No user and no role is created: the sample runs for anybody who owns a database.
CREATE FUNCTION current_customer() RETURNS integer
  NO SQL
RETURN @shop_customer_id;

CREATE SQL SECURITY INVOKER VIEW own_customer AS
SELECT id, name, email, country_code FROM customers WHERE id = current_customer()
WITH CASCADED CHECK OPTION;
