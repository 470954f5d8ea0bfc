-- Payments, partitioned by day of payment. The partitions come from a template, in the next file.
CREATE TABLE payment_methods (
  code text PRIMARY KEY,
  label text NOT NULL,
  is_active boolean NOT NULL DEFAULT true
);

CREATE TABLE payments (
  id integer NOT NULL,
  order_id integer NOT NULL REFERENCES orders (id),
  method text NOT NULL REFERENCES payment_methods (code),
  paid_on date NOT NULL,
  booked_at timestamp with time zone NOT NULL,
  amount amount,
  reference text,
  PRIMARY KEY (id, paid_on)
) PARTITION BY RANGE (paid_on);

CREATE INDEX payments_order_id_ix ON payments (order_id);
