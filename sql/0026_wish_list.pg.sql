-- A view that can be written to by rules; one of them holds two statements in parentheses.
CREATE TABLE wishes (
  customer_id integer NOT NULL REFERENCES customers (id),
  sku varchar(12) NOT NULL REFERENCES products (sku),
  wish_count integer NOT NULL DEFAULT 1,
  PRIMARY KEY (customer_id, sku)
);

CREATE TABLE wish_log (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry text NOT NULL
);

CREATE VIEW wish_list AS
SELECT w.customer_id, w.sku, p.name AS product
FROM wishes AS w
JOIN products AS p USING (sku);

CREATE RULE wish_list_insert AS ON INSERT TO wish_list DO INSTEAD (
  INSERT INTO wishes (customer_id, sku) VALUES (new.customer_id, new.sku)
    ON CONFLICT (customer_id, sku) DO UPDATE SET wish_count = wishes.wish_count + 1;
  INSERT INTO wish_log (entry) VALUES (new.customer_id || ' wishes ' || new.sku || ';');
);

CREATE RULE wish_list_delete AS ON DELETE TO wish_list DO INSTEAD NOTHING;

INSERT INTO wish_list (customer_id, sku) VALUES (1, 'TEA-01');
INSERT INTO wish_list (customer_id, sku) VALUES (7, 'PEN-03');
INSERT INTO wish_list (customer_id, sku) VALUES (1, 'TEA-01');
