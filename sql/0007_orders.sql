-- Orders and their lines, in plain SQL. What only PostgreSQL has is added by later files.
CREATE TABLE orders (
  id integer NOT NULL,
  customer_id integer NOT NULL,
  ordered_at timestamp NOT NULL,
  note varchar(200),
  CONSTRAINT orders_pk PRIMARY KEY (id),
  CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
);

CREATE TABLE order_lines (
  order_id integer NOT NULL,
  line_no smallint NOT NULL,
  sku varchar(12) NOT NULL,
  quantity integer NOT NULL,
  unit_price numeric(10, 2) NOT NULL,
  line_total numeric(12, 2) GENERATED ALWAYS AS (quantity * unit_price) STORED,
  CONSTRAINT order_lines_pk PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_lines_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT order_lines_product_fk FOREIGN KEY (sku) REFERENCES products (sku),
  CONSTRAINT order_lines_quantity_ck CHECK (quantity > 0)
);
