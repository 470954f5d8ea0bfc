-- The lowest of three views that stand on one another.
CREATE OR REPLACE VIEW order_totals AS
SELECT o.id AS order_id, o.customer_id, o.state, CAST(o.ordered_at AS date) AS ordered_on, order_total(o.id) AS total
FROM orders AS o;
