-- Rows that may be there already, and a view on two tables that can be written to.
CREATE TABLE wishes (
  customer_id integer NOT NULL,
  sku varchar(12) NOT NULL,
  wish_count integer NOT NULL DEFAULT 1,
  PRIMARY KEY (customer_id, sku),
  CONSTRAINT wishes_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
  CONSTRAINT wishes_product_fk FOREIGN KEY (sku) REFERENCES products (sku)
);

CREATE VIEW wish_list AS
SELECT w.customer_id, w.sku, w.wish_count, p.name AS product
FROM wishes AS w
JOIN products AS p ON p.sku = w.sku;

INSERT INTO wishes (customer_id, sku) VALUES (1, 'TEA-01') ON DUPLICATE KEY UPDATE wish_count = wish_count + 1;
INSERT INTO wishes (customer_id, sku) VALUES (7, 'PEN-03') ON DUPLICATE KEY UPDATE wish_count = wish_count + 1;
INSERT INTO wishes (customer_id, sku) VALUES (1, 'TEA-01') ON DUPLICATE KEY UPDATE wish_count = wish_count + 1;
INSERT INTO wish_list (customer_id, sku, wish_count) VALUES (3, 'KNI-01', 1);
INSERT IGNORE INTO wishes (customer_id, sku) VALUES (4, 'COF-01'), (4, 'COF-02');
REPLACE INTO wishes (customer_id, sku, wish_count) VALUES (3, 'KNI-01', 5), (3, 'KNI-02', 1);
