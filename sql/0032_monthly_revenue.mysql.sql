-- Common table expressions, one of them recursive, and window functions: each country in each month, also the empty ones.
CREATE TABLE monthly_revenue (
  first_day date NOT NULL,
  country_code char(2) NOT NULL,
  revenue decimal(12, 2) NOT NULL,
  revenue_so_far decimal(12, 2) NOT NULL,
  place integer NOT NULL,
  PRIMARY KEY (first_day, country_code)
);

-- The comment after INSERT is a hint for MySQL's optimizer.
INSERT /*+ SET_VAR(sort_buffer_size = 262144) */ INTO monthly_revenue
WITH RECURSIVE months (first_day) AS (
  SELECT DATE '2024-01-01'
  UNION ALL
  SELECT first_day + INTERVAL 1 MONTH FROM months WHERE first_day < DATE '2025-03-01'
),
sold (first_day, country_code, revenue) AS (
  SELECT DATE(o.ordered_at) - INTERVAL DAYOFMONTH(o.ordered_at) - 1 DAY, c.country_code, SUM(l.line_total)
  FROM orders AS o
  JOIN customers AS c ON c.id = o.customer_id
  JOIN order_lines AS l ON l.order_id = o.id
  WHERE o.state <> 'cancelled'
  GROUP BY 1, 2
)
SELECT
  m.first_day,
  k.code,
  COALESCE(s.revenue, 0),
  SUM(COALESCE(s.revenue, 0)) OVER (PARTITION BY k.code ORDER BY m.first_day),
  RANK() OVER (PARTITION BY m.first_day ORDER BY COALESCE(s.revenue, 0) DESC, k.code)
FROM months AS m
CROSS JOIN countries AS k
LEFT JOIN sold AS s ON s.first_day = m.first_day AND s.country_code = k.code;
