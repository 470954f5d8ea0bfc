-- rowgate: requires views/customer_revenue
-- A view on a view on a view, and a recursive one beside it.
CREATE OR REPLACE VIEW country_revenue AS
SELECT k.code, k.name AS `Größter Markt; país`, SUM(r.revenue) AS revenue, format_money(SUM(r.revenue), 'EUR') AS shown
FROM countries AS k
JOIN customer_revenue AS r ON r.country_code = k.code
GROUP BY k.code, k.name;

CREATE OR REPLACE VIEW category_paths (id, path) AS
WITH RECURSIVE paths (id, path) AS (
  SELECT id, CAST(name AS char(400)) FROM categories WHERE parent_id IS NULL
  UNION ALL
  SELECT c.id, CONCAT(p.path, ' › ', c.name) FROM categories AS c JOIN paths AS p ON p.id = c.parent_id
)
SELECT id, path FROM paths;
