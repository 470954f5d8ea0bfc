-- A materialized view, with the unique index that REFRESH ... CONCURRENTLY needs.
CREATE MATERIALIZED VIEW best_sellers AS
SELECT p.sku, p.name, sum(l.quantity)::integer AS sold, sum(l.line_total) AS revenue
FROM products AS p
JOIN order_lines AS l USING (sku)
JOIN orders AS o ON o.id = l.order_id
WHERE o.state NOT IN ('cancelled', 'returned')
GROUP BY p.sku, p.name
WITH NO DATA;

CREATE UNIQUE INDEX best_sellers_sku_ux ON best_sellers (sku);
