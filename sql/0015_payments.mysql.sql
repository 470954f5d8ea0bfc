-- Payments, partitioned by day of payment. The other partitions come from a template, in the next file.
-- A partitioned table cannot have foreign keys, in either direction.
CREATE TABLE payment_methods (
  code varchar(20) NOT NULL,
  label varchar(80) NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (code)
);

CREATE TABLE payments (
  id integer NOT NULL,
  order_id integer NOT NULL,
  method varchar(20) NOT NULL,
  paid_on date NOT NULL,
  booked_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  amount decimal(12, 2) NOT NULL DEFAULT 0,
  reference varchar(200),
  PRIMARY KEY (id, paid_on),
  CONSTRAINT payments_amount_ck CHECK (amount >= 0),
  INDEX payments_order_id_ix (order_id)
)
PARTITION BY RANGE COLUMNS (paid_on) (
  PARTITION before_the_shop VALUES LESS THAN ('2024-01-01')
);
