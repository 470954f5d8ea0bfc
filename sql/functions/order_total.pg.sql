-- The total of an order, in two overloads with a standard SQL body: between BEGIN ATOMIC and END
-- each semicolon is part of the one statement. Needs PostgreSQL 14.
CREATE OR REPLACE FUNCTION order_total(order_id integer) RETURNS numeric
  LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT CASE WHEN o.state = 'cancelled' THEN 0 ELSE o.shipping + coalesce(sum(l.line_total), 0) END
  FROM orders AS o
  LEFT JOIN order_lines AS l ON l.order_id = o.id
  WHERE o.id = order_total.order_id
  GROUP BY o.id;
END;

CREATE OR REPLACE FUNCTION order_total(order_id integer, discount_percent numeric) RETURNS numeric
  LANGUAGE sql STABLE
  RETURN round(order_total(order_id) * (1 - discount_percent / 100), 2);
