-- Written on Windows: a byte order mark at the start, CR LF at the end of each line.
-- The line ends inside the body are part of the function, as psql would send them.
CREATE FUNCTION delivery_note(order_id integer) RETURNS text
  LANGUAGE sql STABLE
AS $$
  SELECT string_agg(l.quantity || ' × ' || p.name, '; ' ORDER BY l.line_no)
  FROM order_lines AS l
  JOIN products AS p USING (sku)
  WHERE l.order_id = delivery_note.order_id;
$$;
