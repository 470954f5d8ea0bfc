-- There are no materialized views, so a table is made by a query, and filled again by procedures/refresh_best_sellers.
CREATE TABLE best_sellers (
  PRIMARY KEY (sku)
) AS
SELECT p.sku, p.name, CAST(SUM(l.quantity) AS signed) AS sold, SUM(l.line_total) AS revenue
FROM products AS p
JOIN order_lines AS l ON l.sku = p.sku
GROUP BY p.sku, p.name;
