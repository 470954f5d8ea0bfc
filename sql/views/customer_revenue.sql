-- rowgate: requires views/order_totals
-- A view on a view. By name alone it would come first; the directive says what it needs.
CREATE OR REPLACE VIEW customer_revenue AS
SELECT c.id AS customer_id, c.name, c.country_code, count(t.order_id) AS orders, coalesce(sum(t.total), 0) AS revenue
FROM customers AS c
LEFT JOIN order_totals AS t ON t.customer_id = c.id AND t.state <> 'returned'
GROUP BY c.id;
