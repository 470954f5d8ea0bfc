-- Warehouses, and how many pieces of each product lie in them.
CREATE TABLE warehouses (
  id integer NOT NULL,
  city varchar(60) NOT NULL,
  CONSTRAINT warehouses_pk PRIMARY KEY (id)
);

CREATE TABLE stock (
  warehouse_id integer NOT NULL,
  sku varchar(12) NOT NULL,
  quantity integer NOT NULL,
  CONSTRAINT stock_pk PRIMARY KEY (warehouse_id, sku),
  CONSTRAINT stock_warehouse_fk FOREIGN KEY (warehouse_id) REFERENCES warehouses (id),
  CONSTRAINT stock_product_fk FOREIGN KEY (sku) REFERENCES products (sku),
  CONSTRAINT stock_quantity_ck CHECK (quantity >= 0)
);

INSERT INTO warehouses (id, city) VALUES (1, 'Kraków'), (2, 'Málaga');
