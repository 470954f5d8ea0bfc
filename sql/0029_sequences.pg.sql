-- Set the counters behind the rows that came with their own keys, as pg_dump does: a SELECT that changes something.
SELECT pg_catalog.setval(pg_get_serial_sequence('customers', 'id'), 100, true);
SELECT pg_catalog.setval(pg_get_serial_sequence('orders', 'id'), (SELECT greatest(max(id), 1000) FROM orders), true);
