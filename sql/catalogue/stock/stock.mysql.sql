-- Two levels below main.mysql.sql, and one more include: its path begins where the client was started.
source catalogue/stock/warehouses.sql

INSERT INTO stock (warehouse_id, sku, quantity)
SELECT w.id, p.sku, 40 - 10 * w.id + p.weight_g % 7
FROM warehouses AS w
CROSS JOIN products AS p
ORDER BY w.id, p.sku;
