-- The first use of the new value: in a row, in a default, in a generated column that an index needs.
CREATE TABLE returns (
  id integer NOT NULL,
  order_id integer NOT NULL,
  new_state enum('open', 'paid', 'shipped', 'returned', 'cancelled') NOT NULL DEFAULT 'returned',
  reason text NOT NULL,
  returned_on date NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT returns_order_uk UNIQUE (order_id),
  CONSTRAINT returns_order_fk FOREIGN KEY (order_id) REFERENCES orders (id)
);

INSERT INTO returns (id, order_id, reason, returned_on) VALUES
  (1, 5, 'Blade was loose;\n\tcustomer isn\'t happy', '2024-03-20'),
  (2, 8, CONCAT('Too small ', _utf8mb4 X'E28094', ' ', _utf8mb4 0xC2BD, ' the size ', CONVERT(0xF09FA494 USING utf8mb4)), '2024-11-12');

UPDATE orders AS o
JOIN returns AS r ON r.order_id = o.id
SET o.state = r.new_state;

ALTER TABLE orders
  ADD COLUMN is_returned boolean GENERATED ALWAYS AS (state = 'returned') VIRTUAL,
  ADD INDEX orders_returned_ix (is_returned, ordered_at);
