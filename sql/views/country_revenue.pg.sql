-- rowgate: requires views/customer_revenue
-- A view on a view on a view, and a recursive one beside it.
CREATE OR REPLACE VIEW country_revenue AS
SELECT k.code, k.name AS "Größter Markt; país", sum(r.revenue) AS revenue, format_money(sum(r.revenue)) AS shown
FROM countries AS k
JOIN customer_revenue AS r ON r.country_code = k.code
GROUP BY k.code;

CREATE OR REPLACE RECURSIVE VIEW category_paths (id, path) AS
SELECT id, name::text FROM categories WHERE parent_id IS NULL
UNION ALL
SELECT c.id, p.path || ' › ' || c.name FROM categories AS c JOIN category_paths AS p ON p.id = c.parent_id;
